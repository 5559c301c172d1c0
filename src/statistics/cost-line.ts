/**
 * A cost of so much for any number of images and so much for each: the line through what was measured, and how far the
 * measured points leave it open.
 */

export interface Measured {
  readonly images: number
  readonly seconds: number
  /** How much it counts. */
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

/** Lines whose mean relative error is larger than the best one's by less than this fit about as well. */
const aboutAsWell = 0.1

/** The same work takes longer or shorter by about as much from one time to the next. */
const minScatter = 0.1

/**
 * The seconds that `images` will take; null where nothing was measured. The line has the least weighted absolute error,
 * relative to what was measured, which a few disturbed measurements do not move; neither cost is negative. Points of one
 * number of images cannot part the two costs: then every line through them counts, and the range says so.
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

/** The best line under absolute errors goes through two points, or through one with one of the costs at 0. */
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
