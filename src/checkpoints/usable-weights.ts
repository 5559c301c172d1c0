/**
 * Checks whether networks can compute with stored weights. Outputs do not reveal NaN, infinite or overflowing weights:
 * max-pooling skips NaN, ReLU turns minus infinity into 0, and argMax of NaN logits is the first class, so every image
 * would get that class.
 */
import { labError } from '../contract/errors'
import type { NamedTensor } from './safetensors'
import type { AddedNetwork } from '../networks/added'
import { baseNetworks } from './shapes'

/** The largest float32. */
const largest = (2 - 2 ** -23) * 2 ** 127
/** The value that batch normalisation adds to a variance (src/models/batch-norm.ts). */
const epsilon = 1e-5

/** @throws `tensor-not-finite` for the first tensor that holds NaN or an infinity */
export function requireFinite(tensors: readonly NamedTensor[], file: string): void {
  for (const { name, data } of tensors) {
    const value = firstNotFinite(data)
    if (value !== null) throw labError('tensor-not-finite', { file, tensor: name, value: String(value) })
  }
}

/** @throws `tensor-negative-variance` for the first tensor of variances that holds a negative number */
export function requireVariances(tensors: readonly NamedTensor[], file: string): void {
  for (const { name, data } of tensors)
    if (name.endsWith('.running_var') && data.some((value) => value < 0))
      throw labError('tensor-negative-variance', { file, tensor: name })
}

/**
 * Checks the weights of MS, C, MT and the networks that methods add, in PyTorch's layout; others may hold any values.
 * @throws `tensor-not-finite`, `tensor-negative-variance`, `tensor-overflows`
 */
export function requireUsable(
  tensors: readonly NamedTensor[],
  file: string,
  added: readonly AddedNetwork[] = [],
): void {
  const ids = [...baseNetworks, ...added.map(({ id }) => id)]
  const own = tensors.filter(({ name }) => ids.some((id) => name.startsWith(`${id}.`)))
  requireFinite(own, file)
  requireVariances(own, file)
  const networks = ids.map((network) => reachOf(network, own))
  const encoder = furthest(networks.filter(({ network }) => network.endsWith('_encoder')))
  const head = furthest(networks.filter(({ network }) => !network.endsWith('_encoder')))
  if (encoder.reach * head.reach <= largest) return
  const steepest = encoder.growth > head.growth ? encoder : head
  throw labError('tensor-overflows', { file, tensor: steepest.tensor })
}

/** A loop, because `findIndex` takes ten times as long. */
function firstNotFinite(values: Float32Array): number | null {
  for (let index = 0; index < values.length; index++) {
    const value = values[index] ?? 0
    if (!Number.isFinite(value)) return value
  }
  return null
}

interface Reach {
  readonly network: string
  /** Upper bound of the network's outputs for inputs up to 1. */
  readonly reach: number
  /** Upper bound of the growth in its steepest layer, and the name of that layer's weights. */
  readonly growth: number
  readonly tensor: string
}

function furthest(networks: readonly Reach[]): Reach {
  return networks.reduce((most, one) => (one.reach > most.reach ? one : most), nothing(''))
}

const nothing = (network: string): Reach => ({ network, reach: 1, growth: 1, tensor: '' })

/** Pixels are within [-1, 1]; vectors are taken to be of the same size. The bound of each layer's input is at least 1, so the order of layers does not matter. */
function reachOf(network: string, tensors: readonly NamedTensor[]): Reach {
  const weights = tensors.filter(({ name }) => name.startsWith(`${network}.`) && name.endsWith('.weight'))
  return weights.reduce((before, weight): Reach => {
    const growth = growthOf(weight, tensors)
    const reach = before.reach * Math.max(1, growth)
    return growth > before.growth ? { network, reach, growth, tensor: weight.name } : { ...before, reach }
  }, nothing(network))
}

/** Upper bound of a unit's output for inputs up to 1, including the bias. */
function growthOf({ name, shape, data }: NamedTensor, tensors: readonly NamedTensor[]): number {
  const units = shape[0] ?? 0
  const beside = (part: string) => {
    const partName = name.replace(/weight$/, part)
    return tensors.find((tensor) => tensor.name === partName)?.data
  }
  const [bias, mean, variance] = ['bias', 'running_mean', 'running_var'].map(beside)
  const length = data.length / Math.max(1, units)
  let most = 0
  for (let unit = 0; unit < units; unit++) {
    let sum = 0
    for (let index = unit * length; index < (unit + 1) * length; index++) sum += Math.abs(data[index] ?? 0)
    const centred = sum * (1 + Math.abs(mean?.[unit] ?? 0))
    const scaled = variance === undefined ? centred : centred / Math.sqrt((variance[unit] ?? 0) + epsilon)
    most = Math.max(most, scaled + Math.abs(bias?.[unit] ?? 0))
  }
  return most
}
