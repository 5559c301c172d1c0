/**
 * The order of images in training. One pass visits every image once, in batches of a given size; an epoch is one pass,
 * or a fixed number of steps.
 */
import type { Random } from './random'

/** Indices 0 to length - 1, each once, in random order. The last batch may be smaller; it is kept. */
export function batches(length: number, size: number, random: Random): Int32Array[] {
  const order = random.permutation(length)
  const result: Int32Array[] = []
  for (let start = 0; start < length; start += size) result.push(order.subarray(start, start + size))
  return result
}

/** The batches of one epoch or round. `at` gives that of any step, from 0; a resumed training begins in the middle. */
export interface Steps<Batch> {
  readonly count: number
  readonly at: (step: number) => Batch
}

/** The random numbers for the order of pass `pass` (from 1). */
export type OrderOf = (pass: number) => Random

/** The batches of one epoch. `steps`: number of steps; null: one pass. */
export function epochBatches(
  length: number,
  size: number,
  steps: number | null,
  orderOf: OrderOf,
): Steps<Int32Array> {
  return steps === null
    ? listed(batches(length, size, orderOf(1)))
    : { count: steps, at: fullBatches(length, size, orderOf) }
}

export interface PairedBatch {
  readonly source: Int32Array
  readonly target: Int32Array
}

/** Values for each domain. */
export type Both<T> = Readonly<Record<'source' | 'target', T>>

/**
 * The batches of one adaptation round: pairs of a source and a target batch, each domain in its own order. If `steps`
 * is null, the domain with fewer batches ends the round, so the two parts of the last pair may differ in length.
 * Otherwise each domain starts its next pass when one is over, until there are `steps` pairs.
 */
export function pairedBatches(
  lengths: Both<number>,
  size: number,
  steps: number | null,
  orders: Both<OrderOf>,
): Steps<PairedBatch> {
  const source = epochBatches(lengths.source, size, steps, orders.source)
  const target = epochBatches(lengths.target, size, steps, orders.target)
  return {
    count: Math.min(source.count, target.count),
    at: (step) => ({ source: source.at(step), target: target.at(step) }),
  }
}

/** Steps whose batches include every size that occurs in the epoch: only the last batch may be smaller. */
export function examplesOf<Batch>({ count, at }: Steps<Batch>): Batch[] {
  return [0, count - 1].map(at)
}

/** Number of images, or pairs, that one epoch shows. */
export function imagesInEpoch(
  length: number,
  { batch, steps }: { readonly batch: number; readonly steps: number | null },
): number {
  return steps === null ? length : steps * Math.min(batch, length)
}

function listed(parts: readonly Int32Array[]): Steps<Int32Array> {
  return { count: parts.length, at: (step) => parts[step] ?? new Int32Array(0) }
}

/**
 * Passes without end, in batches of `size` images, or of all images if there are fewer. Images left over at the end of
 * a pass are skipped.
 */
function fullBatches(length: number, size: number, orderOf: OrderOf): (step: number) => Int32Array {
  const inPass = Math.max(1, Math.floor(length / size))
  let known: { readonly pass: number; readonly order: Int32Array } | null = null
  return (step) => {
    const pass = Math.floor(step / inPass) + 1
    if (known?.pass !== pass) known = { pass, order: orderOf(pass).permutation(length) }
    const start = (step % inPass) * size
    return known.order.subarray(start, start + size)
  }
}
