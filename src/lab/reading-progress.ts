/** Adds rate and time left to the progress of a reading. */
import type { ReadingProgress } from '../contract/reading'

interface Mark {
  readonly at: number
  readonly done: number
}

/** The rate is that of the last seconds, in ms: the first files may take longer than the others. */
const windowLength = 5000
/** No rate is given before this time has been measured, in ms. */
const shortest = 500

/** @param now milliseconds */
export function paceOf(path: string, now: () => number = Date.now) {
  let marks: Mark[] = []
  let last: number | null = null

  return (done: number, total: number | null): ReadingProgress => {
    const at = now()
    if (total !== last) marks = []
    last = total
    marks.push({ at, done })
    const inside = marks.findIndex((mark) => mark.at >= at - windowLength)
    if (inside > 1) marks = marks.slice(inside - 1)
    const first = marks[0] ?? { at, done }
    const seconds = (at - first.at) / 1000
    const perSecond = at - first.at < shortest ? null : (done - first.done) / seconds
    const isKnown = total !== null && perSecond !== null && perSecond > 0
    return { path, done, total, perSecond, secondsLeft: isKnown ? (total - done) / perSecond : null }
  }
}
