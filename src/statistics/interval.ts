/** The uncertainty of an accuracy due to the limited number of test images. */

/** Quantile of the normal distribution for 95 %. */
const z = 1.959963984540054

export interface Interval {
  readonly low: number
  readonly high: number
}

/** Wilson's 95 % interval (Wilson 1927) of an accuracy over `count` images. */
export function wilsonInterval(accuracy: number, count: number): Interval {
  const shrink = 1 + (z * z) / count
  const centre = (accuracy + (z * z) / (2 * count)) / shrink
  const variance = (accuracy * (1 - accuracy)) / count + (z * z) / (4 * count * count)
  const half = (z * Math.sqrt(variance)) / shrink
  return { low: centre - half, high: centre + half }
}
