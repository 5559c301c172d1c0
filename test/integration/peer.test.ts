/** A checkpoint gives the same results when the lab reads it again, and in PyTorch if that is installed. */
import { execFileSync } from 'child_process'
import { mkdtempSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { readCheckpoint, writeCheckpoint } from '../../src/checkpoints/checkpoint'
import { fromTorch, toTorch } from '../../src/checkpoints/layout'
import type { NamedTensor } from '../../src/checkpoints/safetensors'
import { encoders, type ModelOptions } from '../../src/contract/experiment'
import { sampleTensor } from '../fixtures/samples'
import { predictorOf } from '../../src/training/networks'
import { createTraining } from '../../src/training/training'
import { exportCheckpoint } from '../../src/workers/export-checkpoint'
import { loadTensorFlow } from '../../src/workers/native'
import { modelOf } from '../fixtures/model'
import { vectorsBy } from '../fixtures/vectors'
import { eventsOf, experimentWith, firstOf, images } from '../unit/training/support'

const { machinery, tf: native } = await loadTensorFlow(2)

const python = process.env.DALAB_PEER
const ofImages = images(100, 100)
const ofVectors = vectorsBy(40, { source: 100, target: 100, unseenTarget: 20 })

const experimentOn = (encoder: ModelOptions['encoder']) =>
  experimentWith({
    model: modelOf(encoder),
    adaptation: {
      epochs: 1,
      learningRate: 0.01,
      parameters: { discriminatorLearningRate: 0.01, discriminatorActivation: 'relu' },
    },
  })

function expectWithin(found: readonly number[], wanted: readonly number[]): void {
  expect(found).toHaveLength(wanted.length)
  const scale = Math.max(1, ...wanted.map(Math.abs))
  found.forEach((value, index) =>
    expect(Math.abs(value - (wanted[index] ?? NaN))).toBeLessThanOrEqual(1e-4 * scale),
  )
}

describe.each(encoders)('a checkpoint of %s', (encoder) => {
  const experiment = experimentOn(encoder)
  const given = encoder === 'mlp' ? ofVectors : ofImages
  const seen = encoder === 'mlp' ? ofVectors.unseenTarget : firstOf(ofImages.target, 20)
  const folder = mkdtempSync(join(tmpdir(), 'dalab-peer-'))
  const path = join(folder, 'round-0001.dalab.safetensors')
  let logits: number[]
  let discriminatorLogits: number[]

  beforeAll(async () => {
    const training = createTraining(experiment, given)
    await eventsOf(training)
    const tensors = training.checkpoint()
    training.dispose()
    logits = classify(tensors)
    discriminatorLogits = judge(tensors)
    const facts = { schema: 2, run: 'test', round: 1, experiment, machinery, measures: null } as const
    await writeCheckpoint(path, { ...facts, created: new Date().toISOString() }, toTorch(tensors))
  })

  const predictor = (tensors: readonly NamedTensor[]) =>
    predictorOf(tensors, 'target', experiment.model, 2, path)

  function classify(tensors: readonly NamedTensor[]): number[] {
    const { encoder: MT, classifier: C } = predictor(tensors)
    return Array.from(tf.tidy(() => C(MT(sampleTensor(seen))).dataSync()))
  }

  /** D(MT(x)), computed directly. */
  function judge(tensors: readonly NamedTensor[]): number[] {
    const value = (name: string) => {
      const tensor = tensors.find((one) => one.name === `discriminator.${name}`)
      if (tensor === undefined) throw new Error(`no ${name}`)
      return tf.tensor(tensor.data, [...tensor.shape])
    }
    const layer = (x: tf.Tensor, name: string) =>
      tf.add(tf.matMul(x as tf.Tensor2D, value(`${name}.weight`) as tf.Tensor2D), value(`${name}.bias`))
    const { encoder: MT } = predictor(tensors)
    const judged = tf.tidy(() => {
      const first = tf.relu(layer(MT(sampleTensor(seen)), 'fc1'))
      return layer(tf.relu(layer(first, 'fc2')), 'fc3')
    })
    return Array.from(judged.dataSync())
  }

  test('read again, gives the very same logits', async () => {
    const { tensors } = await readCheckpoint(path)
    expect(classify(fromTorch(tensors))).toEqual(logits)
  })

  test('exported, is a TensorFlow.js model that gives the same logits', async () => {
    const out = join(folder, 'model')
    await exportCheckpoint({ checkpoint: path, format: 'tfjs', out }, () => undefined)
    const model = await native.loadLayersModel(`file://${out}/model.json`)
    const exported = tf.tidy(() => (model.predict(sampleTensor(seen)) as tf.Tensor).dataSync())
    expectWithin(Array.from(exported), logits)
    model.dispose()
  })

  if (python !== undefined && python !== '')
    test('is opened by Python with safetensors, and PyTorch gives the same logits within 1e-4', () => {
      const file = join(folder, 'images.json')
      writeFileSync(file, JSON.stringify(tf.tidy(() => sampleTensor(seen).arraySync())))
      const script = join(__dirname, '..', 'peer', 'read_checkpoint.py')
      const found = JSON.parse(execFileSync(python, [script, path, file], { encoding: 'utf8' })) as {
        encoder: string
        logits: number[][]
        discriminator: number[][]
        verified: boolean
      }
      expect(found).toMatchObject({ encoder: 'target_encoder', verified: true })
      expectWithin(found.logits.flat(), logits)
      expectWithin(found.discriminator.flat(), discriminatorLogits)
    })
})
