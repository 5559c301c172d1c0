/** The result of a run, with the fields documented for `run --json`, and as text. */
import type { Lab } from '../contract/lab'
import {
  labelFreeScores,
  type Attempt,
  type LabelFree,
  type RecordedEvent,
  type RoundEvent,
  type RunState,
} from '../contract/record'
import type { SourceJudge } from '../contract/source-judge'
import type { Say } from '../language/words'
import { accuracy } from './numbers'
import { pairs } from './table'

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

function lastRound(history: readonly RecordedEvent[]): RoundEvent | undefined {
  const rounds = history.filter((event): event is RoundEvent => event.type === 'round')
  return rounds[rounds.length - 1]
}

function sameNumbers(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((value, index) => value === b[index])
}

export async function outcomeOf(lab: Lab, run: string): Promise<Outcome> {
  const { summary, record } = await lab.call('run', { run })
  const history = await lab.call('history', { run })
  const checkpoints = await lab.call('checkpoints', { run })
  const last = lastRound(history)?.measures
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

export function outcomeText(outcome: Outcome, say: Say): string {
  const measured: [string, number | null][] = [
    ...sourceRows(outcome, say),
    [say('measure-before'), outcome.targetAccuracyBefore],
    [say('measure-target'), outcome.targetAccuracy],
    [say('measure-best'), outcome.targetAccuracyBestPairing],
    [say('measure-unseen'), outcome.unseenTargetAccuracy],
    [say('measure-discriminator'), outcome.discriminatorAccuracy],
    ...labelFreeRows(outcome.labelFree, say),
  ]
  const known = measured.filter(([, value]) => value !== null)
  return pairs([
    ...known.map(([name, value]): [string, string] => [name, accuracy(value)]),
    ...labelRows(outcome, say),
    [say('measure-checkpoints'), outcome.checkpoints.length],
  ])
}
