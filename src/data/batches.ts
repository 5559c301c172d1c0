/** The order of images in training: one pass visits every image once, in batches of a given size. */
import type { Random } from './random'

/** Indices 0 to length - 1, each once, in random order. The last batch may be smaller; it is kept. */
export function batches(length: number, size: number, random: Random): Int32Array[] {
  const order = random.permutation(length)
  const result: Int32Array[] = []
  for (let start = 0; start < length; start += size) result.push(order.subarray(start, start + size))
  return result
}

export interface PairedBatch {
  readonly source: Int32Array
  readonly target: Int32Array
}

/**
 * The batches of one adaptation round: pairs of a source and a target batch, each domain in its own order. The domain
 * with fewer batches ends the round, so the two parts of the last pair may differ in length.
 */
export function pairedBatches(
  sourceLength: number,
  targetLength: number,
  size: number,
  sourceRandom: Random,
  targetRandom: Random,
): PairedBatch[] {
  const targets = batches(targetLength, size, targetRandom)
  const pairs: PairedBatch[] = []
  for (const source of batches(sourceLength, size, sourceRandom)) {
    const target = targets[pairs.length]
    if (target === undefined) break
    pairs.push({ source, target })
  }
  return pairs
}
