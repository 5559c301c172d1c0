/**
 * Weights in a safetensors file of another program. Only the tensors that the lab's networks need are decoded. Others
 * may have any type: PyTorch's `state_dict()` of batch normalisation holds `num_batches_tracked` (I64), and a file can
 * hold a step number or the state of an optimiser.
 */
import { labError } from '../contract/errors'
import { shortened } from '../contract/shortened'
import type { AddedNetwork } from '../networks/added'
import { recognise, shapesIn } from './recognise'
import { decodeTensor, maxShown, type Entry, type Header, type StoredTensor } from './safetensors'

/** Names that PyTorch's wrappers put before those of the module: DataParallel, and torch.compile. */
const wrappers: readonly string[] = ['module', '_orig_mod']

export interface ForeignWeights {
  /** In our names. */
  readonly tensors: readonly StoredTensor[]
  /** Names in the file of the tensors that no network needs. */
  readonly passedOver: readonly string[]
  /** The wrappers' names that were removed from the names of tensors. */
  readonly removed: readonly string[]
}

/** @throws `tensors-of-one-name`, `tensor-type-unreadable` */
export function decodeForeign(
  bytes: Uint8Array,
  header: Header,
  file: string,
  added: readonly AddedNetwork[],
): ForeignWeights {
  const entries = header.entries.map((entry) => ({
    ...entry,
    stored: entry.name,
    name: unwrapped(entry.name),
  }))
  const expected = new Set(Object.keys(shapesIn(recognise(entries, added))))
  const needed = new Map<string, Entry & { readonly stored: string }>()
  const passedOver: string[] = []
  for (const entry of entries) {
    const { name, stored } = entry
    const same = needed.get(name)
    if (same !== undefined) {
      const [first, second] = [shortened(same.stored, maxShown), shortened(stored, maxShown)]
      throw labError('tensors-of-one-name', { file, first, second, tensor: name })
    }
    if (expected.has(name)) needed.set(name, entry)
    else passedOver.push(stored)
  }
  const kept = [...needed.values()]
  return {
    tensors: kept.map((entry) => decodeTensor(bytes, header, entry, file)),
    passedOver,
    removed: prefixesIn(kept.map(({ stored }) => stored)),
  }
}

/** The wrappers' names that are in these names of tensors. */
export function prefixesIn(names: readonly string[]): readonly string[] {
  return wrappers.filter((wrapper) => names.some((name) => name.split('.').includes(wrapper)))
}

/** The name without wrappers, at any depth: `module.source_encoder._orig_mod.fc.bias` is `source_encoder.fc.bias`. */
export function unwrapped(name: string): string {
  const parts = name.split('.').filter((part) => !wrappers.includes(part))
  return parts.length === 0 ? name : parts.join('.')
}
