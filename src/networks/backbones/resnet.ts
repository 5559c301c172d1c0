/**
 * ResNet (He et al. 2016, "Deep Residual Learning for Image Recognition", section 4.1 and table 1) on images
 * `[224, 224, 3]`, with torchvision's names and its symmetric padding. As there, the stride of a bottleneck block is in its
 * 3x3 convolution.
 */
import type { Backbone, Stage } from '../backbone'
import { batchNorm, convolution, maxPool, relu } from '../build'
import type { Layer } from '../layer'
import { imageNet } from './image-net'

interface Shape {
  readonly inputs: number
  /** Maps inside the block. */
  readonly width: number
  readonly outputs: number
  readonly stride: number
}

type Body = (name: string, shape: Shape) => readonly Layer[]

/** Two 3x3 convolutions. */
export const basic: Body = (name, { inputs, outputs, stride }) => [
  convolution(`${name}.conv1`, inputs, outputs, 3, { stride, padding: 1, bias: false }),
  batchNorm(`${name}.bn1`, outputs),
  relu,
  convolution(`${name}.conv2`, outputs, outputs, 3, { padding: 1, bias: false }),
  batchNorm(`${name}.bn2`, outputs),
]

/** 1x1 to fewer maps, 3x3, 1x1 to four times as many. */
export const bottleneck: Body = (name, { inputs, width, outputs, stride }) => [
  convolution(`${name}.conv1`, inputs, width, 1, { bias: false }),
  batchNorm(`${name}.bn1`, width),
  relu,
  convolution(`${name}.conv2`, width, width, 3, { stride, padding: 1, bias: false }),
  batchNorm(`${name}.bn2`, width),
  relu,
  convolution(`${name}.conv3`, width, outputs, 1, { bias: false }),
  batchNorm(`${name}.bn3`, outputs),
]

/** The sum of body and shortcut, then ReLU. A shortcut that changes the shape is a 1x1 convolution. */
function block(name: string, body: Body, shape: Shape): readonly Layer[] {
  const { inputs, outputs, stride } = shape
  const isSameShape = stride === 1 && inputs === outputs
  const shortcut = isSameShape
    ? []
    : [
        convolution(`${name}.downsample.0`, inputs, outputs, 1, { stride, bias: false }),
        batchNorm(`${name}.downsample.1`, outputs),
      ]
  return [{ kind: 'residual', body: body(name, shape), shortcut }, relu]
}

interface Options extends Pick<Backbone, 'id' | 'title' | 'about'> {
  readonly body: Body
  /** Outputs of a block for each map inside it. */
  readonly expansion: number
  /** Number of blocks in each of the four stages. */
  readonly blocks: readonly [number, number, number, number]
}

export function resnet({ body, expansion, blocks, ...named }: Options): Backbone {
  const stages = blocks.map((count, index): Stage => {
    const width = 64 * 2 ** index
    const outputs = width * expansion
    const before = index === 0 ? 64 : (width / 2) * expansion
    const layers = Array.from({ length: count }, (_, place) =>
      block(`layer${index + 1}.${place}`, body, {
        inputs: place === 0 ? before : outputs,
        width,
        outputs,
        stride: place === 0 && index > 0 ? 2 : 1,
      }),
    )
    return { name: `layer${index + 1}`, layers: layers.flat() }
  })
  return {
    ...named,
    preprocessing: imageNet,
    stages: [
      {
        name: 'stem',
        layers: [
          convolution('conv1', 3, 64, 7, { stride: 2, padding: 3, bias: false }),
          batchNorm('bn1', 64),
          relu,
          maxPool(3, 2, 1),
        ],
      },
      ...stages,
      { name: 'pool', layers: [{ kind: 'global-average' }] },
    ],
    features: 512 * expansion,
    unused: ['fc.'],
    weights: null,
  }
}
