/** Compares two checkpoints on the same images and tests whether the difference is significant. */
import type { Contrast, Evaluation } from '../contract/judging'
import { mcnemar, pairedBootstrap } from '../statistics/paired'
import { describe, evaluate, evaluateOn, type EvaluationOrder } from './evaluation'
import type { LabContext } from './context'
import { pixelScaling } from './presumed'

export interface ContrastOrder extends EvaluationOrder {
  readonly against: string
}

/**
 * Each checkpoint is evaluated under the pairing of its own run, or both under the pairing given. `pixels` is that of
 * the files that do not say it.
 */
export async function contrast(context: LabContext, { against, ...order }: ContrastOrder): Promise<Contrast> {
  // An unreadable checkpoint is refused before anything is computed.
  const sides = [await describe(context, order.checkpoint), await describe(context, against)] as const
  const isAnswered = sides.some(({ facts }) => facts === null)
  const [pixels, pixelsAgainst] = sides.map(({ facts }) =>
    isAnswered && facts !== null ? undefined : order.pixels,
  )
  pixelScaling(sides[1], pixelsAgainst, against)
  const first = await evaluate(context, { ...order, pixels })
  const { domain } = first
  const { pairing, encoder } = order
  const second = await evaluateOn(domain, context, {
    checkpoint: against,
    pixels: pixelsAgainst,
    pairing,
    encoder,
  })
  const paired = { first: rightIn(first), second: rightIn(second) }
  return {
    domain,
    pairings: [first.pairing, second.pairing],
    count: first.result.count,
    accuracies: [first.result.accuracy, second.result.accuracy],
    ...pairedBootstrap(paired),
    ...mcnemar(paired),
  }
}

/** Whether each image was classified correctly, in the order of the domain. */
export function rightIn({ right }: Evaluation): boolean[] {
  return Array.from(Buffer.from(right, 'base64'), (byte) => byte === 1)
}
