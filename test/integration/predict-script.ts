/** `predict.py`, run by Python with PyTorch if that is installed: the classes and probabilities of the lab. */
import { execFileSync } from 'child_process'
import { cpSync, readdirSync, writeFileSync } from 'fs'
import { join } from 'path'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, it } from 'vitest'
import { writeCheckpoint } from '../../src/checkpoints/checkpoint'
import { networksFor } from '../fixtures/declared'
import { toTorch } from '../../src/checkpoints/layout'
import { encodeNpy } from '../../src/data/codecs/npy'
import { experimentSchema, type Experiment } from '../../src/contract/experiment'
import { noChoices } from '../../src/contract/reading'
import { loadDomain } from '../../src/data/domain'
import { importDataset } from '../../src/data/import-dataset'
import { openDataset } from '../../src/data/open-dataset'
import { stream } from '../../src/data/random'
import { probabilitiesAt } from '../../src/statistics/calibration'
import { createNetworks } from '../../src/training/networks'
import { decodeImage } from '../../src/workers/decode-image'
import { exportCheckpoint } from '../../src/workers/export-checkpoint'
import { loadTensorFlow } from '../../src/workers/native'
import { unprepared } from '../fixtures/export-order'
import { sampleTensor } from '../fixtures/samples'
import { temporaryFolder } from './programs'

await loadTensorFlow(2)

/** Each of these would break out of a literal that is not escaped. */
const names = [
  'cat "1"',
  `it's\nos._exit(3)`,
  '\\',
  '"""\nraise SystemExit(4)\n"""',
  '猫\u2028\u202e{} %s $& #',
]

interface Case {
  readonly name: string
  readonly model: object
  readonly framing?: string
  readonly shifts?: readonly object[]
}

const ofImages: readonly Case[] = [
  { name: 'lenet, grey, stretched', model: { encoder: 'lenet', classifierActivation: 'relu' } },
  {
    name: 'lenet-bn, colour, letterbox, symmetric',
    model: { encoder: 'lenet-bn', channels: 3, side: 32, pixels: 'symmetric' },
    framing: 'letterbox',
    shifts: [{ kind: 'rotation', degrees: 30 }],
  },
  {
    name: 'lenet-mlp, colour, cropped',
    model: { encoder: 'lenet-mlp', channels: 3 },
    framing: 'centre-crop',
  },
  {
    name: 'lenet-bn, grey, in a box',
    model: { encoder: 'lenet-bn', side: 45, pixels: 'symmetric' },
    framing: 'box20',
  },
  { name: 'convnet-32, colour, stretched', model: { encoder: 'convnet-32', channels: 3, side: 16 } },
]
const length = 40
const ofVectors: readonly Case[] = (['none', 'l2', 'z-score'] as const).map((vectors) => ({
  name: `mlp, ${vectors}`,
  model: { encoder: 'mlp', length, hidden: [24, 12], vectors, batchNorm: vectors !== 'l2' },
}))

/** Random weights of which classes and probabilities vary. */
function weightsOf(experiment: Experiment) {
  const { MS, C, MT } = createNetworks(experiment)
  const tensors = [MS, C, MT].flatMap(({ variables }) =>
    variables.map(({ name, variable }) => {
      const random = stream(1, name)
      const scale = name.startsWith('classifier.fc') ? 8 : 1
      const changed = (value: number) => {
        if (name.endsWith('running_var')) return 0.2 + random.uniform()
        return scale * (value + 0.1 * (random.uniform() - 0.5))
      }
      return { name, shape: variable.shape, data: variable.dataSync<'float32'>().map(changed) }
    }),
  )
  tf.disposeVariables()
  return tensors
}

/** The lab's predictions of a dataset by the file or row. */
interface Predicted {
  readonly prediction: string
  readonly probability: number
}

const machinery = null
const by = { decode: decodeImage, choices: { ...noChoices, skipUndecodable: true } }

/** Trains nothing: writes a checkpoint, exports it, and predicts the dataset with the lab. */
async function exported(
  { model, framing = 'stretch', shifts = [] }: Case,
  dataset: string,
  datasets: string,
) {
  const { summary, samples } = await openDataset(dataset, datasets, by)
  const target = { dataset, classes: summary.classNames, unlabelled: true, framing }
  const experiment = experimentSchema.parse({
    name: 'a """ b',
    source: { dataset: 'none', classes: names },
    target: { ...target, classes: [], shifts },
    pairing: [],
    model,
  })
  const folder = temporaryFolder()
  const checkpoint = join(folder, 'checkpoint.safetensors')
  const tensors = weightsOf(experiment)
  const facts = { schema: 2, run: 'test', round: 3, experiment, machinery, measures: null } as const
  await writeCheckpoint(
    checkpoint,
    { ...facts, created: new Date().toISOString() },
    toTorch(tensors, networksFor(experiment.model, names.length)),
  )
  const order = { ...unprepared, checkpoint, datasets, target: experiment.target }
  const script = join(folder, 'script')
  const { notes } = await exportCheckpoint({ ...order, format: 'pytorch', out: script }, () => undefined)

  const shown = { ...experiment.target, classes: target.classes, shifts: [] }
  const domain = await loadDomain(shown, experiment.model, { datasets, ...by })
  const layers = join(folder, 'layers')
  await exportCheckpoint({ ...order, format: 'tfjs', out: layers }, () => undefined)
  const { tf: native } = await loadTensorFlow(1)
  const network = await native.loadLayersModel(`file://${layers}/model.json`)
  const logits = tf.tidy(() => (network.predict(sampleTensor(domain)) as tf.Tensor).dataSync<'float32'>())
  network.dispose()
  const probabilities = probabilitiesAt(logits, names.length, 1)
  const origins = samples.train.origins
  const predicted = new Map<string, Predicted>()
  domain.indices.forEach((index, row) => {
    const own = Array.from(probabilities.subarray(row * names.length, (row + 1) * names.length))
    const highest = own.reduce((best, value, k) => (value > (own[best] ?? 0) ? k : best), 0)
    predicted.set(origins?.[index] ?? String(index), {
      prediction: names[highest] ?? '',
      probability: own[highest] ?? 0,
    })
  })
  return { script: join(script, 'predict.py'), notes, predicted }
}

/** Runs each script in one process, because importing PyTorch takes seconds. Gives exit code and rows of each. */
const runEach = `
import csv, json, os, runpy, sys
found = []
for number, (script, *args) in enumerate(json.loads(sys.argv[1])):
    out = os.path.join(os.path.dirname(script), "out.csv")
    sys.argv = [script, *args, "--out", out]
    try:
        runpy.run_path(script, run_name="__main__")
    except SystemExit as end:
        code = end.code
    with open(out, newline="", encoding="utf-8") as file:
        found.append({"code": code, "rows": list(csv.reader(file))})
print(json.dumps(found))
`

type Output = readonly { readonly code: number; readonly rows: readonly (readonly string[])[] }[]

const run = (python: string, orders: readonly (readonly string[])[]) =>
  JSON.parse(execFileSync(python, ['-c', runEach, JSON.stringify(orders)], { encoding: 'utf8' })) as Output

/** Whether each row has the class and, within 1e-4, the probability of the lab. */
function expectAlike(
  rows: readonly (readonly string[])[],
  predicted: ReadonlyMap<string, Predicted>,
  key = (file: string) => file,
): void {
  expect(rows[0]).toEqual(['file', 'prediction', 'probability'])
  expect(
    rows
      .slice(1)
      .map(([file = '']) => key(file))
      .sort(),
  ).toEqual([...predicted.keys()].sort())
  for (const [file = '', prediction, probability] of rows.slice(1)) {
    const own = predicted.get(key(file))
    expect([file, prediction]).toEqual([file, own?.prediction])
    expect(Math.abs(Number(probability) - (own?.probability ?? NaN)), file).toBeLessThanOrEqual(1e-4)
  }
}

/**
 * Compares the scripts of all encoders with the lab, in one process of Python.
 * @param python an interpreter with PyTorch, safetensors and Pillow
 */
export function comparePredictScript(python: string): void {
  describe('predict.py gives the classes and probabilities of the lab', () => {
    const datasets = temporaryFolder()
    const folder = join(temporaryFolder(), 'photos')
    const file = join(temporaryFolder(), 'vectors.npy')
    const ready: { name: string; predicted: ReadonlyMap<string, Predicted> }[] = []
    let output: Output = []

    beforeAll(async () => {
      execFileSync(python, [join(__dirname, '../peer/make_photos.py'), folder])
      const kinds = join(__dirname, '../fixtures/kinds')
      // Pillow enlarges the chroma of AVIF in another way.
      const copied = readdirSync(kinds).filter((name) => !/\.(avif|json)$/.test(name))
      for (const name of copied) cpSync(join(kinds, name), join(folder, 'photos', `kind-${name}`))
      await importDataset(folder, 'photos', datasets, by)

      const random = stream(0, 'vectors')
      const values = Float32Array.from({ length: 30 * length }, (_, i) =>
        i < length ? 0 : 3 * random.normal() + 1,
      )
      writeFileSync(file, encodeNpy({ type: '<f4', shape: [30, length], bytes: Buffer.from(values.buffer) }))
      await importDataset(file, 'vectors', datasets, by)

      const orders: string[][] = []
      for (const [cases, dataset, path] of [
        [ofImages, 'photos', folder],
        [ofVectors, 'vectors', file],
      ] as const)
        for (const one of cases) {
          const { script, predicted } = await exported(one, dataset, datasets)
          ready.push({ name: one.name, predicted })
          orders.push([script, path])
        }
      output = run(python, orders)
    }, 300_000)

    it.each(ofImages.map(({ name }, index) => [name, index] as const))('%s', (_, index) => {
      const { code, rows } = output[index]!
      expect(code).toBe(0)
      expectAlike(rows, ready[index]!.predicted)
      expect(new Set(rows.map(([, prediction]) => prediction)).size).toBeGreaterThan(2)
    })

    it.each(ofVectors.map(({ name }, index) => [name, ofImages.length + index] as const))(
      '%s',
      (_, index) => {
        const { code, rows } = output[index]!
        expect(code).toBe(0)
        expectAlike(rows, ready[index]!.predicted, (name) => name.slice(name.lastIndexOf('#') + 1))
      },
    )
  })
}
