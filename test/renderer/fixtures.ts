/** An experiment, a preset, a method and a short recorded run, as the lab returns them. */
import { experimentSchema, type Experiment, type Preset } from '../../src/contract/experiment'
import type { DatasetSummary, Images, Preview } from '../../src/contract/dataset'
import type { FormatSummary } from '../../src/contract/format'
import type { RoundView, RunSummary } from '../../src/contract/run'
import type { MethodDeclaration } from '../../src/contract/method'
import type { Accuracies, Measures, RecordedEvent, RoundEvent, RunRecord } from '../../src/contract/record'

export const experiment: Experiment = experimentSchema.parse({
  name: 'Digits',
  source: { dataset: 'mnist', classes: [0, 1], count: 100 },
  target: { dataset: 'mnist', classes: [2, 3], count: 100 },
  pairing: [0, 1],
  adaptation: { epochs: 4, parameters: { weight: 0.5 } },
})

export const preset: Preset = {
  id: 'digits',
  title: { en: 'Digits', zh: '数字' },
  about: { en: 'About digits', zh: '关于数字' },
  choices: [],
  experiment,
}

export const method: MethodDeclaration = {
  id: 'adda',
  title: 'ADDA',
  about: { en: 'Police and forger.', zh: '警察与伪造者。' },
  role: 'adaptation',
  references: [],
  losses: ['D', 'MT'],
  networks: [{ id: 'discriminator', layers: [] }],
  sourceJudge: 'MS',
  statistics: 'target',
  discriminator: true,
  minClasses: 1,
  parameters: {
    weight: {
      kind: 'number',
      initial: 0.5,
      least: 0,
      most: 1,
      usual: [0.1, 0.9],
      unit: 'nat',
      label: { en: 'Weight', zh: '权重' },
      meaning: { en: 'How much it counts.', zh: '所占分量。' },
      weight: { schedule: 'logistic' },
    },
    rule: {
      kind: 'choice',
      initial: 'soft',
      choices: ['soft', 'hard'],
      label: { en: 'Rule', zh: '规则' },
      meaning: { en: 'Which rule.', zh: '哪种规则。' },
    },
    shared: {
      kind: 'switch',
      initial: true,
      label: { en: 'Shared', zh: '共享' },
      meaning: { en: 'Whether shared.', zh: '是否共享。' },
    },
  },
}

export const dataset: DatasetSummary = {
  id: 'mnist',
  title: 'MNIST',
  path: null,
  kind: 'image',
  width: 28,
  height: 28,
  channels: 1,
  length: null,
  classNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  counts: { 'original/train': 1000, 'original/test': 200 },
  classCounts: { 'original/train': Array(10).fill(100), 'original/test': Array(10).fill(20) },
  licence: 'test',
  reduced: 0,
  notes: [],
  from: null,
}

export const formats: FormatSummary[] = [
  {
    id: 'idx',
    title: { en: 'Folder of IDX files', zh: 'IDX 文件夹' },
    help: { en: 'Images and labels in two files.', zh: '图像与标签各一个文件。' },
    endings: ['idx', 'gz', 'npz'],
  },
  {
    id: 'image-folder',
    title: { en: 'Folder of images', zh: '图像文件夹' },
    help: { en: 'One subfolder for each class.', zh: '每个类别一个子文件夹。' },
    endings: [],
  },
]

export const images: Images = {
  width: 1,
  height: 1,
  channels: 1,
  labels: [0, 1],
  pixels: btoa('\u0000\u00ff'),
}

export function previewOf(summary: DatasetSummary, more: Partial<Preview> = {}): Preview {
  const { width, height } = summary
  const sizes =
    width === null || height === null
      ? null
      : { width: { least: width, most: width }, height: { least: height, most: height } }
  return { format: 'idx', summary, sizes, sample: images, ...more }
}

function accuracies(accuracy: number): Accuracies {
  return {
    accuracy,
    accuracyBestPairing: Math.max(accuracy, 1 - accuracy),
    bestPairing: [0, 1],
    perClass: [accuracy, accuracy],
    confusion: [
      [1, 0],
      [0, 1],
    ],
    count: 100,
  }
}

export function measures(round: number): Measures {
  return {
    source: accuracies(0.99),
    target: accuracies(0.4 + round / 10),
    unseenTarget: accuracies(0.35 + round / 10),
    discriminatorAccuracy: 0.9 - round / 10,
    sourceCalledSource: 0.9,
    targetCalledSource: round / 5,
    histogram: { source: [0, 1, 3, 6], target: [6 - round, 3, 1, round] },
    proxyADistance: 1.5,
    mmd: 0.2,
  }
}

const time = '2026-11-23T10:00:00.000Z'

export function roundEvent(round: number): RoundEvent {
  return {
    type: 'round',
    time,
    round,
    losses: round === 0 ? {} : { D: 0.7, MT: 0.6 },
    measures: measures(round),
    // D makes more errors each round: of four target inputs, `round` are called source.
    verdicts: round === 0 ? null : [0, 0, 1, 0, ...[0, 1, 2, 3].map((i) => (i < round ? 0 : 1))],
    verdictsOnSource: round === 0 ? null : 4,
    seconds: 1,
    pairsPerSecond: round === 0 ? null : 2000,
  }
}

export function history(rounds: number): RecordedEvent[] {
  const events: RecordedEvent[] = [
    { type: 'started', time, resumedFrom: null },
    { type: 'source-loss', time, epoch: 1, step: 1, steps: 2, loss: 0.5 },
    { type: 'source-done', time, seconds: 1, imagesPerSecond: 4000 },
    roundEvent(0),
  ]
  for (let round = 1; round <= rounds; round++) {
    events.push({ type: 'loss', time, round, step: 1, steps: 2, losses: { D: 0.7 - round / 100, MT: 0.6 } })
    events.push(roundEvent(round))
  }
  return events
}

export const runId = '2026-11-23-digits-abcd'

export const summary: RunSummary = {
  id: runId,
  folder: '/data/runs/digits',
  name: 'Digits',
  created: time,
  state: 'finished',
  heldBy: null,
  method: 'adda',
  rounds: 3,
  epochs: 4,
  bytes: 27_000_000,
  tags: ['paper'],
  note: 'first try',
  sourceAccuracy: 0.99,
  sourceAccuracyBefore: 0.99,
  sourceJudge: 'MS',
  targetAccuracyBefore: 0.4,
  targetAccuracy: 0.7,
  targetAccuracyBestPairing: 0.7,
  unseenTargetAccuracy: 0.65,
  estimatedAccuracy: null,
  estimatedAccuracyBefore: null,
  damage: [],
}

export const record: RunRecord = {
  schema: 2,
  id: runId,
  created: time,
  experiment,
  machinery: null,
  parent: null,
  state: 'finished',
  rounds: 3,
  labelledTarget: [],
  failure: null,
}

export function view(round: number): RoundView {
  const points = btoa(String.fromCharCode(...new Uint8Array(new Float32Array([0, 0, 1, round]).buffer)))
  return {
    round,
    sourcePoints: points,
    targetPoints: points,
    sourceLabels: [0, 1],
    targetLabels: [0, 1],
    sourcePredictions: [0, 1],
    targetPredictions: [1, 1],
    sourceVerdicts: null,
    targetVerdicts: null,
  }
}
