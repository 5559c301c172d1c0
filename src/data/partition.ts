/**
 * The two ways to split a dataset into training and test images. Both are used in the literature, so every result
 * names the one it uses.
 *
 * `original`: the split of the files. A dataset with one set of images has `original/train` with all images and no
 * `original/test`: nothing is held out unless `pooled` is chosen.
 *
 * `pooled`: training and test images together, split again 80 : 20 within each class as nearly as whole images allow.
 * The draw has a fixed seed, independent of an experiment's seeds. USPS gives 7,438 and 1,860. A dataset with samples
 * without a label has no pooled split.
 *
 * An image has one index in every partition: its position among the training images, followed by the test images.
 */
import { type SampleTable, unknownLabel } from './dataset'
import { stream } from './random'

export type Partition = 'original' | 'pooled'
export type Split = 'train' | 'test'

/** Never change this value: it defines the pooled split of all results. */
const pooledSeed = 9298
const trainingShare = 0.8

/**
 * The number of training images in each class when `counts` are pooled. The total is the rounded share of all images;
 * images left over by rounding down go to the classes with the largest remainders.
 */
export function pooledTrainingCounts(counts: readonly number[]): number[] {
  const exact = counts.map((count) => count * trainingShare)
  const floors = exact.map(Math.floor)
  const total = Math.round(counts.reduce((sum, count) => sum + count, 0) * trainingShare)
  const left = total - floors.reduce((sum, floor) => sum + floor, 0)
  const remainder = (label: number) => (exact[label] ?? 0) - (floors[label] ?? 0)
  const byRemainder = counts.map((_, label) => label).sort((a, b) => remainder(b) - remainder(a) || a - b)
  for (const label of byRemainder.slice(0, left)) floors[label] = (floors[label] ?? 0) + 1
  return floors
}

/** Number of samples in each of `classes` classes; those without a label are not counted. */
export function countByClass(labels: Iterable<number>, classes: number): number[] {
  const counts = new Array<number>(classes).fill(0)
  for (const label of labels) if (label >= 0) counts[label] = (counts[label] ?? 0) + 1
  return counts
}

/**
 * Samples by class for every available split, from the counts in the files' own split.
 * @param allLabelled false: there are also samples without a label, and the pooled split, drawn by class, is absent
 */
export function countSplits(
  train: readonly number[],
  test: readonly number[] | null,
  allLabelled = true,
): Record<string, number[]> {
  const original = { 'original/train': [...train], ...(test === null ? {} : { 'original/test': [...test] }) }
  if (!allLabelled) return original
  const all = train.map((count, label) => count + (test?.[label] ?? 0))
  const pooled = pooledTrainingCounts(all)
  return {
    ...original,
    'pooled/train': pooled,
    'pooled/test': all.map((count, label) => count - (pooled[label] ?? 0)),
  }
}

/** All samples of a table under one index: training samples first, then test samples. */
export interface Pool {
  readonly count: number
  readonly training: number
  labelAt(index: number): number
}

export function poolOf({ train, test }: SampleTable): Pool {
  const training = train.labels.length
  const testLabels = test?.labels ?? new Int32Array(0)
  return {
    count: training + testLabels.length,
    training,
    labelAt: (index) =>
      (index < training ? train.labels[index] : testLabels[index - training]) ?? unknownLabel,
  }
}

/** The set of the sample with this index, and its row there. */
export function locate<Set extends SampleTable['train']>(
  { train, test }: { readonly train: Set; readonly test: Set | null },
  index: number,
): { set: Set; row: number } {
  const training = train.labels.length
  if (index < training || test === null) return { set: train, row: index }
  return { set: test, row: index - training }
}

function range(start: number, end: number): Int32Array {
  return Int32Array.from({ length: end - start }, (_, i) => start + i)
}

function pooledSplit(pool: Pool, split: Split): Int32Array {
  const members: number[][] = []
  for (let index = 0; index < pool.count; index++) {
    const label = pool.labelAt(index)
    if (label === unknownLabel) continue
    while (members.length <= label) members.push([])
    members[label]?.push(index)
  }
  const training = pooledTrainingCounts(members.map((indices) => indices.length))
  const chosen = members.flatMap((indices, label) => {
    const order = stream(pooledSeed, 'pooled', label).permutation(indices.length)
    const cut = training[label] ?? 0
    const part = split === 'train' ? order.subarray(0, cut) : order.subarray(cut)
    return Array.from(part, (position) => indices[position] ?? 0)
  })
  return Int32Array.from(chosen).sort()
}

/** The indices of a split's samples, ascending. Empty if the files have no such split. */
export function splitIndices(samples: SampleTable, partition: Partition, split: Split): Int32Array {
  const pool = poolOf(samples)
  if (partition === 'pooled') return pooledSplit(pool, split)
  return split === 'train' ? range(0, pool.training) : range(pool.training, pool.count)
}

/** The files of a dataset's samples by their index; null if they came from arrays. */
export function filesOf({ train, test }: SampleTable): string[] | null {
  if (train.origins === undefined) return null
  return [...train.origins, ...(test?.origins ?? [])]
}
