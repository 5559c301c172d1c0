/** How fast a training goes: images or pairs a second over the last second or so, and the time that is left. */

interface Mark {
  readonly at: number
  readonly done: number
}

export interface Pace {
  /** `images` more were trained on, one step, at `now` (milliseconds). */
  step(images: number, now: number): void
  /** Time in which nothing was trained (a pause, measuring) does not count. */
  interrupt(): void
  /** Images or pairs a second; null before a tenth of a second was seen. */
  perSecond(): number | null
  /** Seconds a step; null like `perSecond`. */
  secondsPerStep(): number | null
}

const windowLength = 1000
const shortest = 100

export function createPace(): Pace {
  let marks: Mark[] = []
  let done = 0

  function span(): { seconds: number; images: number; steps: number } | null {
    const first = marks[0]
    const last = marks[marks.length - 1]
    if (first === undefined || last === undefined || last.at - first.at < shortest) return null
    return { seconds: (last.at - first.at) / 1000, images: last.done - first.done, steps: marks.length - 1 }
  }

  return {
    step(images, now) {
      done += images
      marks.push({ at: now, done })
      // The mark before the window stays, so that a step longer than the window still has a beginning.
      const inside = marks.findIndex((mark) => mark.at >= now - windowLength)
      if (inside > 1) marks = marks.slice(inside - 1)
    },
    interrupt() {
      marks = []
    },
    perSecond() {
      const seen = span()
      return seen === null ? null : seen.images / seen.seconds
    },
    secondsPerStep() {
      const seen = span()
      return seen === null ? null : seen.seconds / seen.steps
    },
  }
}

/** How many images or pairs step `step` (from 1) of passes over `count` has: a pass ends with what is left. */
export function sizeOfStep(step: number, count: number, batch: number): number {
  const steps = Math.ceil(count / batch)
  const index = (step - 1) % steps
  return Math.min(batch, count - index * batch)
}
