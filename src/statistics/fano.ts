/** Fano's inequality (Cover, Thomas 2006, theorem 2.10.1), used to get an error rate from an entropy. */

const xLogX = (x: number): number => (x > 0 ? x * Math.log(x) : 0)

/** The largest entropy, in nats, of predictions over K classes that are wrong with probability `error`. */
function uncertaintyAt(error: number, classes: number): number {
  return -xLogX(error) - xLogX(1 - error) + error * Math.log(Math.max(1, classes - 1))
}

/**
 * The error rate that Fano's inequality gives for an entropy over K classes: e with h(e) + e ln(K - 1) = `entropy`,
 * between 0 and (K - 1) / K, the error of guessing.
 */
export function errorAt(entropy: number, classes: number): number {
  let [low, high] = [0, (classes - 1) / classes]
  // Each step halves the interval; after 50 steps it is below double precision.
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2
    if (uncertaintyAt(middle, classes) < entropy) low = middle
    else high = middle
  }
  return high
}
