/**
 * The digest by which weights of a backbone are known, whatever file they come from: SHA-256 of the tensors that its
 * features need, in the order of their names, each as a line `name [shape]` and its values as little-endian float32.
 */
import { createHash } from 'crypto'
import { bytesOf, type NamedTensor } from './safetensors'

/** In the order of the bytes of their names, which are ASCII. */
export function inCanonicalOrder<T extends Pick<NamedTensor, 'name'>>(tensors: readonly T[]): T[] {
  return [...tensors].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
}

/** In hexadecimal. `tensors` have their declared names and PyTorch's layout. */
export function backboneDigest(tensors: readonly NamedTensor[]): string {
  const hash = createHash('sha256')
  for (const tensor of inCanonicalOrder(tensors))
    hash.update(`${tensor.name} [${tensor.shape.join(', ')}]\n`).update(bytesOf(tensor))
  return hash.digest('hex')
}
