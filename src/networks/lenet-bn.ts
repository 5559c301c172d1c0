/**
 * The encoder of SHOT's digit experiments (Liang, Hu, Feng 2020, section 4.1; LeNet's convolutions and a bottleneck):
 * 5x5 convolutions with 20 and 50 maps, each followed by 2x2 max-pooling and ReLU, dropout of whole maps (0.5), one
 * linear layer, batch normalisation, dropout (0.5). `[batch, side, side, channels]` in, features `[batch, 256]` out.
 */
import { batchNorm, convolution, dropout, linear, maxPool, relu, valuesAfter } from './build'
import { linearClassifier, linearClassifierInRecipe } from './classifier'
import { channelsIn, defineEncoder, sampleShape } from './encoder'
import type { Layer } from './layer'

const bottleneckLength = 256

export const lenetBn = defineEncoder({
  id: 'lenet-bn',
  title: 'LeNet-BN',
  about: {
    en: 'smaller, with batch norm and dropout, as in SHOT.',
    zh: '较小，带批归一化和 dropout，SHOT 所用。',
  },
  takes: { kind: 'image', leastSide: 16 },
  settings: [],
  layers(options) {
    const maps: readonly Layer[] = [
      convolution('conv1', options.channels, 20, 5), // [24, 24, 20] for a side of 28
      maxPool(2),
      relu,
      convolution('conv2', 20, 50, 5), // [8, 8, 50]
      maxPool(2),
      relu,
    ]
    return [
      ...maps,
      dropout(0.5, 'maps'),
      { kind: 'flatten', order: 'map-innermost' },
      linear('fc', valuesAfter(maps, sampleShape(options)), bottleneckLength),
      batchNorm('bn', bottleneckLength),
      dropout(0.5),
    ]
  },
  classifier: linearClassifier,
  recipe: {
    encoder: { conv1: ['encoder.0'], conv2: ['encoder.3'], fc: ['fc1', 'fc2'], bn: ['bn'] },
    classifier: linearClassifierInRecipe,
  },
  recognise(shapeOf) {
    if (shapeOf('encoder.bn.weight') === undefined) return null
    return { channels: channelsIn(shapeOf('encoder.conv1.weight')) }
  },
})
