/**
 * The source of all randomness: streams keyed by a seed and a purpose, such as (seed, 'source-batches', epoch). Equal
 * keys give equal numbers on every machine, so repeating or resuming a run needs only the keys, not a generator's
 * state.
 */
import { createHash } from 'crypto'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { uniformInt } from 'pure-rand/distribution/uniformInt'
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus'

export interface Random {
  /** Uniform in [0, 1), with 53 bits. */
  uniform(): number
  /** Normal with mean 0 and deviation 1 (Box and Muller 1958). */
  normal(): number
  /** A whole number, uniform in [0, n). */
  integer(n: number): number
  /** The numbers 0 to n - 1 in random order (Fisher and Yates, in Durstenfeld's form). */
  permutation(n: number): Int32Array
}

/**
 * The order of the images in each pass (from 1) of an epoch or round. The first pass has no number in its key: most
 * epochs have one.
 */
export function passOrder(seed: number, purpose: string, epoch: number): (pass: number) => Random {
  return (pass) => (pass === 1 ? stream(seed, purpose, epoch) : stream(seed, purpose, epoch, pass))
}

export function stream(seed: number, ...keys: (string | number)[]): Random {
  const digest = createHash('sha256')
    .update(JSON.stringify([seed, ...keys]))
    .digest()
  const state = [0, 4, 8, 12].map((offset) => digest.readInt32LE(offset))
  const generator = xoroshiro128plusFromState(state)
  let spare: number | null = null

  const uniform = () => uniformFloat64(generator)
  const integer = (n: number) => uniformInt(generator, 0, n - 1)

  function normal(): number {
    if (spare !== null) {
      const value = spare
      spare = null
      return value
    }
    const radius = Math.sqrt(-2 * Math.log(1 - uniform()))
    const angle = 2 * Math.PI * uniform()
    spare = radius * Math.sin(angle)
    return radius * Math.cos(angle)
  }

  function permutation(n: number): Int32Array {
    const order = Int32Array.from({ length: n }, (_, i) => i)
    for (let last = n - 1; last > 0; last--) {
      const other = integer(last + 1)
      const moved = order[last] ?? 0
      order[last] = order[other] ?? 0
      order[other] = moved
    }
    return order
  }

  return { uniform, normal, integer, permutation }
}
