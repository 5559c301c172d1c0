/** The images that pictures and distances are drawn from: few enough to be quick, the same in every round. */
import { stream } from '../data/random'

/** Images of each domain. */
const sampleSize = 1000

/** Indices into the domain's images; the same for the same seed and number of images. */
export function sampleIndices(domain: 'source' | 'target', count: number, seed: number): Int32Array {
  return stream(seed, 'sample', domain).permutation(count).subarray(0, sampleSize)
}
