/** The calibration of a checkpoint's networks on its source. */
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { domainSchema, modelSchema, type Domain } from '../../../src/contract/experiment'
import { calibrationSchema } from '../../../src/contract/prediction'
import { stream } from '../../../src/data/random'
import { architecturesOf } from '../../../src/models/architectures'
import { createNetwork } from '../../../src/models/network'
import { calibrationOf } from '../../../src/workers/calibrate'
import { loadTensorFlow } from '../../../src/workers/native'

await loadTensorFlow(1)

beforeEach(() => tf.engine().startScope())
afterEach(() => tf.engine().endScope())

const model = modelSchema.parse({ side: 16 })
const where = { datasets: 'nowhere' }
const usps = (settings: Partial<Domain>) =>
  domainSchema.parse({ dataset: 'usps', classes: ['3', '1'], ...settings })

function predictor() {
  const { encoder, classifier } = architecturesOf(model, 2)
  return {
    encoder: createNetwork('source_encoder', encoder, stream(0, 'weights', 'source_encoder')),
    classifier: createNetwork('classifier', classifier, stream(0, 'weights', 'classifier')),
  }
}

test('held-out samples of the classes are used, all of them, and no tensor is left', async () => {
  const networks = predictor()
  const before = tf.memory().numTensors
  const found = calibrationSchema.parse(await calibrationOf(networks, usps({ count: 20 }), model, where))
  expect(tf.memory().numTensors).toBe(before)
  // USPS has 166 test images of a 3 and 264 of a 1.
  expect([found.on, found.count]).toEqual(['held-out', 166 + 264])
  expect(found.errorAfter).toBeLessThan(found.errorBefore ?? 0)
  expect(found.temperature).not.toBe(1)
})

test('a domain that uses the test split has only its training samples', async () => {
  const found = await calibrationOf(predictor(), usps({ split: 'test', count: 20 }), model, where)
  expect([found.on, found.count]).toEqual(['training', 20])
})

test('no more than 5,000 samples of a large test split', async () => {
  const classes = Array.from({ length: 10 }, (_, digit) => String(digit))
  const mnist = usps({ dataset: 'mnist', classes: classes.slice(0, 6) })
  const two = predictor()
  const wide = {
    ...two,
    classifier: createNetwork('classifier', architecturesOf(model, 6).classifier, stream(0, 'c')),
  }
  expect((await calibrationOf(wide, mnist, model, where)).count).toBe(5000)
})

test.each([
  ['no source', null],
  ['a dataset that is not there', usps({ dataset: 'vanished' })],
  ['a path that is not there', usps({ dataset: '/nowhere/at-all' })],
  ['classes that the dataset no longer has', usps({ classes: ['3', 'three'] })],
])('%s: nothing is calibrated, and this is said', async (_what, source) => {
  expect(await calibrationOf(predictor(), source, model, where)).toEqual({
    temperature: 1,
    on: null,
    count: 0,
    errorBefore: null,
    errorAfter: null,
  })
})
