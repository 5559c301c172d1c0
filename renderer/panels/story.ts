/** Selects the sentence that describes the state of a run, or the result of the round on display. */
import type { ErrorCode } from '../../src/contract/errors'
import type { RunSummary } from '../../src/contract/run'
import type { Stage } from '../stores/watched'
import { scaled, type NextStep, type Settings } from './next-step'
import { roundStory, type Looked, type RoundStoryKey } from './round-story'

export interface RunFacts {
  /** Null: no run is on display. */
  readonly state: RunSummary['state'] | null
  /** Current stage; null if the run is not training. */
  readonly stage: Stage | null
  /** Error code of a failed run. */
  readonly failure: ErrorCode | null
  /** Null until the run's record is read. */
  readonly settings: Settings | null
  readonly hasDiscriminator: boolean
  /** Whether the user selected an earlier round instead of following the newest. */
  readonly isChosen: boolean
  /** The round on display; null before the first measurement. */
  readonly looked: Looked | null
}

type RunStoryKey =
  | 'none'
  | 'starting'
  | 'loading'
  | 'features'
  | 'source'
  | 'measuringBefore'
  | 'measuring'
  | 'adversarial'
  | 'adaptation'
  | 'paused'
  | 'stopped'
  | 'failed'
  | 'notFinite'
  | 'sourceNotFinite'
  | 'damaged'
  | 'ended'

export interface Story {
  readonly key: RunStoryKey | RoundStoryKey
  readonly next: NextStep | null
}

export function storyOf(facts: RunFacts): Story {
  const { state, looked, isChosen } = facts
  if (looked !== null && (state === 'finished' || (isChosen && state !== null))) return roundStory(looked)
  const key = keyOf(facts)
  return { key, next: nextAfter(key, facts.settings) }
}

function keyOf(facts: RunFacts): RunStoryKey {
  switch (facts.state) {
    case null:
      return 'none'
    case 'running':
      return whileRunning(facts)
    case 'finished':
      return 'ended'
    case 'damaged':
      return 'damaged'
    case 'failed':
      return failureOf(facts)
    case 'stopped':
    case 'interrupted':
      return 'stopped'
  }
}

function whileRunning({ stage, hasDiscriminator }: RunFacts): RunStoryKey {
  if (stage === null) return 'starting'
  if (stage.phase === 'adaptation') return hasDiscriminator ? 'adversarial' : 'adaptation'
  if (stage.phase === 'measuring') return stage.round === 0 ? 'measuringBefore' : 'measuring'
  return stage.phase
}

function failureOf({ failure }: RunFacts): 'failed' | 'notFinite' | 'sourceNotFinite' {
  if (failure === 'loss-not-finite') return 'notFinite'
  return failure === 'source-loss-not-finite' ? 'sourceNotFinite' : 'failed'
}

/** Weights that diverge would do so again at the same rate. */
function nextAfter(key: RunStoryKey, settings: Settings | null): NextStep | null {
  if (settings === null) return null
  if (key === 'notFinite') return scaled(settings, 'adaptation.learningRate', 0.1)
  return key === 'sourceNotFinite' ? scaled(settings, 'sourceStage.learningRate', 0.1) : null
}
