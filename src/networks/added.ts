/**
 * Networks that a method adds to MS, C and MT, as data: declarations are written to a JSON file when the lab is bundled,
 * and read where there is no TensorFlow. Sizes that depend on the experiment are given by name.
 */
import type { BatchNorm, Dropout, Layer, Linear } from './layer'
import type { BaseLayers } from './registry'

export type Size = number | 'features' | 'classes' | 'features x classes'

/** A layer on features, or an activation that a parameter of the method switches on. */
export type SizedLayer =
  | (Omit<Linear, 'inputs' | 'outputs'> & { readonly inputs: Size; readonly outputs: Size })
  | (Omit<BatchNorm, 'units'> & { readonly units: Size })
  | { readonly kind: 'relu' | 'relu6'; readonly when?: Condition }
  | Dropout

/** The layer is there if the parameter has this value. */
export interface Condition {
  readonly parameter: string
  readonly is: string
}

export type AddedNetwork =
  | { readonly id: string; readonly like: 'encoder' | 'classifier' }
  | { readonly id: string; readonly layers: readonly SizedLayer[] }

/** @param values of the method's parameters; they decide about activations only, so shapes do not need them */
export function layersOfAdded(
  network: AddedNetwork,
  { features, ...base }: BaseLayers,
  classes: number,
  values: Readonly<Record<string, unknown>> = {},
): readonly Layer[] {
  if ('like' in network) return base[network.like]
  const sizes = { features, classes, 'features x classes': features * classes }
  const sized = (size: Size) => (typeof size === 'number' ? size : sizes[size])
  return network.layers.flatMap((layer): Layer[] => {
    switch (layer.kind) {
      case 'linear':
        return [{ ...layer, inputs: sized(layer.inputs), outputs: sized(layer.outputs) }]
      case 'batch-norm':
        return [{ ...layer, units: sized(layer.units) }]
      case 'dropout':
        return [layer]
      default: {
        const { kind, when } = layer
        return when === undefined || values[when.parameter] === when.is ? [{ kind }] : []
      }
    }
  })
}
