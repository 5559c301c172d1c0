/**
 * ResNet-18 (He, Zhang, Ren, Sun 2016) as torchvision has it (torchvision/models/resnet.py), with its names. Padding is
 * symmetric. Images `[batch, 224, 224, 3]` in, features `[batch, 512]` out.
 */
import type { Backbone } from '../backbone'
import { batchNorm, convolution, maxPool, relu } from '../build'
import type { Layer } from '../layer'
import { ofImageNet } from './image-net'
import { shortcut } from './resnet'

/** Two 3x3 convolutions; the first has the stride. */
function block(name: string, inputs: number, outputs: number, stride: number): readonly Layer[] {
  return [
    {
      kind: 'residual',
      body: [
        convolution(`${name}.conv1`, inputs, outputs, 3, { stride, padding: 1, bias: false }),
        batchNorm(`${name}.bn1`, outputs),
        relu,
        convolution(`${name}.conv2`, outputs, outputs, 3, { padding: 1, bias: false }),
        batchNorm(`${name}.bn2`, outputs),
      ],
      shortcut: shortcut(name, inputs, outputs, stride),
    },
    relu,
  ]
}

function stage(number: number, inputs: number, outputs: number, stride: number) {
  const name = `layer${number}`
  return {
    name,
    layers: [...block(`${name}.0`, inputs, outputs, stride), ...block(`${name}.1`, outputs, outputs, 1)],
  }
}

export const resnet18: Backbone = {
  id: 'resnet-18',
  title: 'ResNet-18',
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
    stage(1, 64, 64, 1),
    stage(2, 64, 128, 2),
    stage(3, 128, 256, 2),
    stage(4, 256, 512, 2), // [7, 7, 512]
    { name: 'head', layers: [{ kind: 'global-average' }] },
  ],
  features: 512,
  unused: ['fc.'],
  weights: null,
}
