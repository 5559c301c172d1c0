/**
 * `npm run photos -- --from FOLDER`: every method on photographs, with the settings of the preset `photos`. FOLDER holds a
 * folder for each domain (amazon, dslr, webcam), with a folder for each class. All target images are measured, after
 * the last round. Prints accuracies as mean and deviation over the seeds, the accuracy of a linear head on the same
 * features, and for each pair how far the round chosen by each score without labels is below the best round by labels.
 * `--methods mcc,dann --pairs amazon:webcam --seeds 3` choose what is run; `--data FOLDER` keeps datasets and features.
 */
import { mkdtempSync } from 'fs'
import { cpus, tmpdir } from 'os'
import { join, resolve } from 'path'
import { parseArgs } from 'util'
import { applySettings, type SettingChange } from '../../src/contract/check'
import { experimentDraftSchema, type Experiment } from '../../src/contract/experiment'
import type { RoundEvent } from '../../src/contract/record'
import { bestRoundBy, type Score, scoreOf, scores } from '../../src/contract/score'
import { loadDomains, type ExperimentSamples } from '../../src/data/experiment-samples'
import { importDataset } from '../../src/data/import-dataset'
import { listDatasets } from '../../src/data/open-dataset'
import { readPreset } from '../../src/data/presets'
import { settle } from '../../src/data/settle'
import { methods } from '../../src/methods/registry'
import { spreadOf } from '../../src/statistics/spread'
import { createTraining } from '../../src/training/training'
import type { FeatureReport } from '../../src/workers/backbone-features'
import { decodeImage } from '../../src/workers/decode-image'
import { encodedDomains } from '../../src/workers/encoded-domains'
import { loadTensorFlow } from '../../src/workers/native'
import { linearHeadAccuracy } from './photos/linear-head'

const { values } = parseArgs({
  options: {
    from: { type: 'string' },
    data: { type: 'string' },
    pairs: { type: 'string' },
    methods: { type: 'string' },
    seeds: { type: 'string', default: '3' },
    set: { type: 'string', multiple: true, default: [] },
  },
})
const domains = ['amazon', 'dslr', 'webcam']
const everyPair = domains.flatMap((source) =>
  domains.filter((target) => target !== source).map((target) => `${source}:${target}`),
)
const pairs = (values.pairs?.split(',') ?? everyPair).map((pair) => pair.split(':') as [string, string])
const seeds = Array.from({ length: Number(values.seeds) }, (_, seed) => seed)
const declarations = methods.map(({ declaration }) => declaration)

/** Those that run on vectors and adapt. */
const asked =
  values.methods?.split(',') ??
  declarations
    .filter(
      ({ role, needsViews, losses }) => role === 'adaptation' && needsViews !== true && losses.length > 0,
    )
    .map(({ id }) => id)

/** A discriminator learns at the rate of the other networks, as in the papers' own code for such features. */
function changesFor(method: string, source: string, target: string, seed: number): SettingChange[] {
  const parameters = declarations.find(({ id }) => id === method)?.parameters ?? {}
  return [
    ['source.dataset', source],
    ['source.classes', 'all'],
    ['target.dataset', target],
    ['target.classes', 'all'],
    ['pairing', 'names'],
    ['adaptation.method', method],
    ...('discriminatorLearningRate' in parameters
      ? ([['adaptation.parameters.discriminatorLearningRate', 0.03]] as SettingChange[])
      : []),
    ...(method === 'mcc'
      ? ([['adaptation.weightSchedules.confusionWeight', 'logistic']] as SettingChange[])
      : []),
    ...values.set.map((text): SettingChange => {
      const [name = '', value = ''] = text.split('=')
      return [name, value]
    }),
    ['seed', seed],
  ]
}

const silent: FeatureReport = {
  turn: () => Promise.resolve(),
  computed: ({ computed, cached, seconds }) => {
    process.stderr.write(`${String(computed)} features in ${seconds.toFixed(1)} s, ${String(cached)} kept\n`)
  },
}

interface Outcome {
  readonly rounds: readonly RoundEvent[]
  readonly engines: readonly string[]
  readonly seconds: number
}

async function run(experiment: Experiment, samples: ExperimentSamples): Promise<Outcome> {
  const began = Date.now()
  const training = createTraining(experiment, samples)
  const rounds: RoundEvent[] = []
  const engines: string[] = []
  for await (const event of training.run()) {
    if (event.type === 'round') rounds.push({ ...event.event, time: '' })
    if (event.type !== 'recorded') continue
    if (event.event.type === 'compiled' || event.event.type === 'eager') engines.push(event.event.type)
  }
  training.dispose()
  return { rounds, engines, seconds: (Date.now() - began) / 1000 }
}

const accuracyOf = ({ measures }: RoundEvent): number => measures.target?.accuracy ?? NaN
const percent = (share: number) => (100 * share).toFixed(1)

function spreadText(shares: readonly number[]): string {
  const spread = spreadOf(shares)
  if (spread === null) return ''
  return spread.deviation === null
    ? percent(spread.mean)
    : `${percent(spread.mean)} ± ${percent(spread.deviation)}`
}

/** How far the accuracy of the round that a score chooses is below that of the best round after round 0. */
function regretOf(rounds: readonly RoundEvent[], score: Score): number {
  const adapted = rounds.filter(({ round }) => round > 0)
  const chosen = bestRoundBy(
    score,
    adapted.map(({ round, measures }) => [round, scoreOf(measures, score)] as const),
  )
  const best = Math.max(...adapted.map(accuracyOf))
  const at = adapted.find(({ round }) => round === chosen)
  return at === undefined ? NaN : best - accuracyOf(at)
}

const mean = (numbers: readonly number[]) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length

async function main(): Promise<void> {
  const { from } = values
  const data = values.data ?? mkdtempSync(join(tmpdir(), 'dalab-photos-'))
  const datasets = join(data, 'datasets')
  await loadTensorFlow(2)
  for (const name of new Set(pairs.flat())) {
    if ((await listDatasets(datasets)).some(({ id }) => id === name)) continue
    if (from === undefined) throw new Error('--from FOLDER is missing')
    const by = { decode: decodeImage, reading: () => undefined, progress: () => undefined }
    await importDataset(resolve(from, name), name, datasets, by as never)
  }
  const summaries = await listDatasets(datasets)
  const { experiment: recipe } = await readPreset('photos')
  const after = new Map<string, Map<string, number[]>>()
  const before = new Map<string, number[]>()
  const heads = new Map<string, number>()
  const regrets = new Map<Score, Map<string, number[]>>(scores.map((score) => [score, new Map()]))
  for (const [source, target] of pairs) {
    const pair = `${source} → ${target}`
    let samples: ExperimentSamples | null = null
    for (const method of asked)
      for (const seed of seeds) {
        const changes = changesFor(method, source, target, seed)
        const draft = experimentDraftSchema.parse(applySettings(recipe, changes, declarations))
        const experiment = settle(draft, summaries)
        samples ??= await encodedDomains(
          await loadDomains(experiment, { datasets }),
          experiment.model,
          datasets,
          silent,
        )
        if (!heads.has(pair)) heads.set(pair, linearHeadAccuracy(samples, experiment.pairing))
        const { rounds, engines, seconds } = await run(experiment, samples)
        const [first] = rounds
        const last = rounds[rounds.length - 1]
        if (first === undefined || last === undefined) throw new Error('a run without rounds')
        const ofMethod = after.get(method) ?? new Map<string, number[]>()
        after.set(method, ofMethod.set(pair, [...(ofMethod.get(pair) ?? []), accuracyOf(last)]))
        if (method === asked[0]) before.set(pair, [...(before.get(pair) ?? []), accuracyOf(first)])
        if (method === 'mcc')
          for (const [score, byPair] of regrets)
            byPair.set(pair, [...(byPair.get(pair) ?? []), regretOf(rounds, score)])
        process.stderr.write(
          `${pair} ${method} seed ${String(seed)}: ${percent(accuracyOf(first))} ${percent(accuracyOf(last))}, ` +
            `${seconds.toFixed(1)} s, ${engines.join(' ')}\n`,
        )
      }
  }
  const names = pairs.map(([source, target]) => `${source} → ${target}`)
  const row = (title: string, of: (pair: string) => readonly number[]) => {
    const cells = names.map((pair) => spreadText(of(pair)))
    return `| ${[title, ...cells, percent(mean(names.map((pair) => mean(of(pair)))))].join(' | ')} |`
  }
  const lines = [
    `| | ${[...names, 'mean'].join(' | ')} |`,
    `|---${'|---'.repeat(names.length + 1)}|`,
    row('linear head on the features', (pair) => [heads.get(pair) ?? NaN]),
    row('bottleneck after the source stage', (pair) => before.get(pair) ?? []),
    ...asked.map((method) => row(method, (pair) => after.get(method)?.get(pair) ?? [])),
    '',
    'Points below the best round by labels, MCC, round chosen by:',
    ...[...regrets].map(
      ([score, byPair]) =>
        `| ${[score, ...names.map((pair) => percent(mean(byPair.get(pair) ?? []))), percent(mean(names.map((pair) => mean(byPair.get(pair) ?? []))))].join(' | ')} |`,
    ),
    '',
    `${cpus()[0]?.model ?? ''}, ${String(cpus().length)} cores; seeds ${seeds.join(', ')}.`,
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
}

void main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(error)
    process.exit(1)
  },
)
