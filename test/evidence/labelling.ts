/**
 * `npm run labelling [-- --task N]`: whether labels that the lab proposes help more than as many random ones. For each task
 * and seed a run adapts without labels. Its last checkpoint proposes images; runs that continue from the same checkpoint
 * then get 10 or 20 labels, of proposed images or of random ones. The labels are the dataset's own, which no run uses
 * otherwise. All are measured on the same held-out images. Prints a row for each task: accuracies, and differences of
 * proposed and random labels with the 95 % interval of the paired bootstrap over the images.
 */
import { mkdtempSync, rmSync } from 'fs'
import { cpus, tmpdir } from 'os'
import { join } from 'path'
import { parseArgs } from 'util'
import { writeCheckpoint } from '../../src/checkpoints/checkpoint'
import { toTorch } from '../../src/checkpoints/layout'
import { networksOf } from '../../src/checkpoints/shapes'
import { declaredNetworks } from '../../src/methods/networks'
import type { NamedTensor } from '../../src/checkpoints/safetensors'
import { applySettings, type SettingChange } from '../../src/contract/check'
import { recordSchema } from '../../src/contract/earlier'
import { experimentSchema, type Experiment } from '../../src/contract/experiment'
import type { DomainSamples } from '../../src/data/domain'
import { loadDomains, type ExperimentSamples } from '../../src/data/experiment-samples'
import { readPreset } from '../../src/data/presets'
import { stream } from '../../src/data/random'
import { methods } from '../../src/methods/registry'
import { disposeVariables } from '../../src/models/network'
import { type Paired, pooledBootstrap } from '../../src/statistics/paired'
import { evaluate } from '../../src/training/evaluate'
import { predictorOf } from '../../src/training/networks'
import { firstSamples } from '../../src/training/samples'
import { createTraining, snapshotAfter } from '../../src/training/training'
import { loadTensorFlow } from '../../src/workers/native'
import { proposeLabels } from '../../src/workers/propose-labels'

const { values } = parseArgs({ options: { task: { type: 'string' } } })
const seeds = [0, 1, 2]
const counts = [10, 20]
const ways = ['proposed', 'random'] as const
/** Images of each domain, and held-out images. */
const images = 600
const heldOut = 1000
/** Rounds without labels, and those that continue with them. */
const rounds = 5
const threads = 1

const digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']

interface Task {
  readonly name: string
  readonly source: { readonly dataset: string; readonly classes: readonly string[] }
  readonly target: { readonly dataset: string; readonly classes: readonly string[] }
}

/** Fixed before any of them was run. */
const tasks: readonly Task[] = [
  {
    name: 'MNIST → USPS',
    source: { dataset: 'mnist', classes: digits },
    target: { dataset: 'usps', classes: digits },
  },
  {
    name: 'USPS → MNIST',
    source: { dataset: 'usps', classes: digits },
    target: { dataset: 'mnist', classes: digits },
  },
  {
    name: '{3, 8} → {4, 6}',
    source: { dataset: 'mnist', classes: ['3', '8'] },
    target: { dataset: 'mnist', classes: ['4', '6'] },
  },
]

async function experimentOf({ source, target }: Task, seed: number): Promise<Experiment> {
  const ofDomain = (role: string, { dataset, classes }: Task['source']): SettingChange[] => [
    [`${role}.dataset`, dataset],
    [`${role}.classes`, classes],
    [`${role}.count`, images],
  ]
  const changes: SettingChange[] = [
    ...ofDomain('source', source),
    ...ofDomain('target', target),
    ['pairing', source.classes.map((_, index) => index)],
    ['sourceStage.epochs', 5],
    ['sourceStage.views', null],
    ['adaptation.method', 'dann'],
    ['adaptation.epochs', rounds],
    ['adaptation.learningRate', 0.01],
    ['adaptation.optimiser', { kind: 'sgd', momentum: 0.9 }],
    ['adaptation.schedule', 'constant'],
    ['restarts', null],
    ['seed', seed],
  ]
  const declarations = methods.map(({ declaration }) => declaration)
  const { experiment } = await readPreset('first-look')
  return experimentSchema.parse(applySettings(experiment, changes, declarations))
}

type Labels = Experiment['adaptation']['labels']

/** The networks after the rounds, from the beginning or continued from others. */
async function trained(
  experiment: Experiment,
  { source, target }: ExperimentSamples,
  before: readonly NamedTensor[] | null,
  labels: Labels,
): Promise<NamedTensor[]> {
  const epochs = before === null ? rounds : 2 * rounds
  const adaptation = { ...experiment.adaptation, labels, epochs }
  const training = createTraining({ ...experiment, adaptation }, { source, target, unseenTarget: null })
  const events = training.run(before === null ? undefined : snapshotAfter(rounds, before))
  while ((await events.next()).done !== true);
  const tensors = training.checkpoint().map((tensor) => ({ ...tensor, data: tensor.data.slice() }))
  training.dispose()
  return tensors
}

/** Which held-out images the networks classify correctly. */
function rightOf(
  tensors: readonly NamedTensor[],
  { model, source, pairing }: Experiment,
  held: DomainSamples,
) {
  const { encoder, classifier } = predictorOf(tensors, 'target', model, source.classes.length, 'networks')
  const { predictions } = evaluate(encoder, classifier, held, pairing)
  disposeVariables([...encoder.variables, ...classifier.variables])
  return Array.from(held.labels, (label, index) => predictions[index] === pairing[label])
}

/** The true classes of samples of the target, by index in the dataset. */
function labelling({ source, pairing }: Experiment, { indices, labels }: DomainSamples) {
  const nameOf = (at: number) => source.classes[pairing[labels[at] ?? -1] ?? -1] ?? ''
  const classes = new Map(Array.from(indices, (sample, at) => [sample, nameOf(at)]))
  return (samples: readonly number[]): Labels =>
    samples.map((sample) => ({ sample, class: classes.get(sample) ?? '' }))
}

const share = (right: readonly boolean[]) => right.filter(Boolean).length / right.length

async function measured(task: Task, folder: string): Promise<Map<string, boolean[][]>> {
  const right = new Map<string, boolean[][]>()
  for (const seed of seeds) {
    const began = Date.now()
    const experiment = await experimentOf(task, seed)
    const samples = await loadDomains(experiment, { datasets: folder })
    if (samples.unseenTarget === null) throw new Error('no held-out images')
    const first = firstSamples(samples.unseenTarget, heldOut)
    const held = { ...first, labels: first.labels.subarray(0, heldOut) }
    const keep = (key: string, tensors: readonly NamedTensor[]) => {
      const hits = rightOf(tensors, experiment, held)
      right.set(key, [...(right.get(key) ?? []), hits])
      process.stdout.write(`${task.name}, seed ${String(seed)}, ${key}: ${share(hits).toFixed(3)}\n`)
    }
    const base = await trained(experiment, samples, null, [])
    keep('before', base)
    process.stdout.write(`  ${String((Date.now() - began) / 1000)} s\n`)
    const checkpoint = join(folder, `${String(seed)}.dalab.safetensors`)
    const created = new Date().toISOString()
    const facts = {
      schema: recordSchema,
      run: 'x',
      round: rounds,
      machinery: null,
      measures: null,
      created,
    } as const
    await writeCheckpoint(
      checkpoint,
      { ...facts, experiment },
      toTorch(base, networksOf(experiment.model, experiment.source.classes.length, declaredNetworks)),
    )
    const labelsOf = labelling(experiment, samples.target)
    const drawn = stream(seed, 'random-labels').permutation(samples.target.count)
    const chosen = {
      random: (count: number) =>
        Promise.resolve(Array.from(drawn.subarray(0, count), (at) => samples.target.indices[at] ?? -1)),
      async proposed(count: number) {
        const { dataset } = task.target
        const order = {
          checkpoint,
          pixels: experiment.model.pixels,
          dataset,
          datasets: folder,
          count,
          threads,
        }
        return (await proposeLabels(order, () => undefined)).samples
      },
    }
    for (const count of counts)
      for (const way of ways) {
        const labels = labelsOf(await chosen[way](count))
        keep(`${String(count)} ${way}`, await trained(experiment, samples, base, labels))
      }
  }
  return right
}

function rowOf({ name }: Task, right: ReadonlyMap<string, boolean[][]>): string {
  const accuracies = (key: string) => (right.get(key) ?? []).map((hits) => share(hits).toFixed(3)).join(' ')
  const cells = counts.flatMap((count) => {
    const [proposed = [], random = []] = ways.map((way) => right.get(`${String(count)} ${way}`))
    const pairs = proposed.map((second, at): Paired => ({ first: random[at] ?? [], second }))
    const { difference, low, high } = pooledBootstrap(pairs)
    const interval = [difference, low, high].map((value) => value.toFixed(3))
    return [
      accuracies(`${String(count)} proposed`),
      accuracies(`${String(count)} random`),
      `${interval[0] ?? ''} (${interval[1] ?? ''} to ${interval[2] ?? ''})`,
    ]
  })
  return `| ${[name, accuracies('before'), ...cells].join(' | ')} |`
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'dalab-labelling-'))
  await loadTensorFlow(threads)
  const asked = values.task === undefined ? tasks : tasks.slice(Number(values.task), Number(values.task) + 1)
  const rows: string[] = []
  for (const task of asked) rows.push(rowOf(task, await measured(task, folder)))
  process.stdout.write(`${cpus()[0]?.model ?? ''}, ${String(cpus().length)} cores\n${rows.join('\n')}\n`)
  rmSync(folder, { recursive: true, force: true })
}

void main().then(() => process.exit(0))
