/** Fano's inequality (Cover, Thomas 2006, theorem 2.10.1), read from uncertainty to error. */

const xLogX = (x: number): number => (x > 0 ? x * Math.log(x) : 0)

/** The most uncertainty, in nats, that predictions over K classes leave which are wrong with probability `error`. */
function uncertaintyAt(error: number, classes: number): number {
  return -xLogX(error) - xLogX(1 - error) + error * Math.log(Math.max(1, classes - 1))
}

/**
 * The error that goes with so much uncertainty about K classes: e with h(e) + e ln(K - 1) = `entropy`, from 0 to
 * (K - 1) / K, which is guessing.
 */
export function errorAt(entropy: number, classes: number): number {
  let [low, high] = [0, (classes - 1) / classes]
  // Each step halves what is left; 50 of them leave less than a double can tell.
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2
    if (uncertaintyAt(middle, classes) < entropy) low = middle
    else high = middle
  }
  return high
}
