/**
 * EfficientNet-Lite0 (Tan, Le 2019, "EfficientNet"; Liu 2020, the variant without squeeze-and-excitation and with ReLU6
 * for small devices): inverted residual blocks on images `[224, 224, 3]`, features `[1280]`. A port of TensorFlow's
 * weights: padding is TensorFlow's `same`, and epsilon is 1e-3. Names are those of efficientnet_lite_pytorch.
 */
import type { Backbone, Stage } from '../backbone'
import { convolution, relu6 } from '../build'
import type { Layer } from '../layer'

const norm = (name: string, units: number): Layer => ({ kind: 'batch-norm', name, units, epsilon: 1e-3 })
const unbiased = { padding: 'same', bias: false } as const

/** Blocks of equal width: their number, kernel, stride of the first, expansion, and numbers of maps. */
type Group = readonly [
  blocks: number,
  kernel: number,
  stride: number,
  expansion: number,
  inputs: number,
  outputs: number,
]

const groups: readonly Group[] = [
  [1, 3, 1, 1, 32, 16],
  [2, 3, 2, 6, 16, 24],
  [2, 5, 2, 6, 24, 40],
  [3, 3, 2, 6, 40, 80],
  [3, 5, 1, 6, 80, 112],
  [4, 5, 2, 6, 112, 192],
  [1, 3, 1, 6, 192, 320],
]

/** Expansion to more maps, one kernel a map, projection to `outputs` maps without an activation. */
function block(number: number, [, kernel, stride, expansion, inputs, outputs]: Group): readonly Layer[] {
  const at = (name: string) => `_blocks.${number}.${name}`
  const maps = inputs * expansion
  const expand: readonly Layer[] =
    expansion === 1
      ? []
      : [convolution(at('_expand_conv'), inputs, maps, 1, unbiased), norm(at('_bn0'), maps), relu6]
  const body: readonly Layer[] = [
    ...expand,
    convolution(at('_depthwise_conv'), maps, maps, kernel, { ...unbiased, stride, connects: 'each-map' }),
    norm(at('_bn1'), maps),
    relu6,
    convolution(at('_project_conv'), maps, outputs, 1, unbiased),
    norm(at('_bn2'), outputs),
  ]
  return stride === 1 && inputs === outputs ? [{ kind: 'residual', body, shortcut: [] }] : body
}

function stagesOf(all: readonly Group[]): Stage[] {
  let number = 0
  return all.map((group, index) => {
    const [blocks, kernel, , expansion, , outputs] = group
    const later: Group = [blocks, kernel, 1, expansion, outputs, outputs]
    const layers = Array.from({ length: blocks }, (_, place) => block(number++, place === 0 ? group : later))
    return { name: `blocks ${index + 1}`, layers: layers.flat() }
  })
}

export const efficientnetLite0: Backbone = {
  id: 'efficientnet-lite0',
  title: 'EfficientNet-Lite0',
  about: {
    en: 'small and fast, pretrained on ImageNet; its weights come with the lab.',
    zh: '小而快，在 ImageNet 上预训练；权重随本程序提供。',
  },
  preprocessing: { side: 224, crop: 224 / 256, mean: [127, 127, 127], deviation: [128, 128, 128] },
  stages: [
    {
      name: 'stem',
      layers: [convolution('_conv_stem', 3, 32, 3, { ...unbiased, stride: 2 }), norm('_bn0', 32), relu6],
    },
    ...stagesOf(groups),
    {
      name: 'head',
      layers: [
        convolution('_conv_head', 320, 1280, 1, unbiased),
        norm('_bn1', 1280),
        relu6,
        { kind: 'global-average' },
      ],
    },
  ],
  features: 1280,
  unused: ['_fc.'],
  weights: null,
}
