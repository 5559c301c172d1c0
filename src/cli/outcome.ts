/** The result of a run, with the fields documented for `run --json`, and as text. */
import { roundEvents } from '../checkpoints/rounds'
import { hasForeignSamples, usualError, type Estimate } from '../contract/estimate'
import { restartsSchema, type Experiment } from '../contract/experiment'
import type { Lab } from '../contract/lab'
import {
  labelFreeScores,
  type Attempt,
  type LabelFree,
  type Measures,
  type RecordedEvent,
  type RunState,
} from '../contract/record'
import type { SourceJudge } from '../contract/source-judge'
import { isAccepted } from '../statistics/acceptance'
import type { Say } from '../language/words'
import { accuracy } from './numbers'
import { pairs } from './table'
import type { Terminal } from './terminal'
import { estimateOfRun, judgedWithoutLabels } from './without-labels'

export interface Outcome {
  /** The run's folder. */
  readonly run: string
  readonly id: string
  readonly state: RunState
  readonly seed: number | null
  readonly sourceAccuracy: number | null
  /** Before adaptation, with MS; `sourceAccuracy` is from the last round, with the encoder `sourceJudge`. */
  readonly sourceAccuracyBefore: number | null
  readonly sourceJudge: SourceJudge | null
  readonly targetAccuracyBefore: number | null
  readonly targetAccuracy: number | null
  readonly targetAccuracyBestPairing: number | null
  readonly unseenTargetAccuracy: number | null
  readonly unseenTargetAccuracyBestPairing: number | null
  readonly discriminatorAccuracy: number | null
  /** Scores of the last round that use no target labels; null if it has none. */
  readonly labelFree: LabelFree | null
  /** The same before adaptation. */
  readonly labelFreeBefore: LabelFree | null
  /** Whether the rule for restarts accepts the last round, by its scores; null if it has none. */
  readonly acceptedWithoutLabels: boolean | null
  /** No accuracy: it is estimated without target labels, and `usualError` is its mean absolute error. */
  readonly estimate: EstimateOutcome | null
  /** Whether the best pairing is the chosen one; null before the first measurement. */
  readonly chosenPairingFits: boolean | null
  /** Judged without labels; empty if the experiment has no restarts. */
  readonly attempts: readonly Attempt[]
  /** Target images that training saw with their labels. */
  readonly labelledTarget: number
  /** Near-duplicates of them that no accuracy is measured on; null if the user labelled no images. */
  readonly nearDuplicates: { readonly target: number; readonly unseenTarget: number } | null
  readonly rounds: number
  readonly seconds: number
  readonly checkpoints: readonly string[]
}

interface EstimateOutcome extends Estimate {
  /** Before adaptation; null: not estimated. */
  readonly before: number | null
  readonly usualError: number
  /** `outlying` before adaptation, after which foreign samples are no longer seen. */
  readonly outlyingBefore: number | null
  /** Whether many target samples probably belong to none of the classes. */
  readonly foreignSamples: boolean
}

/**
 * Working time in seconds, including measuring and writing: from each start to the last event before the next start.
 */
export function secondsIn(history: readonly RecordedEvent[]): number {
  let adaptationStart: number | null = null
  let total = 0
  let last = 0
  for (const event of history) {
    const time = Date.parse(event.time) / 1000
    if (event.type === 'started') {
      total += last
      adaptationStart = time
    }
    // Events that were copied from the parent, before the run's own first start, are not its work.
    last = adaptationStart === null ? 0 : time - adaptationStart
  }
  return total + last
}

/** The measures of round 0 and of the last round, of the attempt that counts. */
function measuresIn(history: readonly RecordedEvent[]) {
  const rounds = roundEvents(history)
  return { before: rounds.get(0)?.measures, last: rounds.get(Math.max(...rounds.keys()))?.measures }
}

function estimateIn(before: Measures | undefined, last: Measures | undefined): EstimateOutcome | null {
  if (last?.estimate === undefined) return null
  return {
    ...last.estimate,
    before: before?.estimate?.accuracy ?? null,
    usualError,
    outlyingBefore: before?.estimate?.outlying ?? null,
    foreignSamples: hasForeignSamples(before?.estimate ?? last.estimate),
  }
}

function acceptanceOf(last: Measures | undefined, experiment: Experiment | undefined): boolean | null {
  if (last?.labelFree === undefined || experiment === undefined) return null
  const rule = experiment.restarts ?? restartsSchema.parse({})
  return isAccepted(last.labelFree, experiment.source.classes.length, rule)
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index])
}

export async function outcomeOf(lab: Lab, run: string): Promise<Outcome> {
  const { summary, record } = await lab.call('run', { run })
  const history = await lab.call('history', { run })
  const checkpoints = await lab.call('checkpoints', { run })
  const { before, last } = measuresIn(history)
  const pairing = record?.experiment.pairing
  return {
    run: summary.folder,
    id: summary.id,
    state: summary.state,
    seed: record?.experiment.seed ?? null,
    sourceAccuracy: summary.sourceAccuracy,
    sourceAccuracyBefore: summary.sourceAccuracyBefore,
    sourceJudge: summary.sourceJudge,
    targetAccuracyBefore: summary.targetAccuracyBefore,
    targetAccuracy: summary.targetAccuracy,
    targetAccuracyBestPairing: summary.targetAccuracyBestPairing,
    unseenTargetAccuracy: summary.unseenTargetAccuracy,
    unseenTargetAccuracyBestPairing: last?.unseenTarget?.accuracyBestPairing ?? null,
    discriminatorAccuracy: last?.discriminatorAccuracy ?? null,
    labelFree: last?.labelFree ?? null,
    labelFreeBefore: before?.labelFree ?? null,
    acceptedWithoutLabels: acceptanceOf(last, record?.experiment),
    estimate: estimateIn(before, last),
    chosenPairingFits:
      !last?.target || pairing === undefined ? null : sameNumbers(last.target.bestPairing, pairing),
    attempts: record?.attempts ?? [],
    labelledTarget: record?.labelledTarget.length ?? 0,
    nearDuplicates: record?.nearDuplicates ?? null,
    rounds: summary.rounds,
    seconds: secondsIn(history),
    checkpoints: checkpoints.map(({ path }) => path),
  }
}

/** The scores that use no target labels, with their names and units; empty if there are none. */
export function labelFreeRows(scores: LabelFree | null | undefined, say: Say): [string, number | null][] {
  if (scores === null || scores === undefined) return []
  return labelFreeScores.map((score) => [say(`measure-${score}`), scores[score]])
}

/**
 * One value if the source is classified with MS, which adaptation does not change; with MT, the values before and
 * after.
 */
function sourceRows({ sourceAccuracyBefore, sourceAccuracy, sourceJudge }: Outcome, say: Say) {
  const rows: [string, number | null][] = [
    [say('measure-source-MS'), sourceJudge === 'MT' ? sourceAccuracyBefore : sourceAccuracy],
  ]
  if (sourceJudge === 'MT') rows.push([say('measure-source-MT'), sourceAccuracy])
  return rows
}

/** What the accuracies leave out; no rows if the user labelled no images. */
function labelRows({ labelledTarget, nearDuplicates }: Outcome, say: Say): [string, number][] {
  if (nearDuplicates === null) return []
  return [
    [say('measure-labelled'), labelledTarget],
    [say('measure-near-duplicates'), nearDuplicates.target],
    [say('measure-near-duplicates-unseen'), nearDuplicates.unseenTarget],
  ]
}

type Speaker = Pick<Terminal, 'say' | 'language'>

export function outcomeText(outcome: Outcome, speaker: Speaker): string {
  const { say } = speaker
  const isUnlabelled = outcome.targetAccuracy === null && outcome.labelFree !== null
  const measured: [string, number | null][] = [
    ...sourceRows(outcome, say),
    [say('measure-before'), outcome.targetAccuracyBefore],
    [say('measure-target'), outcome.targetAccuracy],
    [say('measure-best'), outcome.targetAccuracyBestPairing],
    [say('measure-unseen'), outcome.unseenTargetAccuracy],
    [say('measure-discriminator'), outcome.discriminatorAccuracy],
    ...(isUnlabelled ? [] : labelFreeRows(outcome.labelFree, say)),
  ]
  const known = measured.filter(([, value]) => value !== null)
  const rows = pairs([
    ...known.map(([name, value]): [string, string] => [name, accuracy(value)]),
    ...labelRows(outcome, say),
    [say('measure-checkpoints'), outcome.checkpoints.length],
  ])
  return isUnlabelled
    ? `${judgedWithoutLabels(outcome, speaker)}\n${rows}`
    : [rows, ...estimateOfRun(outcome, say)].join('\n')
}
