/**
 * Tests whether two methods differ, from one difference per seed. If they do not differ, each difference could equally
 * have the opposite sign (Fisher 1935): the test counts how many of all 2^N sign assignments give a sum at least as
 * far from 0. All are enumerated, so N must be small.
 */

export interface SignFlip {
  /** Two-sided and exact. */
  readonly p: number
  /** The smallest p possible with this number of differences: 2 / 2^N. */
  readonly minP: number
}

export function signFlip(differences: readonly number[]): SignFlip {
  const ways = 2 ** differences.length
  const observed = Math.abs(differences.reduce((sum, value) => sum + value, 0))
  // The order of summation changes the last bits.
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
