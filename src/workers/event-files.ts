/** Writes TensorBoard event files next to metrics.jsonl, with the same losses and accuracies. */
import type { RecordedEvent, RoundEvent } from '../contract/record'
import type { NativeTensorFlow } from './native'

type Unstamped<E> = E extends unknown ? Omit<E, 'time'> : never

export interface EventFiles {
  write(event: Unstamped<RecordedEvent>): void
}

/** Scalars of one round. A measure that a method does not have is null or undefined. */
function roundScalars({ measures }: Pick<RoundEvent, 'measures'>): [string, number | null | undefined][] {
  return [
    ['accuracy/source', measures.source.accuracy],
    ['accuracy/target', measures.target?.accuracy],
    ['accuracy/target-best-pairing', measures.target?.accuracyBestPairing],
    ['accuracy/unseen-target', measures.unseenTarget?.accuracy],
    ['discriminator/accuracy', measures.discriminatorAccuracy],
    ['discriminator/source-called-source', measures.sourceCalledSource],
    ['discriminator/target-called-source', measures.targetCalledSource],
    ['distance/proxy-a', measures.proxyADistance],
    ['distance/mmd', measures.mmd],
    ['without-labels/entropy', measures.labelFree?.entropy],
    ['without-labels/diversity', measures.labelFree?.diversity],
    ['without-labels/mutual-information', measures.labelFree?.mutualInformation],
    ['without-labels/agreement', measures.labelFree?.agreement],
    ['without-labels/discriminator-confusion', measures.labelFree?.discriminatorConfusion],
    ['without-labels/source-kept', measures.labelFree?.sourceKept],
    ['without-labels/density', measures.labelFree?.density],
  ]
}

/** Adaptation losses are numbered by steps from the start of round 1; the source stage has its own count. */
export function openEventFiles({ tf }: NativeTensorFlow, folder: string): EventFiles {
  const writer = tf.node.summaryFileWriter(folder)
  return {
    write(event) {
      if (event.type === 'source-loss') writer.scalar('loss/source-stage', event.loss, event.step)
      if (event.type === 'loss') {
        const step = (event.round - 1) * event.steps + event.step
        for (const [term, loss] of Object.entries(event.losses)) writer.scalar(`loss/${term}`, loss, step)
      }
      if (event.type !== 'round') return
      for (const [name, value] of roundScalars(event)) {
        if (value !== null && value !== undefined) writer.scalar(name, value, event.round)
      }
      writer.flush()
    },
  }
}
