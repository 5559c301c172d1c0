/** A task that fails leaves no network in memory: the analyst lives as long as the lab. */
import { mkdtempSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import * as tf from '@tensorflow/tfjs-core'
import { expect, it } from 'vitest'
import { writeCheckpoint } from '../../../src/checkpoints/checkpoint'
import { modelSchema } from '../../../src/contract/experiment'
import { noChoices } from '../../../src/contract/reading'
import { inspectSample } from '../../../src/workers/inspect-sample'
import { loadTensorFlow } from '../../../src/workers/native'
import { predictDataset } from '../../../src/workers/predict-dataset'
import { proposeLabels } from '../../../src/workers/propose-labels'
import { writePredictions } from '../../../src/workers/write-predictions'
import { experiment, facts, network } from '../checkpoints/samples'
import { refusalOf } from '../data/support'

await loadTensorFlow(1)

const folder = mkdtempSync(join(tmpdir(), 'freed-'))
const report = { reading: () => undefined, progress: () => undefined }
const vectors = join(folder, 'vectors.csv')
writeFileSync(vectors, 'a,b,label\n1,2,x\n3,4,y\n')

/** A checkpoint for images of 28 x 28; its classifier lacks a tensor if it is not whole. */
async function checkpointAt(name: string, isWhole: boolean): Promise<string> {
  const path = join(folder, name)
  const all = [...network('source_encoder'), ...network('classifier')]
  const tensors = isWhole ? all : all.filter((one) => one.name !== 'classifier.fc.bias')
  await writeCheckpoint(
    path,
    { ...facts, experiment: { ...experiment, model: modelSchema.parse({}) } },
    tensors,
  )
  return path
}
const whole = await checkpointAt('whole.safetensors', true)
const partial = await checkpointAt('partial.safetensors', false)

const order = {
  ...{ checkpoint: whole, pixels: 'unit' as const, encoder: 'source' as const, classes: ['0', '1'] },
  ...{ source: null, datasets: folder, threads: 1 },
}
const writing = {
  ...{ out: join(folder, 'out.csv'), format: 'csv' as const, existing: 'refuse' as const },
  ...{ probabilities: false, top: 1, sortInto: null },
}

it.each<[string, string, () => unknown]>([
  ['predict', 'samples-unfit-network', () => predictDataset({ ...order, dataset: vectors }, report)],
  [
    'write',
    'samples-unfit-network',
    () => writePredictions({ ...order, ...writing, samples: { path: vectors, choices: noChoices } }, report),
  ],
  [
    'inspect',
    'samples-unfit-network',
    () => inspectSample({ ...order, dataset: vectors, sample: 0, rounds: [] }, report.reading),
  ],
  [
    'a checkpoint without the last tensor',
    'checkpoint-missing-tensor',
    () => predictDataset({ ...order, checkpoint: partial, dataset: 'usps' }, report),
  ],
  [
    'propose from it',
    'checkpoint-missing-tensor',
    () => proposeLabels({ ...order, checkpoint: partial, dataset: 'usps', count: 2 }, report.reading),
  ],
])('%s: refused by %s, and every tensor is freed', async (_, code, task) => {
  const before = tf.memory().numTensors
  expect(await refusalOf(task)).toMatchObject({ code })
  expect(tf.memory().numTensors).toBe(before)
})
