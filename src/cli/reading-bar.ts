/** The progress bar while images are read or predicted: images, rate, time left. */
import cliProgress from 'cli-progress'
import type { GuardedLab } from '../contract/answer'
import type { LabEvent } from '../contract/lab'
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

interface Watched<T> {
  /** The progress in an event of this work; null for any other event. */
  progressIn(event: LabEvent): ReadingProgress | null
  /** Ends the work. */
  cancel(): unknown
  work(): Promise<T>
}

/** Shows a bar while the work lasts, if this terminal shows bars. It appears with the first image. */
async function withBar<T>(
  lab: GuardedLab,
  { bars: stream, say }: Terminal,
  { progressIn, cancel, work }: Watched<T>,
): Promise<T> {
  const interruptibly = () => interruptible(() => void cancel(), work)
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
    const progress = progressIn(event)
    if (progress === null) return
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

/** While `work` reads the folder at `path`. Ctrl-C ends the reading, which throws `reading-cancelled`. */
export function withReadingBar<T>(
  lab: GuardedLab,
  terminal: Terminal,
  path: string,
  work: () => Promise<T>,
): Promise<T> {
  return withBar(lab, terminal, {
    progressIn: (event) => (event.type === 'reading' && event.path === path ? event.progress : null),
    cancel: () => lab.call('cancelReading', { path }),
    work,
  })
}

/** While `work` predicts by this checkpoint. Ctrl-C ends the prediction, which throws `reading-cancelled`. */
export function withPredictionBar<T>(
  lab: GuardedLab,
  terminal: Terminal,
  checkpoint: string,
  work: () => Promise<T>,
): Promise<T> {
  return withBar(lab, terminal, {
    progressIn: (event) =>
      event.type === 'predicting' && event.checkpoint === checkpoint ? event.progress : null,
    cancel: () => lab.call('cancelPrediction', { checkpoint }),
    work,
  })
}
