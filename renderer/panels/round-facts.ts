/** Derives the facts that `round-story.ts` works with from the figures of a round. */
import { figureOf, type FigureName, type RoundFigures } from '../stores/round-figures'
import type { DomainFacts, RoundFacts } from './round-story'

export function roundFacts(round: RoundFigures): RoundFacts {
  const figure = (name: FigureName) => figureOf(round, name) ?? 0
  const source: DomainFacts = {
    accuracy: figure('sourceAccuracy'),
    count: figure('sourceCount'),
    calledMost: figure('sourceCalledMost'),
    largestClass: figure('sourceLargestClass'),
  }
  const target = {
    accuracy: figure('targetAccuracy'),
    accuracyBestPairing: figure('targetBestPairing'),
    count: figure('targetCount'),
    calledMost: figure('targetCalledMost'),
    calledMostClass: figure('targetCalledMostClass'),
    largestClass: figure('targetLargestClass'),
  }
  return {
    round: round.round,
    source,
    target: target.count === 0 ? null : target,
    sourceCalledSource: figureOf(round, 'sourceCalledSource'),
    targetCalledSource: figureOf(round, 'targetCalledSource'),
  }
}
