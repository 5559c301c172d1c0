/** The progress bar of a run: phase, step, rate, time left. Permanent lines are written above it. */
import cliProgress from 'cli-progress'
import type { Progress } from '../contract/training'
import { plainText } from '../contract/plain'
import type { Say } from '../language/words'
import { duration, rate } from './numbers'

export interface RunBar {
  show(progress: Progress): void
  /** Writes a permanent line above the bar. */
  line(text: string): void
  close(): void
}

export function phaseOf({ phase, round, rounds }: Progress, say: Say): string {
  switch (phase) {
    case 'loading':
      return say('phase-loading')
    case 'features':
      return say('phase-features')
    case 'source':
      return say('phase-source')
    case 'adaptation':
      return say('phase-adaptation', { round, rounds })
    case 'measuring':
      return say('phase-measuring', { round })
    case 'paused':
      return say('phase-paused')
  }
}

/** Rate and time left, if known. */
export function paceOf({ phase, perSecond, secondsLeft }: Progress, say: Say): string {
  const parts: string[] = []
  if (perSecond !== null && (phase === 'source' || phase === 'features'))
    parts.push(say('rate-images', { rate: rate(perSecond) }))
  if (perSecond !== null && phase === 'adaptation') parts.push(say('rate-pairs', { rate: rate(perSecond) }))
  if (secondsLeft !== null) parts.push(say('time-left', { time: duration(secondsLeft) }))
  return parts.join('  ')
}

export function createRunBar(stream: NodeJS.WriteStream, say: Say): RunBar {
  const bars = new cliProgress.MultiBar(
    {
      stream,
      format: '{phase} [{bar}] {value}/{total}  {pace}',
      barsize: 24,
      hideCursor: true,
      clearOnComplete: true,
      emptyOnZero: true,
      // The trainer sends at most 20 progress messages a second; four updates are enough for the eye.
      fps: 4,
    },
    cliProgress.Presets.rect,
  )
  const bar = bars.create(1, 0, { phase: say('phase-loading'), pace: '' })
  return {
    show: (progress) => {
      bar.setTotal(Math.max(progress.steps, 1))
      bar.update(progress.step, { phase: phaseOf(progress, say), pace: paceOf(progress, say) })
    },
    line: (text) => {
      bars.log(`${plainText(text)}\n`)
    },
    close: () => {
      bars.stop()
    },
  }
}
