/** The progress bar while a folder of images is read: images, rate, time left. */
import cliProgress from 'cli-progress'
import type { GuardedLab } from '../contract/answer'
import type { ReadingProgress } from '../contract/reading'
import type { Say } from '../language/words'
import { interruptible } from './interrupt'
import { duration, rate } from './numbers'
import type { Terminal } from './terminal'

/** Rate and time left, if known. */
function paceOf({ perSecond, secondsLeft }: ReadingProgress, say: Say): string {
  const parts: string[] = []
  if (perSecond !== null) parts.push(say('rate-images', { rate: rate(perSecond) }))
  if (secondsLeft !== null) parts.push(say('time-left', { time: duration(secondsLeft) }))
  return parts.join('  ')
}

/**
 * Shows a bar while `work` reads the folder at `path`, if this terminal shows bars. It appears with the first image.
 * Ctrl-C ends the reading, which throws `reading-cancelled`.
 */
export async function withReadingBar<T>(
  lab: GuardedLab,
  { bars: stream, say }: Terminal,
  path: string,
  work: () => Promise<T>,
): Promise<T> {
  const interruptibly = () => interruptible(() => void lab.call('cancelReading', { path }), work)
  if (stream === null) return interruptibly()
  const bar = new cliProgress.SingleBar(
    {
      stream,
      format: `${say('phase-reading')} [{bar}] {value}/{total}  {pace}`,
      barsize: 24,
      hideCursor: true,
      clearOnComplete: true,
      fps: 4,
    },
    cliProgress.Presets.rect,
  )
  let isShown = false
  const unsubscribe = lab.subscribe((event) => {
    if (event.type !== 'reading' || event.path !== path) return
    const { progress } = event
    const shown = { pace: paceOf(progress, say) }
    if (isShown) bar.update(progress.done, shown)
    else bar.start(progress.total, progress.done, shown)
    isShown = true
  })
  try {
    return await interruptibly()
  } finally {
    unsubscribe()
    bar.stop()
  }
}
