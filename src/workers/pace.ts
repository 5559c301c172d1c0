/** Measures the speed of a training over the last second: images or pairs a second, and seconds a step. */

interface Mark {
  readonly at: number
  readonly done: number
}

export interface Pace {
  /** Records one step on `images` images at `now` (milliseconds). */
  step(images: number, now: number): void
  /** Excludes time in which nothing is trained: a pause, or measuring. */
  interrupt(): void
  /** Images or pairs a second; null until a tenth of a second has been measured. */
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
      // Keep the mark before the window, so that a step longer than the window still has a beginning.
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

/**
 * Number of images or pairs in step `step` (from 1), with `count` per pass. If an epoch is one pass (`steps` is null),
 * its last batch can be smaller.
 */
export function sizeOfStep(
  step: number,
  count: number,
  { batch, steps }: { readonly batch: number; readonly steps: number | null },
): number {
  if (steps !== null) return Math.min(batch, count)
  const index = (step - 1) % Math.ceil(count / batch)
  return Math.min(batch, count - index * batch)
}
