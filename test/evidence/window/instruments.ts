/** Instruments in the page: they measure frame times and response times. */
import type { Page } from 'playwright-core'

export interface Frames {
  /** Milliseconds between consecutive frames. */
  readonly intervals: readonly number[]
  /** Tasks of more than 50 ms on the page's main thread. */
  readonly longTasks: readonly { readonly at: number; readonly ms: number }[]
}

interface Instruments {
  frames: { intervals: number[]; longTasks: { at: number; ms: number }[]; stop: () => void }
  response: Promise<number>
}

/** All frames and long tasks of the next `seconds`, with no other request to the page. */
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
    // The first interval starts before the first frame.
    return { intervals: frames.intervals.slice(1), longTasks: frames.longTasks }
  })
}

/** How to detect that the page has responded. */
export interface Shown {
  /** Matches as soon as the response is in the document. */
  readonly selector: string
  /** Minimum number of matching elements; 1 if omitted. */
  readonly count?: number
  /** A canvas that must also have been redrawn. */
  readonly redrawn?: string
}

/**
 * Milliseconds from the system's time stamp of the input to the frame after the one with the response, by which the
 * response has been painted.
 * @param action one press of a mouse button or key
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
