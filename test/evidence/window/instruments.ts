/** Instruments in the page: they measure frame times and response times. */
import type { Page } from 'playwright-core'

export interface Frames {
  /** Milliseconds between one frame and the next. */
  readonly intervals: readonly number[]
  /** Tasks of more than 50 ms on the page's thread. */
  readonly longTasks: readonly { readonly at: number; readonly ms: number }[]
}

interface Instruments {
  frames: { intervals: number[]; longTasks: { at: number; ms: number }[]; stop: () => void }
  response: Promise<number>
}

/** Every frame and long task of the next `seconds`; nothing else is asked of the page meanwhile. */
export async function framesOver(page: Page, seconds: number): Promise<Frames> {
  await beginFrames(page)
  await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
  return endFrames(page)
}

export async function beginFrames(page: Page): Promise<void> {
  await page.evaluate(() => {
    const intervals: number[] = []
    const longTasks: { at: number; ms: number }[] = []
    let handle = 0
    let last = performance.now()
    const frame = (now: number) => {
      intervals.push(now - last)
      last = now
      handle = requestAnimationFrame(frame)
    }
    handle = requestAnimationFrame(frame)
    const observer = new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries())
        longTasks.push({ at: Math.round(startTime), ms: Math.round(duration) })
    })
    observer.observe({ entryTypes: ['longtask'] })
    const stop = () => {
      cancelAnimationFrame(handle)
      observer.disconnect()
    }
    ;(window as unknown as Instruments).frames = { intervals, longTasks, stop }
  })
}

export async function endFrames(page: Page): Promise<Frames> {
  return page.evaluate(() => {
    const { frames } = window as unknown as Instruments
    frames.stop()
    // The first interval begins before the first frame.
    return { intervals: frames.intervals.slice(1), longTasks: frames.longTasks }
  })
}

/** How one sees that the page has answered. */
export interface Shown {
  /** Matches as soon as the answer stands in the document. */
  readonly selector: string
  /** At least so many elements match; 1 when left out. */
  readonly count?: number
  /** A canvas that must have been drawn anew as well. */
  readonly redrawn?: string
}

/**
 * Milliseconds from the system's time of the input to the frame after the one that shows the answer: that frame
 * was painted by then.
 * @param action what the person does: one press of a button of the mouse, or of a key
 */
export async function responseTo(
  page: Page,
  input: 'mouseup' | 'keydown',
  shown: Shown,
  action: () => Promise<void>,
): Promise<number> {
  await page.evaluate(armPage, { input, shown, patience: 10_000 })
  await action()
  return page.evaluate(() => (window as unknown as Instruments).response)
}

/** Runs in the page. */
function armPage({ input, shown, patience }: { input: string; shown: Shown; patience: number }): void {
  const canvas = shown.redrawn === undefined ? null : document.querySelector(shown.redrawn)
  let redrawn = canvas === null
  const prototype = CanvasRenderingContext2D.prototype
  const { clearRect } = prototype
  prototype.clearRect = function (this: CanvasRenderingContext2D, ...box) {
    if (this.canvas === canvas) redrawn = true
    clearRect.apply(this, box)
  }
  const isShown = () => redrawn && document.querySelectorAll(shown.selector).length >= (shown.count ?? 1)
  const response = new Promise<number>((resolve, reject) => {
    addEventListener(
      input,
      ({ timeStamp }) => {
        const look = () => {
          if (!isShown()) {
            if (performance.now() - timeStamp < patience) requestAnimationFrame(look)
            else reject(new Error(`no ${shown.selector}`))
            return
          }
          requestAnimationFrame(() => {
            prototype.clearRect = clearRect
            resolve(performance.now() - timeStamp)
          })
        }
        requestAnimationFrame(look)
      },
      { once: true, capture: true },
    )
  })
  response.catch(() => undefined)
  ;(window as unknown as Instruments).response = response
}
