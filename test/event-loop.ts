/**
 * Measures how long this process blocks its event loop, in processor time, so that other processes do not affect the
 * result.
 */
import { readFileSync } from 'fs'

/** Processor time of the main thread, in ms; on systems other than Linux, of all threads. */
function computedMs(): number {
  if (process.platform !== 'linux') return process.cpuUsage().user / 1000
  const [nanoseconds] = readFileSync(`/proc/self/task/${process.pid}/schedstat`, 'utf8').split(' ')
  return Number(nanoseconds) / 1e6
}

export interface Turns<T> {
  readonly answer: T
  readonly count: number
  /** Longest processor time between two checks, which a free event loop makes every few ms. */
  readonly longestMs: number
}

export async function turnsDuring<T>(action: () => Promise<T>): Promise<Turns<T>> {
  let count = 0
  let longestMs = 0
  let before = computedMs()
  const look = (): void => {
    const now = computedMs()
    longestMs = Math.max(longestMs, now - before)
    count += 1
    before = now
  }
  const timer = setInterval(look, 5)
  try {
    const answer = await action()
    look()
    return { answer, count, longestMs }
  } finally {
    clearInterval(timer)
  }
}
