/**
 * `npm run own:images [-- --sides 32,64 --seeds 0,1,2 --methods mcc --keep FOLDER]`: colour images of three shapes,
 * 64 to 200 pixels a side (test/fixtures/shapes.ts), imported and trained by the command line in a new data folder.
 * Prints one line of JSON a run, then the table of docs/own-images.md.
 */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { parseArgs } from 'util'
import type { ExperimentInput } from '../../src/contract/experiment'
import { scenes, writeShapes } from '../fixtures/shapes'
import { askLab } from './bundled-lab'

const { values: asked } = parseArgs({
  options: {
    sides: { type: 'string', default: '32,64' },
    seeds: { type: 'string', default: '0,1,2' },
    methods: { type: 'string', default: 'mcc' },
    /** More settings, as `run --set` takes them. */
    set: { type: 'string', multiple: true, default: [] },
    /** The data folder stays there, for a look at the runs. */
    keep: { type: 'string' },
  },
})
const perClass = 300
const leastSource = 0.95
const folder = asked.keep ?? mkdtempSync(join(tmpdir(), 'own-images-'))

const lab = (...words: string[]): unknown => askLab(join(folder, 'data'), ...words)

const small = {
  sourceStage: { epochs: 40, learningRate: 0.001, views: {} },
  adaptation: { epochs: 5 },
} satisfies Partial<ExperimentInput>
const large = {
  sourceStage: { epochs: 60, learningRate: 0.0005 },
  adaptation: { epochs: 3 },
} satisfies Partial<ExperimentInput>

/**
 * Epochs, rate and views of the source stage were chosen on the source alone. At side 64 the rate of
 * 0.001 left the network of one seed at chance, and 25 epochs at 0.0005 were too few; docs/own-images.md has the figures.
 */
function recipeFor(side: number): ExperimentInput {
  const { sourceStage, adaptation } = side < 48 ? small : large
  return {
    name: 'Own images',
    source: { dataset: scenes[0], partition: 'pooled' },
    target: { dataset: scenes[1], partition: 'pooled' },
    model: { channels: 3, encoder: 'lenet', side },
    sourceStage: { ...sourceStage, batch: 32, optimiser: { kind: 'adam' }, schedule: 'cosine' },
    adaptation: { ...adaptation, batch: 64, learningRate: 0.0002, optimiser: { kind: 'adam' } },
    measuring: { every: adaptation.epochs },
    retention: { keep: 'best-and-last' },
  }
}
const config = join(folder, 'experiment.json')

interface Trained {
  readonly run: string
  readonly id: string
  readonly sourceAccuracyBefore: number
  readonly sourceAccuracy: number
  readonly targetAccuracyBefore: number
  readonly targetAccuracy: number
  readonly unseenTargetAccuracy: number
  readonly seconds: number
  readonly checkpoints: readonly string[]
}

const fixed = (value: number) => value.toFixed(4)

function rowOf(method: string, side: string, seed: string): string[] {
  writeFileSync(config, JSON.stringify(recipeFor(Number(side))))
  const settings = [`seed=${seed}`, `adaptation.method=${method}`, ...asked.set]
  const name = `${method}, side ${side}, seed ${seed}`
  const outcome = lab('run', '--config', config, '--name', name, '--set', ...settings) as Trained
  const last = outcome.checkpoints[outcome.checkpoints.length - 1] ?? ''
  const held = ['--dataset', scenes[0], '--partition', 'pooled', '--split', 'test', '--encoder', 'source']
  const unseen = lab('evaluate', last, ...held) as { readonly accuracy: number }
  const row = [
    method,
    side,
    seed,
    fixed(outcome.sourceAccuracyBefore),
    fixed(unseen.accuracy),
    fixed(outcome.sourceAccuracy),
    fixed(outcome.targetAccuracyBefore),
    fixed(outcome.targetAccuracy),
    fixed(outcome.unseenTargetAccuracy),
    outcome.seconds.toFixed(0),
  ]
  process.stdout.write(`${JSON.stringify(row)}\n`)
  return row
}

const heads = [
  'method',
  'side',
  'seed',
  'source',
  'source, held out',
  'source after',
  'target before',
  'target after',
  'target after, held out',
  'seconds',
]

function markdown(rows: readonly string[][]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('\n')
}

function main(): number {
  for (const scene of scenes) {
    const images = join(folder, scene)
    if (existsSync(images)) continue
    writeShapes(images, scene, perClass, 0)
    lab('datasets', '--import', images, '--name', scene)
  }
  const rows = asked.methods
    .split(',')
    .flatMap((method) =>
      asked.sides
        .split(',')
        .flatMap((side) => asked.seeds.split(',').map((seed) => rowOf(method, side, seed))),
    )
  process.stdout.write(`${markdown(rows)}\n`)
  const source = rows.map((row) => Number(row[3]))
  return source.every((accuracy) => accuracy >= leastSource) ? 0 : 1
}

try {
  process.exitCode = main()
} finally {
  if (asked.keep === undefined) rmSync(folder, { recursive: true, force: true })
}
