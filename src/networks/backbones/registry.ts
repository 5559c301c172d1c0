/** All backbones of the lab, in display order. */
import type { Backbone } from '../backbone'
import { efficientnetLite0 } from './efficientnet-lite0'
import { mobilenetV2 } from './mobilenet-v2'
import { resnet18 } from './resnet-18'
import { resnet50 } from './resnet-50'

export const backbones: readonly Backbone[] = [efficientnetLite0, mobilenetV2, resnet18, resnet50]

export const backboneIds = backbones.map(({ id }) => id) as [string, ...string[]]

/** Undefined for a name that no backbone has. */
export function backboneNamed(id: string): Backbone | undefined {
  return backbones.find((backbone) => backbone.id === id)
}
