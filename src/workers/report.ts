/** Reports a training's progress within the message budget. */
import type { Experiment } from '../contract/experiment'
import type { Progress } from '../contract/training'
import type { Training, TrainingEvent } from '../training/training'
import { createBudget } from './budget'
import { createPace, sizeOfStep } from './pace'

export interface Report {
  /** Takes in an event of the training and sends progress if the budget allows it. */
  did(event: TrainingEvent): void
  /** The training is paused and waits for the user. */
  paused(): void
  /** Another message was sent, which counts towards the budget. */
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

/** Number of images in each domain. */
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
  /** Seconds taken by measuring and writing the last round. */
  let afterRound = 0

  function imagesIn({ phase, step }: { phase: 'source' | 'adaptation'; step: number }): number {
    return phase === 'source'
      ? sizeOfStep(step, source, experiment.sourceStage)
      : sizeOfStep(step, Math.min(source, target), experiment.adaptation)
  }

  /** Seconds to the end of the last round; null in the source stage and until the time of a step is known. */
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
      // Measuring follows and takes long enough to be shown.
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
