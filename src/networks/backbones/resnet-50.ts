/**
 * ResNet-50 (He, Zhang, Ren, Sun 2016) as torchvision has it (torchvision/models/resnet.py), with its names: the stride
 * is that of the 3x3 convolution (ResNet v1.5). Padding is symmetric. Images `[batch, 224, 224, 3]` in, features
 * `[batch, 2048]` out.
 */
import type { Backbone } from '../backbone'
import { batchNorm, convolution, maxPool, relu } from '../build'
import type { Layer } from '../layer'
import { ofImageNet } from './image-net'
import { shortcut } from './resnet'

/** 1x1, 3x3, 1x1 convolutions; the last gives four times the maps. */
function block(name: string, inputs: number, maps: number, stride: number): readonly Layer[] {
  return [
    {
      kind: 'residual',
      body: [
        convolution(`${name}.conv1`, inputs, maps, 1, { bias: false }),
        batchNorm(`${name}.bn1`, maps),
        relu,
        convolution(`${name}.conv2`, maps, maps, 3, { stride, padding: 1, bias: false }),
        batchNorm(`${name}.bn2`, maps),
        relu,
        convolution(`${name}.conv3`, maps, 4 * maps, 1, { bias: false }),
        batchNorm(`${name}.bn3`, 4 * maps),
      ],
      shortcut: shortcut(name, inputs, 4 * maps, stride),
    },
    relu,
  ]
}

function stage(number: number, blocks: number, inputs: number, maps: number, stride: number) {
  const name = `layer${number}`
  const others = Array.from({ length: blocks - 1 }, (_, index) =>
    block(`${name}.${index + 1}`, 4 * maps, maps, 1),
  )
  return { name, layers: [...block(`${name}.0`, inputs, maps, stride), ...others.flat()] }
}

export const resnet50: Backbone = {
  id: 'resnet-50',
  title: 'ResNet-50',
  about: {
    en: 'He et al. 2016; a file of torchvision’s or timm’s ImageNet weights is brought by the user.',
    zh: 'He 等 2016；torchvision 或 timm 的 ImageNet 权重文件由用户提供。',
  },
  preprocessing: ofImageNet,
  stages: [
    {
      name: 'stem',
      layers: [
        convolution('conv1', 3, 64, 7, { stride: 2, padding: 3, bias: false }),
        batchNorm('bn1', 64),
        relu,
        maxPool(3, 2, 1), // [56, 56, 64]
      ],
    },
    stage(1, 3, 64, 64, 1),
    stage(2, 4, 256, 128, 2),
    stage(3, 6, 512, 256, 2),
    stage(4, 3, 1024, 512, 2), // [7, 7, 2048]
    { name: 'head', layers: [{ kind: 'global-average' }] },
  ],
  features: 2048,
  unused: ['fc.'],
  weights: null,
}
