/** Tells how a training is getting on, within the budget of messages. */
import type { Experiment } from '../contract/experiment'
import type { Progress } from '../contract/training'
import type { Training, TrainingEvent } from '../training/training'
import { createBudget } from './budget'
import { createPace, sizeOfStep } from './pace'

export interface Report {
  /** What the training just did; tells it if it is time to. */
  did(event: TrainingEvent): void
  /** It waits for the person at the controls. */
  paused(): void
  /** Another message was sent, of which there may be only so many a second. */
  reported(): void
}

export function loadingProgress(rounds: number): Progress {
  return {
    phase: 'loading',
    round: 0,
    rounds,
    step: 0,
    steps: 0,
    losses: {},
    perSecond: null,
    secondsLeft: null,
    pid: process.pid,
  }
}

/** How many images each domain has. */
export interface ImageCounts {
  readonly source: number
  readonly target: number
}

export function createReport(
  experiment: Experiment,
  { source, target }: ImageCounts,
  training: Training,
  tell: (progress: Progress) => void,
): Report {
  const budget = createBudget()
  const pace = createPace()
  let last = loadingProgress(training.rounds)
  let measuringSince: number | null = null
  /** Seconds that measuring and writing a round took the last time. */
  let afterRound = 0

  function imagesIn({ phase, step }: { phase: 'source' | 'adaptation'; step: number }): number {
    return phase === 'source'
      ? sizeOfStep(step, source, experiment.sourceStage.batch)
      : sizeOfStep(step, Math.min(source, target), experiment.adaptation.batch)
  }

  /** To the end of the last round; unknown before its steps have a pace. */
  function secondsLeft(): number | null {
    const each = pace.secondsPerStep()
    if (last.phase === 'source' || each === null) return null
    const rounds = training.rounds - last.round
    return (last.steps - last.step + rounds * last.steps) * each + (rounds + 1) * afterRound
  }

  function current(phase: Progress['phase']): Progress {
    return {
      ...last,
      phase,
      losses: { ...training.latestLosses() },
      perSecond: pace.perSecond(),
      secondsLeft: secondsLeft(),
    }
  }

  function step({ phase, round, step: done, steps }: Extract<TrainingEvent, { type: 'step' }>): void {
    const now = Date.now()
    pace.step(imagesIn({ phase, step: done }), now)
    last = { ...last, phase, round, step: done, steps }
    if (done === steps) {
      // What comes next, measuring, is long enough to be shown.
      measuringSince = now
      budget.spend(now)
      tell(current('measuring'))
      pace.interrupt()
    } else if (budget.take(now)) tell(current(phase))
  }

  return {
    did(event) {
      if (event.type === 'step') return step(event)
      if (event.type !== 'round' || measuringSince === null) return
      afterRound = (Date.now() - measuringSince) / 1000
      measuringSince = null
    },
    paused() {
      budget.spend(Date.now())
      tell({ ...current('paused'), perSecond: null, secondsLeft: null })
      pace.interrupt()
    },
    reported: () => budget.spend(Date.now()),
  }
}
