/** Reports to the service what is being read, and how far it has come. */
import type { ReadingProgress } from '../contract/reading'
import type { AnalystReply } from '../contract/worker'
import type { OnImageRead, Reading } from '../data/reading'
import type { Channel } from './channel'

export interface Report {
  readonly reading: Reading
  readonly progress: OnImageRead
}

/** In ms. */
const leastBetween = 100
/** Decoders load TensorFlow with their first images, which says nothing of the rate. */
const leastMeasured = 1000

/** Measures the rate from the first image that was read. */
function progressFrom(now: () => number) {
  let began: { readonly at: number; readonly done: number } | null = null
  return (done: number, total: number): ReadingProgress => {
    began ??= { at: now(), done }
    const took = now() - began.at
    const perSecond = took < leastMeasured ? null : (1000 * (done - began.done)) / took
    const secondsLeft = perSecond === null || perSecond === 0 ? null : (total - done) / perSecond
    return { done, total, perSecond, secondsLeft }
  }
}

export function reportTo(channel: Channel<AnalystReply>, id: number, now: () => number = Date.now): Report {
  const measured = progressFrom(now)
  let last = 0
  return {
    reading: (reading) => channel.send({ id, reading }),
    progress(done, total) {
      const progress = measured(done, total)
      if (done < total && now() - last < leastBetween) return
      last = now()
      channel.send({ id, progress })
    },
  }
}
