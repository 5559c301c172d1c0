/** The backbones that this process has loaded. */
import { readBackbone } from '../checkpoints/backbone-store'
import { transposed } from '../checkpoints/layout'
import type { NamedTensor } from '../checkpoints/safetensors'
import { declarationOf } from '../contract/encoder-input'
import type { BackboneChoice } from '../contract/experiment'
import { backbonesFolder } from '../data/bundled'
import type { Backbone } from '../networks/backbone'
import { tensorsOfBackbone } from '../networks/backbones/registry'
import { createExtractor, type Extractor } from '../training/extractor'

interface Loaded {
  readonly key: string
  readonly extractor: Promise<Extractor>
}

/** One takes up to a few hundred megabytes, so another one replaces it. */
let loaded: Loaded | null = null

/**
 * @param brought the folder of weights that the user brought
 * @throws `backbone-missing`, `backbone-damaged`
 */
export function extractorFor(choice: BackboneChoice, side: number, brought: string): Promise<Extractor> {
  const key = JSON.stringify([choice, side])
  if (loaded?.key === key) return loaded.extractor
  void loaded?.extractor.then(
    ({ dispose }) => dispose(),
    () => undefined,
  )
  const extractor = load(choice, side, brought)
  loaded = { key, extractor }
  // A failure is not remembered: the user may bring the weights.
  extractor.catch(() => (loaded = null))
  return extractor
}

async function load(choice: BackboneChoice, side: number, brought: string): Promise<Extractor> {
  const backbone = declarationOf(choice)
  const store = { brought, bundled: backbonesFolder() }
  const tensors = await readBackbone(store, backbone, choice.weights)
  return createExtractor(backbone, inMemory(tensors, backbone), side)
}

/** From PyTorch's layout to TensorFlow's. */
function inMemory(tensors: readonly NamedTensor[], backbone: Backbone): NamedTensor[] {
  const declared = new Map(tensorsOfBackbone(backbone).map((one) => [one.name, one]))
  return tensors.map((tensor) => {
    const one = declared.get(tensor.name)
    if (one === undefined) throw new Error(`no layout of ${tensor.name}`)
    if (one.layout === null) return tensor
    const { axes, order } = one.layout
    const apart = { ...tensor, shape: order.map((axis) => axes[axis] ?? 0) }
    const back = axes.map((_, axis) => order.indexOf(axis))
    return { ...transposed(apart, back), shape: one.memoryShape }
  })
}
