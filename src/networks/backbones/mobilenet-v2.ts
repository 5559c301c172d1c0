/**
 * MobileNetV2 (Sandler et al. 2018, "Inverted Residuals and Linear Bottlenecks", table 2) on images `[224, 224, 3]`,
 * features `[1280]`, with torchvision's names and its symmetric padding.
 */
import type { Backbone, Stage } from '../backbone'
import { batchNorm, convolution, relu6 } from '../build'
import type { Layer } from '../layer'
import { imageNet } from './image-net'

/** Of the paper's table: expansion, maps, number of blocks, stride of the first. */
type Group = readonly [expansion: number, outputs: number, blocks: number, stride: number]

const groups: readonly Group[] = [
  [1, 16, 1, 1],
  [6, 24, 2, 2],
  [6, 32, 3, 2],
  [6, 64, 4, 2],
  [6, 96, 3, 1],
  [6, 160, 3, 2],
  [6, 320, 1, 1],
]

interface Block {
  readonly inputs: number
  readonly outputs: number
  readonly expansion: number
  readonly stride: number
}

function block(number: number, { inputs, outputs, expansion, stride }: Block): readonly Layer[] {
  const maps = inputs * expansion
  const isExpanded = expansion !== 1
  const at = (place: number | string) => `features.${number}.conv.${place}`
  const expand = isExpanded
    ? [convolution(at('0.0'), inputs, maps, 1, { bias: false }), batchNorm(at('0.1'), maps), relu6]
    : []
  const next = isExpanded ? 1 : 0
  const depthwise = convolution(at(`${next}.0`), maps, maps, 3, {
    stride,
    padding: 1,
    connects: 'each-map',
    bias: false,
  })
  const body: readonly Layer[] = [
    ...expand,
    depthwise,
    batchNorm(at(`${next}.1`), maps),
    relu6,
    convolution(at(next + 1), maps, outputs, 1, { bias: false }),
    batchNorm(at(next + 2), outputs),
  ]
  return stride === 1 && inputs === outputs ? [{ kind: 'residual', body, shortcut: [] }] : body
}

function stagesOf(all: readonly Group[]): Stage[] {
  let number = 1
  let inputs = 32
  return all.map(([expansion, outputs, blocks, first], index) => {
    const layers = Array.from({ length: blocks }, (_, place) => {
      const made = block(number++, { inputs, outputs, expansion, stride: place === 0 ? first : 1 })
      inputs = outputs
      return made
    })
    return { name: `blocks ${index + 1}`, layers: layers.flat() }
  })
}

export const mobilenetV2: Backbone = {
  id: 'mobilenet-v2',
  title: 'MobileNetV2',
  about: {
    en: 'small and fast; you bring a file of torchvision or timm.',
    zh: '小而快；权重文件由你从 torchvision 或 timm 提供。',
  },
  preprocessing: imageNet,
  stages: [
    {
      name: 'stem',
      layers: [
        convolution('features.0.0', 3, 32, 3, { stride: 2, padding: 1, bias: false }),
        batchNorm('features.0.1', 32),
        relu6,
      ],
    },
    ...stagesOf(groups),
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
