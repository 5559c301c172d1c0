/** A checkpoint gives the same results when the lab reads it again, and in PyTorch if that is installed. */
import { execFileSync } from 'child_process'
import { mkdtempSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test } from 'vitest'
import { readCheckpoint, writeCheckpoint } from '../../src/checkpoints/checkpoint'
import { networksFor } from '../fixtures/declared'
import { fromTorch, toTorch } from '../../src/checkpoints/layout'
import type { NamedTensor } from '../../src/checkpoints/safetensors'
import { encoders, type ModelOptions } from '../../src/contract/experiment'
import { sampleTensor } from '../fixtures/samples'
import type { SampleArray } from '../../src/training/samples'
import { predictorOf } from '../../src/training/networks'
import { createTraining } from '../../src/training/training'
import { exportCheckpoint } from '../../src/workers/export-checkpoint'
import { unprepared } from '../fixtures/export-order'
import { loadTensorFlow } from '../../src/workers/native'
import { comparePredictScript } from './predict-script'
import { modelOf } from '../fixtures/model'
import { vectorsBy } from '../fixtures/vectors'
import { digits } from '../fixtures/torch/formula'
import { eventsOf, experimentWith, firstOf, twosAndThrees, zerosAndOnes } from '../unit/training/support'

const { machinery, tf: native } = await loadTensorFlow(2)

const python = process.env.DALAB_PEER
const target = firstOf(digits(2, 3), 100)
const ofImages = { source: firstOf(digits(0, 1), 100), target, unseenTarget: target }
/** Smaller ones, for the largest network. */
const ofSmallImages = {
  source: firstOf(zerosAndOnes, 100),
  target: firstOf(twosAndThrees, 100),
  unseenTarget: firstOf(twosAndThrees, 100),
}
const ofVectors = vectorsBy(40, { source: 100, target: 100, unseenTarget: 20 })

const experimentOn = (encoder: ModelOptions['encoder']) =>
  experimentWith({
    model: modelOf(encoder, encoder === 'convnet-32' ? { side: zerosAndOnes.size } : {}),
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

interface Made {
  readonly path: string
  readonly folder: string
  readonly seen: SampleArray
  readonly logits: number[]
  readonly discriminatorLogits: number[]
}

/** The checkpoint of each encoder, with its logits here. */
const made = new Map<string, Made>()

describe.each(encoders)('a checkpoint of %s', (encoder) => {
  const experiment = experimentOn(encoder)
  const images = encoder === 'convnet-32' ? ofSmallImages : ofImages
  const given = encoder === 'mlp' ? ofVectors : images
  const seen = encoder === 'mlp' ? ofVectors.unseenTarget : firstOf(images.target, 20)
  const folder = mkdtempSync(join(tmpdir(), 'dalab-peer-'))
  const path = join(folder, 'round-0001.dalab.safetensors')
  let logits: number[]

  beforeAll(async () => {
    const training = createTraining(experiment, given)
    await eventsOf(training)
    const tensors = training.checkpoint()
    training.dispose()
    logits = classify(tensors)
    made.set(encoder, { path, folder, seen, logits, discriminatorLogits: judge(tensors) })
    const facts = { schema: 2, run: 'test', round: 1, experiment, machinery, measures: null } as const
    await writeCheckpoint(
      path,
      { ...facts, created: new Date().toISOString() },
      toTorch(tensors, networksFor(experiment.model, 2)),
    )
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
    expect(classify(fromTorch(tensors, networksFor(experiment.model, 2), path))).toEqual(logits)
  })

  test('exported, is a TensorFlow.js model that gives the same logits', async () => {
    const out = join(folder, 'model')
    await exportCheckpoint({ ...unprepared, checkpoint: path, format: 'tfjs', out }, () => undefined)
    const model = await native.loadLayersModel(`file://${out}/model.json`)
    const exported = tf.tidy(() => (model.predict(sampleTensor(seen)) as tf.Tensor).dataSync())
    expectWithin(Array.from(exported), logits)
    model.dispose()
  })
})

interface Reading {
  readonly encoder: string
  readonly logits: number[][]
  readonly discriminator: number[][]
  readonly verified: boolean
}

/** Runs the script for each checkpoint in one process, because importing PyTorch takes seconds. */
const runEach = `
import json, runpy, sys
script, orders = sys.argv[1], json.loads(sys.argv[2])
for order in orders:
    sys.argv = [script, *order]
    runpy.run_path(script)
`

function readings(interpreter: string): Map<string, Reading> {
  const orders = encoders.map((encoder) => {
    const { path, folder, seen } = made.get(encoder)!
    const file = join(folder, 'images.json')
    writeFileSync(file, JSON.stringify(tf.tidy(() => sampleTensor(seen).arraySync())))
    return [path, file]
  })
  const script = join(__dirname, '..', 'peer', 'read_checkpoint.py')
  const args = ['-c', runEach, script, JSON.stringify(orders)]
  const lines = execFileSync(interpreter, args, { encoding: 'utf8' }).trim().split('\n')
  return new Map(lines.map((line, index) => [encoders[index] ?? '', JSON.parse(line) as Reading]))
}

if (python !== undefined && python !== '') {
  comparePredictScript(python)

  describe('opened by Python with safetensors, the checkpoint', () => {
    let found: Map<string, Reading>
    beforeAll(() => {
      found = readings(python)
    })

    test.each(encoders)('of %s gives the same logits in PyTorch within 1e-4', (encoder) => {
      const { logits, discriminatorLogits } = made.get(encoder)!
      const reading = found.get(encoder)
      expect(reading).toMatchObject({ encoder: 'target_encoder', verified: true })
      expectWithin(reading?.logits.flat() ?? [], logits)
      expectWithin(reading?.discriminator.flat() ?? [], discriminatorLogits)
    })
  })
}
