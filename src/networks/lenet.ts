/**
 * The article's encoder, MS and MT: a LeNet (LeCun et al. 1998) with 5x5 convolutions, each followed by 2x2
 * max-pooling and ReLU, and one linear layer. `[batch, side, side, channels]` in, features `[batch, 512]` out.
 */
import { convolution, linear, maxPool, relu, valuesAfter } from './build'
import { linearClassifier, linearClassifierInRecipe } from './classifier'
import { channelsIn, defineEncoder, sampleShape } from './encoder'
import type { Layer } from './layer'

export const lenet = defineEncoder({
  id: 'lenet',
  title: 'LeNet',
  about: {
    en: 'the article’s network, with 512 features.',
    zh: '文章的网络，512 维特征。',
  },
  /** The smallest side that leaves one pixel after both convolutions and poolings. */
  takes: { kind: 'image', leastSide: 16 },
  settings: [],
  normalised: 'lenet-bn',
  layers(options) {
    const maps: readonly Layer[] = [
      convolution('conv1', options.channels, 32, 5), // [24, 24, 32] for a side of 28
      maxPool(2),
      relu,
      convolution('conv2', 32, 64, 5), // [8, 8, 64]
      maxPool(2),
      relu,
    ]
    const values = valuesAfter(maps, sampleShape(options))
    return [...maps, { kind: 'flatten', order: 'map-innermost' }, linear('fc', values, 512)]
  },
  classifier: linearClassifier,
  recipe: {
    encoder: { conv1: ['encoder.0'], conv2: ['encoder.3'], fc: ['fc1', 'fc2'] },
    classifier: linearClassifierInRecipe,
  },
  recognise(shapeOf) {
    const first = shapeOf('encoder.conv1.weight')
    const isNormalised = ['bn', 'bn1'].some((layer) => shapeOf(`encoder.${layer}.weight`) !== undefined)
    return first === undefined || isNormalised ? null : { channels: channelsIn(first) }
  },
})
