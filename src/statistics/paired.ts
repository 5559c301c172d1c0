/**
 * Compares two networks on the same images. Images that both get right or both get wrong do not show which network is
 * better, so these tests use the images on which they differ. This is far more sensitive than comparing two intervals.
 */
import { mean, quantileSorted } from 'simple-statistics'
import { stream } from '../data/random'
import type { Interval } from './interval'

/** For each network, which of the same images it classifies correctly, in the same order. */
export interface Paired {
  readonly first: readonly boolean[]
  readonly second: readonly boolean[]
}

export interface McNemar {
  readonly onlyFirst: number
  readonly onlySecond: number
  /** Two-sided and exact: that of a fair coin tossed once for each image on which they differ. */
  readonly p: number
}

/** McNemar's test (1947), in its exact form. */
export function mcnemar({ first, second }: Paired): McNemar {
  const onlyFirst = first.filter((right, index) => right && second[index] === false).length
  const onlySecond = second.filter((right, index) => right && first[index] === false).length
  const thrown = onlyFirst + onlySecond
  const tail = fairTail(Math.min(onlyFirst, onlySecond), thrown)
  return { onlyFirst, onlySecond, p: Math.min(1, 2 * tail) }
}

/** Probability that a fair coin shows at most `heads` heads in `thrown` tosses. */
function fairTail(heads: number, thrown: number): number {
  // ln of the binomial coefficient times 2^-thrown, updated from term to term so that nothing overflows.
  let term = -thrown * Math.LN2
  let sum = Math.exp(term)
  for (let k = 1; k <= heads; k++) {
    term += Math.log(thrown - k + 1) - Math.log(k)
    sum += Math.exp(term)
  }
  return sum
}

export interface Bootstrap extends Interval {
  /** Accuracy of the second minus accuracy of the first. */
  readonly difference: number
}

const draws = 2000

/** The 95 % interval of the difference of accuracies, by the paired percentile bootstrap (Efron 1979). */
export function pairedBootstrap(paired: Paired, seed = 0): Bootstrap {
  return pooledBootstrap([paired], seed)
}

/**
 * The same for several pairs of networks on the same images, such as one pair per seed. The differences of one image
 * are not independent, so images are drawn, each with the mean of its differences; the pairs are fixed.
 */
export function pooledBootstrap(pairs: readonly Paired[], seed = 0): Bootstrap {
  const each = pairs.map(differencesBetween)
  const [first = []] = each
  const differences = first.map((_, index) => mean(each.map((values) => values[index] ?? 0)))
  const count = differences.length
  const random = stream(seed, 'bootstrap')
  const means = Array.from({ length: draws }, () => {
    let sum = 0
    for (let index = 0; index < count; index++) sum += differences[random.integer(count)] ?? 0
    return sum / count
  }).sort((a, b) => a - b)
  return {
    difference: mean(differences),
    low: quantileSorted(means, 0.025),
    high: quantileSorted(means, 0.975),
  }
}

function differencesBetween({ first, second }: Paired): number[] {
  return first.map((right, index) => Number(second[index] ?? false) - Number(right))
}
