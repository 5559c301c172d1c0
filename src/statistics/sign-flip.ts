/**
 * Whether two methods differ, by one difference a seed. If they did not, each difference might as well have had the other
 * sign (Fisher 1935): the test counts how many of all 2^N ways to sign them give a sum at least as far from 0. They are
 * gone through one by one, so N has to stay small.
 */

export interface SignFlip {
  /** Two-sided and exact. */
  readonly p: number
  /** As small as p can become with so many differences: 2 / 2^N. */
  readonly minP: number
}

export function signFlip(differences: readonly number[]): SignFlip {
  const ways = 2 ** differences.length
  const observed = Math.abs(differences.reduce((sum, value) => sum + value, 0))
  // Sums of the same values in another order differ in their last bits.
  const least = observed - 1e-12
  let asFar = 0
  for (let way = 0; way < ways; way++) {
    let sum = 0
    for (let index = 0; index < differences.length; index++) {
      const value = differences[index] ?? 0
      sum += (way >> index) & 1 ? -value : value
    }
    if (Math.abs(sum) >= least) asFar++
  }
  return { p: asFar / ways, minP: Math.min(1, 2 / ways) }
}
