/** The progress bar of a preview or an import: files, rate, time left. Ctrl-C ends the reading. */
import cliProgress from 'cli-progress'
import type { ReadingProgress } from '../contract/reading'
import type { Say } from '../language/words'
import type { CommandContext } from './command'
import { interruptible } from './interrupt'
import { duration, rate } from './numbers'

/** Rate and time left, if known. */
function paceOf({ perSecond, secondsLeft }: ReadingProgress, say: Say): string {
  const parts: string[] = []
  if (perSecond !== null) parts.push(say('rate-files', { rate: rate(perSecond) }))
  if (secondsLeft !== null) parts.push(say('time-left', { time: duration(secondsLeft) }))
  return parts.join('  ')
}

function createReadingBar(stream: NodeJS.WriteStream, say: Say) {
  const bar = new cliProgress.SingleBar(
    {
      stream,
      format: `${say('reading-files')} [{bar}] {value}/{total}  {pace}`,
      barsize: 24,
      hideCursor: true,
      clearOnComplete: true,
      emptyOnZero: true,
      fps: 4,
    },
    cliProgress.Presets.rect,
  )
  let isShown = false
  return {
    show(progress: ReadingProgress): void {
      const { done, total } = progress
      if (total === null) return
      if (!isShown) bar.start(total, done, { pace: '' })
      isShown = true
      bar.update(done, { pace: paceOf(progress, say) })
    },
    close: () => {
      bar.stop()
    },
  }
}

/** Calls `read`, which reads `path`. Throws `reading-cancelled` after Ctrl-C. */
export async function withReadingBar<T>(
  { lab, terminal }: CommandContext,
  path: string,
  read: () => Promise<T>,
): Promise<T> {
  const bar = terminal.bars === null ? null : createReadingBar(terminal.bars, terminal.say)
  const leave = lab.subscribe((event) => {
    if (event.type === 'reading' && event.reading.path === path) bar?.show(event.reading)
  })
  try {
    return await interruptible(() => void lab.call('cancelReading', { path }), read)
  } finally {
    leave()
    bar?.close()
  }
}
