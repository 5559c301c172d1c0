/** Compares two checkpoints on the same images and tests whether the difference is significant. */
import type { Contrast, Evaluation } from '../contract/judging'
import { mcnemar, pairedBootstrap } from '../statistics/paired'
import { evaluate, evaluateOn, type EvaluationOrder } from './evaluation'
import type { LabContext } from './context'

export interface ContrastOrder extends EvaluationOrder {
  readonly against: string
}

/** Each checkpoint is evaluated under the pairing of its own run, or both under the pairing given. */
export async function contrast(context: LabContext, { against, ...order }: ContrastOrder): Promise<Contrast> {
  // An unreadable checkpoint is refused before anything is computed.
  await context.analyst.ask('describeCheckpoint', { path: against })
  const first = await evaluate(context, order)
  const { domain } = first
  const { pairing, encoder } = order
  const second = await evaluateOn(domain, context, { checkpoint: against, pairing, encoder })
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
