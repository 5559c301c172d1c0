/**
 * MobileNetV2 (Sandler et al. 2018) as torchvision has it (torchvision/models/mobilenetv2.py), with its names. Padding is
 * symmetric. Images `[batch, 224, 224, 3]` in, features `[batch, 1280]` out.
 */
import type { Backbone } from '../backbone'
import { batchNorm, convolution, relu6 } from '../build'
import type { Layer } from '../layer'
import { ofImageNet } from './image-net'

/** Expansion (none if `expansion` is 1), depthwise 3x3, projection; the input is added if the shape stays. */
function block(
  number: number,
  inputs: number,
  outputs: number,
  stride: number,
  expansion: number,
): readonly Layer[] {
  const name = `features.${number}.conv`
  const maps = inputs * expansion
  const isExpanded = expansion !== 1
  const [depthwise, projection, last] = isExpanded ? [1, 2, 3] : [0, 1, 2]
  const layers: readonly Layer[] = [
    ...(isExpanded
      ? [convolution(`${name}.0.0`, inputs, maps, 1, { bias: false }), batchNorm(`${name}.0.1`, maps), relu6]
      : []),
    convolution(`${name}.${depthwise}.0`, maps, maps, 3, {
      stride,
      padding: 1,
      connects: 'each-map',
      bias: false,
    }),
    batchNorm(`${name}.${depthwise}.1`, maps),
    relu6,
    convolution(`${name}.${projection}`, maps, outputs, 1, { bias: false }),
    batchNorm(`${name}.${last}`, outputs),
  ]
  return stride === 1 && inputs === outputs ? [{ kind: 'residual', body: layers, shortcut: [] }] : layers
}

/** Blocks of one width from `first` on; the first of them has the stride. */
function stage(
  first: number,
  blocks: number,
  inputs: number,
  outputs: number,
  stride: number,
  expansion = 6,
) {
  const others = Array.from({ length: blocks - 1 }, (_, index) =>
    block(first + 1 + index, outputs, outputs, 1, expansion),
  )
  return {
    name: `blocks-${first}`,
    layers: [...block(first, inputs, outputs, stride, expansion), ...others.flat()],
  }
}

export const mobilenetV2: Backbone = {
  id: 'mobilenet-v2',
  title: 'MobileNetV2',
  about: {
    en: 'Sandler et al. 2018; a file of torchvision’s ImageNet weights is brought by the user.',
    zh: 'Sandler 等 2018；torchvision 的 ImageNet 权重文件由用户提供。',
  },
  preprocessing: ofImageNet,
  stages: [
    {
      name: 'stem',
      layers: [
        convolution('features.0.0', 3, 32, 3, { stride: 2, padding: 1, bias: false }),
        batchNorm('features.0.1', 32),
        relu6, // [112, 112, 32]
      ],
    },
    stage(1, 1, 32, 16, 1, 1),
    stage(2, 2, 16, 24, 2),
    stage(4, 3, 24, 32, 2),
    stage(7, 4, 32, 64, 2),
    stage(11, 3, 64, 96, 1),
    stage(14, 3, 96, 160, 2),
    stage(17, 1, 160, 320, 1), // [7, 7, 320]
    {
      name: 'head',
      layers: [
        convolution('features.18.0', 320, 1280, 1, { bias: false }),
        batchNorm('features.18.1', 1280),
        relu6,
        { kind: 'global-average' },
      ],
    },
  ],
  features: 1280,
  unused: ['classifier.'],
  weights: null,
}
