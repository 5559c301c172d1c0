/** Two checkpoints on the very same images, and whether the difference is more than chance. */
import type { Contrast, Evaluation } from '../contract/judging'
import { mcnemar, pairedBootstrap } from '../statistics/paired'
import { evaluate, evaluateOn, type EvaluationOrder } from './evaluation'
import type { LabContext } from './context'

export interface ContrastOrder extends EvaluationOrder {
  readonly against: string
}

/** Each is judged under the pairing of its own run, or both under the one that is asked for. */
export async function contrast(context: LabContext, { against, ...order }: ContrastOrder): Promise<Contrast> {
  // What cannot be read is refused before anything is computed.
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

/** Of each image, in the domain's order, whether it was given the right class. */
export function rightIn({ right }: Evaluation): boolean[] {
  return Array.from(Buffer.from(right, 'base64'), (byte) => byte === 1)
}
