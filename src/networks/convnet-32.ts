/**
 * The networks for SVHN of MCD's experiments (Saito et al. 2018; github.com/mil-tokyo/MCD_DA,
 * classification/model/svhn2mnist.py), which are the SVHN architecture of DANN (Ganin et al. 2016, figure 4) with
 * batch normalisation. Made for colour images of 32x32.
 *
 * Encoder: 5x5 convolutions with 64, 64 and 128 maps, padded by 2, each followed by batch normalisation and ReLU, the
 * first two also by 3x3 max-pooling with stride 2, padded by 1; a linear layer of 3072 units with batch normalisation,
 * ReLU and dropout (0.5). `[batch, side, side, channels]` in, features `[batch, 3072]` out.
 * Classifier: a linear layer of 2048 units with batch normalisation and ReLU, then one linear layer, so that two
 * classifiers on one encoder can differ. Logits `[batch, classes]` out.
 */
import { batchNorm, convolution, dropout, linear, maxPool, relu, valuesAfter } from './build'
import { channelsIn, defineEncoder, sampleShape } from './encoder'
import type { Layer } from './layer'

const featureLength = 3072
const hiddenLength = 2048

export const convnet32 = defineEncoder({
  id: 'convnet-32',
  title: 'ConvNet-32',
  about: {
    en: 'for colour images of 32×32, as in DANN and MCD for SVHN; 32 million weights, so the slowest.',
    zh: '用于 32×32 彩色图像，DANN 和 MCD 在 SVHN 上所用；有 3200 万个权重，最慢。',
  },
  /** Two poolings halve the side; every side leaves a pixel, and 8 is the least that an experiment may have. */
  takes: { kind: 'image', leastSide: 8 },
  settings: [],
  layers(options) {
    const maps: readonly Layer[] = [
      convolution('conv1', options.channels, 64, 5, { padding: 2 }),
      batchNorm('bn1', 64),
      relu,
      maxPool(3, 2, 1), // [16, 16, 64] for a side of 32
      convolution('conv2', 64, 64, 5, { padding: 2 }),
      batchNorm('bn2', 64),
      relu,
      maxPool(3, 2, 1), // [8, 8, 64]
      convolution('conv3', 64, 128, 5, { padding: 2 }),
      batchNorm('bn3', 128),
      relu, // [8, 8, 128]
    ]
    return [
      ...maps,
      { kind: 'flatten', order: 'map-innermost' },
      linear('fc1', valuesAfter(maps, sampleShape(options)), featureLength),
      batchNorm('bn1_fc', featureLength),
      relu,
      dropout(0.5),
    ]
  },
  classifier: ({ features, classes }) => [
    linear('fc2', features, hiddenLength),
    batchNorm('bn2_fc', hiddenLength),
    relu,
    linear('fc3', hiddenLength, classes),
  ],
  recipe: {
    encoder: {
      conv1: ['conv1'],
      bn1: ['bn1'],
      conv2: ['conv2'],
      bn2: ['bn2'],
      conv3: ['conv3'],
      bn3: ['bn3'],
      fc1: ['fc1'],
      bn1_fc: ['bn1_fc'],
    },
    classifier: { fc2: ['fc2'], bn2_fc: ['bn2_fc'], fc3: ['fc3'] },
  },
  recognise(shapeOf) {
    if (shapeOf('encoder.conv3.weight') === undefined) return null
    return { channels: channelsIn(shapeOf('encoder.conv1.weight')) }
  },
})
