/** All backbones of the lab, in display order. */
import type { Backbone } from '../backbone'
import type { Layer } from '../layer'
import { tensorsOf, type DeclaredTensor } from '../tensors'
import { efficientnetLite0 } from './efficientnet-lite0'
import { mobilenetV2 } from './mobilenet-v2'
import { resnet18 } from './resnet-18'
import { resnet50 } from './resnet-50'

export const backbones: readonly Backbone[] = [efficientnetLite0, resnet18, resnet50, mobilenetV2]

export const backboneIds = backbones.map(({ id }) => id) as [string, ...string[]]

export function backboneNamed(id: string): Backbone {
  const backbone = backbones.find((one) => one.id === id)
  if (backbone === undefined) throw new Error(`no backbone ${id}`)
  return backbone
}

/** The layers of all stages in order. */
export function layersOfBackbone({ stages }: Pick<Backbone, 'stages'>): readonly Layer[] {
  return stages.flatMap(({ layers }) => layers)
}

/** All tensors that the features need. */
export function tensorsOfBackbone(backbone: Pick<Backbone, 'stages'>): readonly DeclaredTensor[] {
  return tensorsOf(layersOfBackbone(backbone))
}

/** Whether its features do not need a tensor of this name: its own classifier, or a counter of PyTorch's. */
export function isUnused({ unused }: Pick<Backbone, 'unused'>, tensor: string): boolean {
  return tensor.endsWith('.num_batches_tracked') || unused.some((start) => tensor.startsWith(start))
}
