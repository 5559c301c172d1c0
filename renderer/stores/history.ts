/**
 * What the curves, tables and pictures of a run are drawn from. Of each round the page holds these figures and not the
 * whole event, whose tables by class are several times as long, and long lists as text, which takes an eighth of their
 * room: a run of thousands of rounds is looked at for hours.
 */
import type { ErrorMessage } from '../../src/contract/errors'
import {
  histogramSchema,
  type Accuracies,
  type AttemptEvent,
  type Measures,
  type RecordedEvent,
  type RoundEvent,
} from '../../src/contract/record'
import { packVerdicts, type Verdicts } from '../charts/verdict-strip'

export type AccuracyFigures = Pick<Accuracies, 'accuracy' | 'accuracyBestPairing'>
type KeptMeasures = Pick<
  Measures,
  'discriminatorAccuracy' | 'sourceCalledSource' | 'targetCalledSource' | 'labelFree'
>

export interface RoundFigures extends Pick<RoundEvent, 'round' | 'verdictsOnSource'> {
  readonly verdicts: Verdicts | null
  /** As JSON; `histogramOf` reads it for the one round that is looked at. */
  readonly histogram: string | null
  readonly measures: KeptMeasures & {
    readonly source: AccuracyFigures
    readonly target: AccuracyFigures
    readonly unseenTarget: AccuracyFigures | null
  }
}

type LossEvent = Extract<RecordedEvent, { type: 'loss' }>
type SourceLossEvent = Extract<RecordedEvent, { type: 'source-loss' }>
export type LossFigures = Pick<LossEvent, 'round' | 'step' | 'steps' | 'losses'>
export type SourceLossFigures = Pick<SourceLossEvent, 'epoch' | 'step' | 'steps' | 'loss'>

export interface History {
  readonly rounds: readonly RoundFigures[]
  readonly losses: readonly LossFigures[]
  readonly sourceLosses: readonly SourceLossFigures[]
  /** Those that are over and were judged without labels. */
  readonly attempts: readonly AttemptEvent[]
  readonly failure: ErrorMessage | null
}

export const noHistory: History = { rounds: [], losses: [], sourceLosses: [], attempts: [], failure: null }

export interface GatheredHistory {
  add(event: RecordedEvent): void
  /** What was gathered so far; stays as it is when more comes. */
  now(): History
}

/** A resumed run repeats the round it was stopped in; the later line of a round counts. */
export function gatherHistory(): GatheredHistory {
  const rounds = new Map<number, RoundFigures>()
  const losses = new Map<string, LossFigures>()
  const sourceLosses: SourceLossFigures[] = []
  const attempts: AttemptEvent[] = []
  let failure: ErrorMessage | null = null

  function add(event: RecordedEvent): void {
    failure = failureIn(event)
    if (event.type === 'round') rounds.set(event.round, roundFigures(event))
    if (event.type === 'loss') losses.set(`${event.round}/${event.step}`, lossFigures(event))
    if (event.type === 'source-loss') sourceLosses.push(sourceLossFigures(event))
    if (event.type === 'attempt') attempts.push(event)
    // What an attempt that was not accepted has recorded makes room for the next one's.
    if (event.type === 'attempt' && event.verdict === 'restarted') {
      rounds.clear()
      losses.clear()
      sourceLosses.length = 0
    }
  }

  return {
    add,
    now: () => ({
      rounds: [...rounds.values()].sort((a, b) => a.round - b.round),
      losses: [...losses.values()].sort((a, b) => a.round - b.round || a.step - b.step),
      sourceLosses: [...sourceLosses],
      attempts: [...attempts],
      failure,
    }),
  }
}

/** A run whose last word is another one has gone on. */
function failureIn(event: RecordedEvent): ErrorMessage | null {
  return event.type === 'failed' ? ({ code: event.code, params: event.params } as ErrorMessage) : null
}

function accuracyFigures({ accuracy, accuracyBestPairing }: Accuracies): AccuracyFigures {
  return { accuracy, accuracyBestPairing }
}

function roundFigures({ round, verdicts, verdictsOnSource, measures }: RoundEvent): RoundFigures {
  const { source, target, unseenTarget, histogram, labelFree } = measures
  const { discriminatorAccuracy, sourceCalledSource, targetCalledSource } = measures
  return {
    round,
    verdicts: verdicts === null ? null : packVerdicts(verdicts),
    verdictsOnSource,
    histogram: histogram === null ? null : JSON.stringify(histogram),
    measures: {
      source: accuracyFigures(source),
      target: accuracyFigures(target),
      unseenTarget: unseenTarget === null ? null : accuracyFigures(unseenTarget),
      discriminatorAccuracy,
      sourceCalledSource,
      targetCalledSource,
      ...(labelFree === undefined ? {} : { labelFree }),
    },
  }
}

/** D's p(source) over a fixed sample of both domains, in bins of equal width. */
export function histogramOf({ histogram }: RoundFigures): Measures['histogram'] {
  return histogram === null ? null : histogramSchema.parse(JSON.parse(histogram))
}

const lossFigures = ({ round, step, steps, losses }: LossEvent): LossFigures => ({
  round,
  step,
  steps,
  losses,
})

const sourceLossFigures = ({ epoch, step, steps, loss }: SourceLossEvent): SourceLossFigures => ({
  epoch,
  step,
  steps,
  loss,
})
