/** The fixed sample of images used for pictures and distances: small enough to be fast, the same in every round. */
import { stream } from '../data/random'

/** Maximum number of images per domain. */
const sampleSize = 1000

/** Indices into the domain's images; the same for the same seed and number of images. */
export function sampleIndices(domain: 'source' | 'target', count: number, seed: number): Int32Array {
  return stream(seed, 'sample', domain).permutation(count).subarray(0, sampleSize)
}
