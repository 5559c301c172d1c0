/** The backbones that this process has loaded. */
import { readBackbone } from '../checkpoints/backbone-store'
import { inMemory } from '../checkpoints/layout'
import type { BackboneChoice } from '../contract/experiment'
import { backbonesFolder } from '../data/bundled'
import { backboneNamed, tensorsOfBackbone } from '../networks/backbones/registry'
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
  const backbone = backboneNamed(choice.network)
  const store = { brought, bundled: backbonesFolder() }
  const tensors = await readBackbone(store, backbone, choice.weights)
  const stored = new Map(tensors.map((tensor) => [tensor.name, tensor]))
  const weights = tensorsOfBackbone(backbone).map((declared) => {
    const tensor = stored.get(declared.name)
    if (tensor === undefined) throw new Error(`no tensor ${declared.name}`)
    return inMemory(tensor, declared)
  })
  return createExtractor(backbone, weights, side)
}
