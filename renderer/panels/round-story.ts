/**
 * Selects the sentence that explains the result of one round, and the setting to change next. A cause is named only if
 * the number of measured images leaves no doubt: accuracies are compared by their 95 % intervals.
 */
import { wilsonInterval } from '../../src/statistics/interval'
import { changed, normalised, scaled, set, type NextStep, type Settings } from './next-step'

/** Predictions of C in one domain. */
export interface DomainFacts {
  readonly accuracy: number
  readonly count: number
  /** Share of the images predicted as the most frequently predicted class. */
  readonly calledMost: number
  /** Share of the images that belong to the most frequent class. */
  readonly largestClass: number
}

export interface TargetFacts extends DomainFacts {
  readonly accuracyBestPairing: number
  /** Index of the most frequently predicted source class. */
  readonly calledMostClass: number
}

export interface RoundFacts {
  readonly round: number
  readonly source: DomainFacts
  /** Null if there is no labelled image to measure on. */
  readonly target: TargetFacts | null
  /** Share of each domain that D calls source; null without a D. */
  readonly sourceCalledSource: number | null
  readonly targetCalledSource: number | null
}

export interface Looked {
  /** The round on display. */
  readonly shown: RoundFacts
  /** Round 0: before adaptation. */
  readonly before: RoundFacts | null
  /** Number of rounds in the experiment. */
  readonly rounds: number
  readonly settings: Settings
  /** False for a control, which never trains on the source; a low source accuracy is then no fault. */
  readonly learnsSource: boolean
}

export type RoundStoryKey =
  | 'sourceGuessed'
  | 'sourcePoor'
  | 'noLabels'
  | 'straight'
  | 'straightOneClass'
  | 'noRounds'
  | 'adapted'
  | 'alreadyGood'
  | 'otherWay'
  | 'diverged'
  | 'sourceLost'
  | 'oneClass'
  | 'below'
  | 'fooledWithoutGain'
  | 'notFooled'
  | 'unchanged'
  | 'gained'

export interface RoundStory {
  readonly key: RoundStoryKey
  readonly next: NextStep | null
}

/** Target accuracy from which adaptation counts as successful. */
const works = 0.9
/** Smallest difference that counts; two seeds differ by this much. */
const noticeable = 0.02
/** C predicts one class for all images but a few. */
const nearlyAll = 0.95
/**
 * If D's shares of the two domains differ by at most `fooled`, D cannot tell them apart; from `tellsApart` on it can.
 */
const fooled = 0.2
const tellsApart = 0.5
/** Number of steps after which the source stage should have converged. */
const manySteps = 1000
/** A usual learning rate for adaptation; a lower one may change nothing. */
const usualRate = 0.001

export function roundStory(looked: Looked): RoundStory {
  const { shown, before, learnsSource } = looked
  const start = (before ?? shown).source
  const { target } = shown
  if (target !== null && shown.round > 0 && before?.target) {
    const success = successOf(target, before.target)
    if (success !== null) return { key: success, next: success === 'otherWay' ? labels(looked) : null }
  }
  if (learnsSource && !isLearnt(start, looked))
    return { key: notLearnt(start, looked), next: forSource(start, looked) }
  if (target === null || (before !== null && before.target === null)) return { key: 'noLabels', next: null }
  if (shown.round === 0 || !before?.target) return straight(target, looked)
  return failed(target, before.target, looked)
}

function successOf(target: TargetFacts, before: TargetFacts): 'adapted' | 'alreadyGood' | 'otherWay' | null {
  if (target.accuracy < works) return target.accuracyBestPairing >= works ? 'otherWay' : null
  if (gained(before, target)) return 'adapted'
  return before.accuracy >= works && !gained(target, before) ? 'alreadyGood' : null
}

/** For round 0, or without round 0 to compare with. */
function straight(target: TargetFacts, looked: Looked): RoundStory {
  if (isOneClass(target)) return { key: 'straightOneClass', next: normalised(looked.settings) }
  return { key: looked.rounds === 0 ? 'noRounds' : 'straight', next: null }
}

function failed(target: TargetFacts, before: TargetFacts, looked: Looked): RoundStory {
  const { shown, learnsSource } = looked
  const slower = scaled(looked.settings, 'adaptation.learningRate', 0.1)
  const lost = learnsSource && !isLearnt(shown.source, looked)
  const fell = gained(target, before)
  if (lost) return { key: fell || isOneClass(target) ? 'diverged' : 'sourceLost', next: slower }
  if (isOneClass(target)) return { key: 'oneClass', next: slower }
  if (fell) return { key: 'below', next: slower }
  if (gained(before, target)) return { key: 'gained', next: longer(looked) }
  return unmoved(looked)
}

function unmoved(looked: Looked): RoundStory {
  const { sourceCalledSource, targetCalledSource } = looked.shown
  if (sourceCalledSource === null || targetCalledSource === null)
    return { key: 'unchanged', next: faster(looked) ?? longer(looked) }
  const apart = sourceCalledSource - targetCalledSource
  if (apart <= fooled) return { key: 'fooledWithoutGain', next: faster(looked) ?? otherMethod(looked) }
  if (apart >= tellsApart) return { key: 'notFooled', next: faster(looked) ?? longer(looked) }
  return { key: 'unchanged', next: faster(looked) ?? longer(looked) }
}

/** Accuracy of predicting the most frequent class for every image, or a random class if that is better. */
const chanceOf = ({ largestClass }: DomainFacts, { settings }: Looked) =>
  Math.max(largestClass, 1 / settings.source.classes.length)

/**
 * Whether the accuracy is above the middle between chance and 1 (0.75 for two classes, 0.55 for ten) with 95 %
 * confidence.
 */
function isLearnt(source: DomainFacts, looked: Looked): boolean {
  const chance = chanceOf(source, looked)
  // With a single class every prediction is correct.
  return chance === 1 || wilsonInterval(source.accuracy, source.count).low > (1 + chance) / 2
}

function notLearnt(source: DomainFacts, looked: Looked): 'sourceGuessed' | 'sourcePoor' {
  const { low } = wilsonInterval(source.accuracy, source.count)
  return low <= chanceOf(source, looked) ? 'sourceGuessed' : 'sourcePoor'
}

function isOneClass({ calledMost, largestClass }: DomainFacts): boolean {
  return calledMost >= nearlyAll && calledMost > (1 + largestClass) / 2
}

/** Whether the second accuracy is higher than the first, significantly and noticeably. */
function gained(first: DomainFacts, second: DomainFacts): boolean {
  const variance = ({ accuracy, count }: DomainFacts) => (accuracy * (1 - accuracy)) / count
  const open = 1.96 * Math.sqrt(variance(first) + variance(second))
  return second.accuracy - first.accuracy >= Math.max(noticeable, open)
}

function forSource(source: DomainFacts, looked: Looked): NextStep | null {
  const { epochs, batch, steps } = looked.settings.sourceStage
  const stepsAnEpoch = steps ?? Math.ceil(source.count / batch)
  if (epochs * stepsAnEpoch < manySteps)
    return set(
      looked.settings,
      'sourceStage.epochs',
      Math.max(2 * epochs, Math.ceil(manySteps / stepsAnEpoch)),
    )
  if (isOneClass(source)) return scaled(looked.settings, 'sourceStage.learningRate', 0.1)
  return normalised(looked.settings) ?? scaled(looked.settings, 'sourceStage.learningRate', 3)
}

/** Null if the rate is not below the usual one. */
const faster = (looked: Looked): NextStep | null =>
  looked.settings.adaptation.learningRate < usualRate
    ? set(looked.settings, 'adaptation.learningRate', usualRate)
    : null

const longer = (looked: Looked) =>
  // Later rounds of the run may already show more.
  looked.shown.round < looked.rounds ? null : set(looked.settings, 'adaptation.epochs', 2 * looked.rounds)

const labels = (looked: Looked) =>
  looked.settings.adaptation.labels.length > 0 ? null : changed(looked.settings, 'adaptation.shots', 0, 1)

const otherMethod = (looked: Looked) =>
  set(looked.settings, 'adaptation.method', looked.settings.adaptation.method === 'cdan' ? 'shot-im' : 'cdan')
