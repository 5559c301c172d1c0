/**
 * Fits a cost model to measurements: a fixed cost plus a cost per image. Also estimates how uncertain the fitted line
 * is.
 */

export interface Measured {
  readonly images: number
  readonly seconds: number
  /** The weight of this measurement. */
  readonly weight: number
}

export interface Expected {
  readonly low: number
  readonly likely: number
  readonly high: number
}

interface Line {
  readonly fixed: number
  readonly perImage: number
}

/** Lines within this difference of the best one's mean relative error count as equally good. */
const aboutAsWell = 0.1

/** Relative variation of the duration of the same work. */
const minScatter = 0.1

/**
 * The expected seconds for `images` images; null without measurements. The line minimises the weighted absolute error,
 * relative to the measured values, which is robust to a few disturbed measurements; neither cost is negative. If all
 * points have the same number of images, the two costs cannot be separated: all lines through the points then count,
 * and the range shows it.
 */
export function expectedCost(measured: readonly Measured[], images: number): Expected | null {
  const known = measured.filter(({ seconds, weight }) => seconds > 0 && weight > 0)
  const judged = linesThrough(known).map((line) => ({ line, error: errorOf(line, known) }))
  if (judged.length === 0) return null
  const best = judged.reduce((least, one) => (one.error < least.error ? one : least))
  const near = judged.filter(({ error }) => error <= best.error + aboutAsWell)
  const values = near.map(({ line }) => at(line, images))
  const scatter = 1 + Math.max(minScatter, best.error)
  return {
    low: Math.min(...values) / scatter,
    likely: middle(values),
    high: Math.max(...values) * scatter,
  }
}

/** The best line under absolute errors passes through two points, or through one with one of the costs at 0. */
function linesThrough(points: readonly Measured[]): Line[] {
  const single = points.flatMap(({ images, seconds }): Line[] => [
    { fixed: seconds, perImage: 0 },
    ...(images > 0 ? [{ fixed: 0, perImage: seconds / images }] : []),
  ])
  const double = points.flatMap((a, index) =>
    points.slice(index + 1).flatMap((b): Line[] => {
      if (a.images === b.images) return []
      const perImage = (b.seconds - a.seconds) / (b.images - a.images)
      const fixed = a.seconds - perImage * a.images
      return perImage >= 0 && fixed >= 0 ? [{ fixed, perImage }] : []
    }),
  )
  return [...single, ...double]
}

function errorOf(line: Line, points: readonly Measured[]): number {
  const total = points.reduce((sum, { weight }) => sum + weight, 0)
  const wrong = points.reduce(
    (sum, { images, seconds, weight }) => sum + (weight * Math.abs(at(line, images) - seconds)) / seconds,
    0,
  )
  return wrong / total
}

const at = ({ fixed, perImage }: Line, images: number): number => fixed + perImage * images

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const half = Math.floor((sorted.length - 1) / 2)
  return ((sorted[half] ?? 0) + (sorted[sorted.length - 1 - half] ?? 0)) / 2
}
