import { expect, it } from 'vitest'
import { modelIn } from '../../../src/checkpoints/recognise'
import { shapesOf } from '../../../src/checkpoints/shapes'
import { baseLayers } from '../../../src/networks/registry'
import { sampleShape } from '../../../src/networks/encoder'
import { shapeAfter } from '../../../src/networks/sample-shape'
import { modelOf } from '../../fixtures/model'

const model = modelOf('convnet-32', { side: 32, channels: 3 })

it('has the shapes of the original for SVHN', () => {
  expect(shapesOf('source_encoder', model, 10)).toMatchObject({
    'source_encoder.conv1.weight': [64, 3, 5, 5],
    'source_encoder.conv2.weight': [64, 64, 5, 5],
    'source_encoder.conv3.weight': [128, 64, 5, 5],
    'source_encoder.fc1.weight': [3072, 8192],
    'source_encoder.bn1_fc.running_var': [3072],
  })
  expect(shapesOf('classifier', model, 10)).toMatchObject({
    'classifier.fc2.weight': [2048, 3072],
    'classifier.bn2_fc.weight': [2048],
    'classifier.fc3.weight': [10, 2048],
  })
})

it.each([
  [8, 1],
  [28, 1],
  [33, 3],
] as const)('follows a side of %i and %i channels', (side, channels) => {
  const options = { ...model, side, channels }
  expect(shapeAfter(baseLayers(options, 2).encoder, sampleShape(options))).toEqual([3072])
  const shapes = Object.entries({
    ...shapesOf('source_encoder', options, 2),
    ...shapesOf('classifier', options, 2),
  })
  const recognised = modelIn(shapes.map(([name, shape]) => ({ name, shape })))
  const pooled = Math.ceil(Math.ceil(side / 2) / 2)
  expect(recognised).toMatchObject({ encoder: 'convnet-32', channels })
  expect(Math.ceil(Math.ceil(recognised.side / 2) / 2)).toBe(pooled)
})
