/**
 * `npm run labelling [-- --seeds N]`: whether labels that the lab proposes help more than as many random ones. For each
 * task and seed a run adapts without labels; runs that continue from its last checkpoint then get 0, 10 or 20 labels of
 * target images, proposed by that checkpoint or drawn at random. The labels are the dataset's own, which no run uses
 * otherwise. Differences of accuracy are measured on the same held-out images, averaged over the seeds, with the 95 %
 * interval of the paired bootstrap. Results are written to docs/labelling.json.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'fs'
import { cpus, tmpdir } from 'os'
import { join } from 'path'
import { parseArgs } from 'util'
import { applySettings, type SettingChange } from '../../src/contract/check'
import type { Experiment } from '../../src/contract/experiment'
import type { Lab } from '../../src/contract/lab'
import { isEnding } from '../../src/contract/record'
import { loadDomain } from '../../src/data/domain'
import { stream } from '../../src/data/random'
import { createLab } from '../../src/lab/create-lab'
import { type Paired, pooledBootstrap } from '../../src/statistics/paired'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '3' },
    out: { type: 'string', default: 'docs/labelling.json' },
    dev: { type: 'boolean', default: false },
  },
})
const seeds = Array.from({ length: Number(values.seeds) }, (_, seed) => seed)
const checkout = join(__dirname, '..', '..')
const counts = values.dev ? [10] : [10, 20]
/** Rounds of a run that continues. */
const more = 3

interface Task {
  readonly name: string
  readonly settings: readonly SettingChange[]
}

const digits = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9']
const places = (classes: readonly string[]) => classes.map((_, index) => index)

function task(name: string, source: object, target: object): Task {
  const changes = { source, target }
  const classes = (role: 'source' | 'target') =>
    (changes[role] as { classes?: readonly string[] }).classes ?? digits
  const settings = (['source', 'target'] as const).flatMap((role): SettingChange[] => [
    ...Object.entries({ partition: 'original', ...changes[role], classes: classes(role) }).map(
      ([key, value]): SettingChange => [`${role}.${key}`, value],
    ),
  ])
  return { name, settings: [...settings, ['pairing', places(classes('source'))]] }
}

/** Fixed before any of them was run; those of `development` chose the way of proposing. */
const tasks: readonly Task[] = values.dev
  ? [
      task('{2, 7} → {0, 6}', { classes: ['2', '7'], count: 1000 }, { classes: ['0', '6'], count: 1000 }),
      task(
        'MNIST → inverted, blurred',
        { count: 1000 },
        { count: 1000, shifts: [{ kind: 'inversion' }, { kind: 'blur', deviation: 2 }] },
      ),
      task(
        '{0 ... 4} → {5 ... 9}',
        { classes: digits.slice(0, 5), count: 1000 },
        { classes: digits.slice(5), count: 1000 },
      ),
    ]
  : [
      task('MNIST → USPS', { dataset: 'mnist', count: 1000 }, { dataset: 'usps', count: 1000 }),
      task('USPS → MNIST', { dataset: 'usps', count: 1000 }, { dataset: 'mnist', count: 1000 }),
      task('{3, 8} → {4, 6}', { classes: ['3', '8'], count: 1000 }, { classes: ['4', '6'], count: 1000 }),
    ]

async function ended(lab: Lab, begin: () => Promise<{ run: string }>): Promise<string> {
  const done = new Promise<void>((resolve) => {
    const leave = lab.subscribe((event) => {
      if (event.type !== 'recorded' || !isEnding(event.event)) return
      leave()
      resolve()
    })
  })
  const { run } = await begin()
  await done
  return run
}

async function lastCheckpoint(lab: Lab, run: string): Promise<string> {
  const all = await lab.call('checkpoints', { run })
  const last = all.reduce((one, other) => ((other.round ?? 0) > (one.round ?? 0) ? other : one))
  return last.path
}

async function rightOf(lab: Lab, run: string): Promise<boolean[]> {
  const { right } = await lab.call('evaluate', {
    checkpoint: await lastCheckpoint(lab, run),
    encoder: 'target',
  })
  return Array.from(Buffer.from(right, 'base64'), (hit) => hit === 1)
}

const share = (right: readonly boolean[]) => right.filter(Boolean).length / right.length

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'dalab-labelling-'))
  const lab = await createLab({
    workers: join(checkout, process.env['LABELLING_DIST'] ?? 'dist'),
    dataFolder: folder,
  })
  const methods = await lab.call('methods', {})
  const presets = await lab.call('presets', {})
  const firstLook = presets.find(({ id }) => id === 'first-look')?.experiment
  const ways = values.dev ? ['badge', 'clue', 'margin', 'random'] : ['proposed', 'random']
  const results: object[] = []
  for (const { name, settings } of tasks) {
    const right = new Map<string, boolean[][]>()
    const keep = (key: string, hits: boolean[]) => right.set(key, [...(right.get(key) ?? []), hits])
    for (const seed of seeds) {
      const given = applySettings(
        firstLook,
        [
          ...settings,
          ['sourceStage.epochs', 5],
          ['restarts', null],
          ['measuring.every', 100],
          ['seed', seed],
        ],
        methods,
      )
      const experiment = (await lab.call('check', { experiment: given })) as Experiment
      const base = await ended(lab, () => lab.call('start', { experiment }))
      keep('before', await rightOf(lab, base))
      const checkpoint = await lastCheckpoint(lab, base)
      const { target, model } = experiment
      const { indices, labels } = await loadDomain(target, model, { datasets: join(folder, 'datasets') })
      const classOf = new Map(
        Array.from(indices, (sample, at) => [
          sample,
          experiment.source.classes[experiment.pairing[labels[at] ?? -1] ?? -1] ?? '',
        ]),
      )
      const random = Array.from(
        stream(seed, 'random-labels').permutation(indices.length),
        (at) => indices[at] ?? -1,
      )
      const child = async (samples: readonly number[]) => {
        const given = samples.map((sample) => ({ sample, class: classOf.get(sample) ?? '' }))
        return ended(lab, () =>
          lab.call('resume', {
            run: base,
            rounds: experiment.adaptation.epochs + more,
            changes: { 'adaptation.labels': given },
          }),
        )
      }
      keep('0', await rightOf(lab, await child([])))
      for (const count of counts)
        for (const way of ways) {
          if (values.dev) writeFileSync('/tmp/way', way)
          const samples =
            way === 'random'
              ? random.slice(0, count)
              : (await lab.call('proposeLabels', { checkpoint, dataset: target.dataset, count })).samples
          const hits = await rightOf(lab, await child(samples))
          keep(`${String(count)} ${way}`, hits)
          const classes = new Set(samples.map((sample) => classOf.get(sample)))
          process.stdout.write(
            `${name}, seed ${String(seed)}, ${String(count)} ${way}: ${share(hits).toFixed(4)} (before ${share(right.get('before')?.[seed] ?? []).toFixed(4)}, without labels ${share(right.get('0')?.[seed] ?? []).toFixed(4)}; ${String(classes.size)} classes)\n`,
          )
        }
    }
    const accuracies = Object.fromEntries([...right].map(([key, hits]) => [key, hits.map(share)]))
    const differences = counts.flatMap((count) =>
      ways
        .filter((way) => way !== 'random')
        .map((way) => {
          const pairs = (right.get(`${String(count)} ${way}`) ?? []).map((second, at): Paired => {
            return { first: right.get(`${String(count)} random`)?.[at] ?? [], second }
          })
          return { count, way, ...pooledBootstrap(pairs) }
        }),
    )
    const images = right.get('before')?.[0]?.length ?? 0
    results.push({ task: name, images, accuracies, differences })
    for (const { count, way, difference, low, high } of differences)
      process.stdout.write(
        `${name}: ${String(count)} ${way} - random ${difference.toFixed(4)} (${low.toFixed(4)} to ${high.toFixed(4)})\n`,
      )
  }
  await lab.close()
  const machine = `${cpus()[0]?.model ?? ''}, ${String(cpus().length)} cores`
  writeFileSync(join(checkout, values.out), `${JSON.stringify({ machine, seeds, results }, null, 2)}\n`)
  rmSync(folder, { recursive: true, force: true })
}

void main().then(() => process.exit(0))
