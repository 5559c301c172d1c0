/** How well the discriminator tells the domains apart, from its p(source) on all images of each. */
import type { Measures } from '../contract/record'

export type Judgement = Pick<
  Measures,
  'discriminatorAccuracy' | 'sourceCalledSource' | 'targetCalledSource' | 'histogram'
>

/** Bins of the histograms over [0, 1]. */
const bins = 20

/** D's accuracy weights both domains equally, whatever their sizes. All fields are null without a D. */
export function judgementOf(onSource: Float32Array | null, onTarget: Float32Array | null): Judgement {
  if (onSource === null || onTarget === null)
    return {
      discriminatorAccuracy: null,
      sourceCalledSource: null,
      targetCalledSource: null,
      histogram: null,
    }
  const sourceCalledSource = shareCalledSource(onSource)
  const targetCalledSource = shareCalledSource(onTarget)
  return {
    discriminatorAccuracy: (sourceCalledSource + (1 - targetCalledSource)) / 2,
    sourceCalledSource,
    targetCalledSource,
    histogram: { source: histogramOf(onSource), target: histogramOf(onTarget) },
  }
}

/** A tie goes to the first output, "source", as in argmax. */
function shareCalledSource(probabilities: Float32Array): number {
  return probabilities.filter((probability) => probability >= 0.5).length / probabilities.length
}

function histogramOf(probabilities: Float32Array): number[] {
  const counts = new Array<number>(bins).fill(0)
  for (const probability of probabilities) {
    const bin = Math.min(bins - 1, Math.floor(probability * bins))
    counts[bin] = (counts[bin] ?? 0) + 1
  }
  return counts
}
