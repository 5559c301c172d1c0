/** Which sentence tells what a run is doing, or how it came out. */
import type { RunSummary } from '../../src/contract/lab'
import type { AccuracyFigures } from '../stores/round-figures'
import type { Stage } from '../stores/watched'

export interface RunFacts {
  /** Null: no run is on show. */
  readonly state: RunSummary['state'] | null
  /** What it is doing; null when it does not train. */
  readonly stage: Stage | null
  readonly before: AccuracyFigures | null
  readonly last: AccuracyFigures | null
  readonly rounds: number
  readonly hasDiscriminator: boolean
}

type StoryKey =
  | 'none'
  | 'starting'
  | 'loading'
  | 'source'
  | 'measuringBefore'
  | 'measuring'
  | 'adversarial'
  | 'adaptation'
  | 'paused'
  | 'stopped'
  | 'ended'
  | 'damaged'
  | 'adapted'
  | 'otherWay'
  | 'unmoved'
  | 'moved'

export interface Story {
  readonly key: StoryKey
  readonly round: number
  readonly rounds: number
  readonly before: number | null
  readonly now: number | null
}

/** From here on a run counts as one that works. */
const works = 0.9
/** A change of less is as good as none: two seeds differ by more. */
const noticeable = 0.02

function whileRunning({ stage, hasDiscriminator }: RunFacts): StoryKey {
  if (stage === null) return 'starting'
  if (stage.phase === 'adaptation') return hasDiscriminator ? 'adversarial' : 'adaptation'
  if (stage.phase === 'measuring') return stage.round === 0 ? 'measuringBefore' : 'measuring'
  return stage.phase
}

function afterwards({ before, last, rounds }: RunFacts): StoryKey {
  if (before === null || last === null || rounds === 0) return 'ended'
  if (last.accuracy >= works) return 'adapted'
  if (last.accuracyBestPairing >= works) return 'otherWay'
  return Math.abs(last.accuracy - before.accuracy) < noticeable ? 'unmoved' : 'moved'
}

function keyOf(facts: RunFacts): StoryKey {
  switch (facts.state) {
    case null:
      return 'none'
    case 'running':
      return whileRunning(facts)
    case 'finished':
      return afterwards(facts)
    case 'damaged':
      return 'damaged'
    default:
      return 'stopped'
  }
}

export function storyOf(facts: RunFacts): Story {
  const { stage, rounds, before, last } = facts
  const key = keyOf(facts)
  return {
    key,
    round: stage?.round ?? rounds,
    rounds: stage?.rounds ?? rounds,
    before: before?.accuracy ?? null,
    now: (key === 'otherWay' ? last?.accuracyBestPairing : last?.accuracy) ?? null,
  }
}
