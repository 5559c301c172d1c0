/**
 * The networks that an experiment has, by their ids in checkpoints, and the shapes of their tensors in PyTorch's layout:
 * what a checkpoint must hold, and its size. Both follow from the declarations in src/networks.
 */
import type { ModelOptions } from '../contract/experiment'
import { layersOfAdded, type AddedNetwork } from '../networks/added'
import type { Layer } from '../networks/layer'
import { baseLayers } from '../networks/registry'
import { shapesByName } from '../networks/tensors'
import { sizeOf } from './safetensors'

/** Shapes by tensor name, in PyTorch's layout. */
export type Shapes = Readonly<Record<string, readonly number[]>>

/** The networks that every experiment has. */
export const baseNetworks = ['source_encoder', 'classifier', 'target_encoder'] as const
export type BaseNetwork = (typeof baseNetworks)[number]

/** A network of every experiment, or one that a method declares. */
export type DeclaredNetwork = BaseNetwork | AddedNetwork

/** The model options that determine shapes. */
export type ShapeOptions = Pick<
  ModelOptions,
  'encoder' | 'side' | 'channels' | 'length' | 'hidden' | 'batchNorm'
>

/** Layers by the network's id. */
export type Networks = ReadonlyMap<string, readonly Layer[]>

export const idOf = (network: DeclaredNetwork): string => (typeof network === 'string' ? network : network.id)

export function layersOf(network: DeclaredNetwork, model: ShapeOptions, classes: number): readonly Layer[] {
  const base = baseLayers({ ...model, classifierActivation: 'none', dropout: 0 }, classes)
  if (typeof network !== 'string') return layersOfAdded(network, base, classes)
  return network === 'classifier' ? base.classifier : base.encoder
}

export function networksOf(model: ShapeOptions, classes: number, added: readonly AddedNetwork[]): Networks {
  const networks: readonly DeclaredNetwork[] = [...baseNetworks, ...added]
  return new Map(networks.map((network) => [idOf(network), layersOf(network, model, classes)]))
}

/** Shapes by tensor name, for example "source_encoder.conv1.weight": [32, 1, 5, 5]. */
export function shapesOf(network: DeclaredNetwork, model: ShapeOptions, classes: number): Shapes {
  return shapesByName(idOf(network), layersOf(network, model, classes))
}

/** Bytes of a network's float32 values. */
export function networkBytes(network: DeclaredNetwork, model: ShapeOptions, classes: number): number {
  const shapes = Object.values(shapesOf(network, model, classes))
  return shapes.reduce((bytes, shape) => bytes + 4 * sizeOf(shape), 0)
}
