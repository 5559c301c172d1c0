/**
 * The networks of MCD's experiments with USPS (Saito et al. 2018; github.com/mil-tokyo/MCD_DA,
 * classification/model/usps.py). The encoder has no linear layer and the classifier has three, so that two
 * classifiers on one encoder can differ.
 *
 * Encoder: 5x5 convolutions with 32 and 48 maps, each followed by batch normalisation, ReLU and 2x2 max-pooling.
 * `[batch, side, side, channels]` in, features out, `[batch, 768]` for a side of 28. They have PyTorch's order (map, row,
 * column), so a checkpoint's `hidden1` is only transposed.
 * Classifier: dropout (0.5) and a linear layer, three times; after the first two of them batch normalisation and ReLU.
 */
import { batchNorm, convolution, dropout, linear, maxPool, relu } from './build'
import { channelsIn, defineEncoder } from './encoder'

const hiddenLength = 100

export const lenetMlp = defineEncoder({
  id: 'lenet-mlp',
  title: 'LeNet-MLP',
  about: {
    en: 'classifiers of three layers, as in MCD; the slowest LeNet.',
    zh: '分类器有三层，MCD 所用，是最慢的 LeNet。',
  },
  takes: { kind: 'image', leastSide: 16 },
  settings: [],
  layers: ({ channels }) => [
    convolution('conv1', channels, 32, 5),
    batchNorm('bn1', 32),
    relu,
    maxPool(2), // [12, 12, 32] for a side of 28
    convolution('conv2', 32, 48, 5),
    batchNorm('bn2', 48),
    relu,
    maxPool(2), // [4, 4, 48]
    { kind: 'flatten', order: 'map-outermost' },
  ],
  classifier: ({ features, classes }) => [
    dropout(0.5),
    linear('hidden1', features, hiddenLength),
    batchNorm('bn1', hiddenLength),
    relu,
    dropout(0.5),
    linear('hidden2', hiddenLength, hiddenLength),
    batchNorm('bn2', hiddenLength),
    relu,
    dropout(0.5),
    linear('fc', hiddenLength, classes),
  ],
  recipe: {
    encoder: { conv1: ['encoder.0'], bn1: ['bn1'], conv2: ['encoder.3'], bn2: ['bn2'] },
    classifier: {
      hidden1: ['hidden1'],
      bn1: ['bn1'],
      hidden2: ['hidden2'],
      bn2: ['bn2'],
      fc: ['fc2', 'fc1'],
    },
  },
  recognise(shapeOf) {
    const isOther = ['bn', 'bn3', 'fc1'].some((layer) => shapeOf(`encoder.${layer}.weight`) !== undefined)
    if (isOther || shapeOf('encoder.bn1.weight') === undefined) return null
    return { channels: channelsIn(shapeOf('encoder.conv1.weight')) }
  },
})
