/** Two checkpoints on the very same images, and whether the difference is more than chance. */
import { readCheckpoint } from '../checkpoints/checkpoint'
import type { Contrast, Evaluation } from '../contract/lab'
import { mcnemar, pairedBootstrap } from '../statistics/paired'
import { evaluate, type EvaluationOrder } from './evaluation'
import type { Place } from './place'

export interface ContrastOrder extends EvaluationOrder {
  readonly against: string
}

export async function contrast(place: Place, { against, ...order }: ContrastOrder): Promise<Contrast> {
  await readCheckpoint(against)
  const first = await evaluate(place, order)
  const { domain, pairing } = first
  const second = await place.analyst.ask('evaluate', {
    checkpoint: against,
    domain,
    pairing,
    encoder: order.encoder,
    datasets: place.folders().datasets,
    threads: place.threads(),
  })
  const paired = { first: rightIn(first), second: rightIn(second) }
  return {
    domain,
    pairing,
    count: first.result.count,
    accuracies: [first.result.accuracy, second.result.accuracy],
    ...pairedBootstrap(paired),
    ...mcnemar(paired),
  }
}

function rightIn({ right }: Evaluation): boolean[] {
  return Array.from(Buffer.from(right, 'base64'), (byte) => byte === 1)
}
