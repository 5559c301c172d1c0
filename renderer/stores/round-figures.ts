/**
 * The part of a round that the page keeps: only the figures it draws. The whole event has tables by class and is
 * several times as large. A run can have thousands of rounds and stay open for hours, so numbers are kept in one
 * array, a third of the size of named properties; D's verdicts take one character each, and a histogram is kept as
 * JSON.
 */
import { hasForeignSamples } from '../../src/contract/estimate'
import { histogramSchema, labelFreeScores, type Measures, type RoundEvent } from '../../src/contract/record'
import type { SourceJudge } from '../../src/contract/source-judge'
import { packVerdicts, type StripRow, type Verdicts } from '../format/verdicts'

const ofMeasures = {
  sourceAccuracy: ({ source }) => source.accuracy,
  targetAccuracy: ({ target }) => target?.accuracy,
  targetBestPairing: ({ target }) => target?.accuracyBestPairing,
  unseenAccuracy: ({ unseenTarget }) => unseenTarget?.accuracy,
  unseenBestPairing: ({ unseenTarget }) => unseenTarget?.accuracyBestPairing,
  discriminatorAccuracy: ({ discriminatorAccuracy }) => discriminatorAccuracy,
  sourceCalledSource: ({ sourceCalledSource }) => sourceCalledSource,
  targetCalledSource: ({ targetCalledSource }) => targetCalledSource,
  sourceCount: ({ source }) => source.count,
  sourceCalledMost: ({ source }) => largestShare(columnsOf(source)),
  sourceLargestClass: ({ source }) => largestShare(rowsOf(source)),
  targetCount: ({ target }) => target?.count ?? 0,
  targetCalledMost: ({ target }) => target && largestShare(columnsOf(target)),
  targetCalledMostClass: ({ target }) => target && columnsOf(target).indexOf(Math.max(...columnsOf(target))),
  targetLargestClass: ({ target }) => target && largestShare(rowsOf(target)),
  /** No accuracy: estimated without labels. */
  estimate: ({ estimate }) => estimate?.accuracy,
  outlying: ({ estimate }) => estimate?.outlying,
} satisfies Record<string, (measures: Measures) => number | null | undefined>

const names = [...(Object.keys(ofMeasures) as (keyof typeof ofMeasures)[]), ...labelFreeScores]
export type FigureName = (typeof names)[number]
const columns = new Map(names.map((name, column) => [name, column]))

export interface RoundFigures {
  readonly round: number
  readonly verdicts: Verdicts | null
  /** How the source's figures and points were computed; read by `sourceJudgeOf`. */
  readonly sourceJudge: SourceJudge | undefined
  /** Number of verdicts, from the left, that were on source inputs. */
  readonly onSource: number
  /** JSON; `histogramOf` parses it for the selected round. */
  readonly histogram: string | null
  /** In the order of `names`; NaN for a missing value. Read by `figureOf`. */
  readonly numbers: readonly number[]
}

export function roundFigures({ round, verdicts, verdictsOnSource, measures }: RoundEvent): RoundFigures {
  const { histogram, labelFree, sourceJudge } = measures
  const numbers = [
    ...Object.values(ofMeasures).map((read) => read(measures)),
    ...labelFreeScores.map((score) => labelFree?.[score]),
  ]
  return {
    round,
    verdicts: verdicts === null ? null : packVerdicts(verdicts),
    sourceJudge,
    onSource: verdictsOnSource ?? (verdicts?.length ?? 0) / 2,
    histogram: histogram === null ? null : JSON.stringify(histogram),
    numbers: numbers.map((value) => value ?? NaN),
  }
}

/** Null if the round has no such figure. */
export function figureOf({ numbers }: RoundFigures, name: FigureName): number | null {
  const value = numbers[columns.get(name) ?? -1] ?? NaN
  return Number.isNaN(value) ? null : value
}

/**
 * The share of samples that were of no class before adaptation, which makes the predictions of foreign samples certain,
 * too; null if it is too small for a warning, or not known.
 */
export function foreignShare(before: RoundFigures | null): number | null {
  const outlying = before && figureOf(before, 'outlying')
  return outlying !== null && hasForeignSamples({ outlying }) ? outlying : null
}

/** D's p(source) over a fixed sample of both domains, in bins of equal width. */
export function histogramOf({ histogram }: RoundFigures): Measures['histogram'] {
  return histogram === null ? null : histogramSchema.parse(JSON.parse(histogram))
}

/** Whether the round has verdicts of D. */
export function isJudged(round: RoundFigures): round is RoundFigures & StripRow {
  return round.verdicts !== null
}

type Confusion = Pick<Measures['source'], 'confusion'>

/** Number of images of each class. */
const rowsOf = ({ confusion }: Confusion): number[] => confusion.map(sum)

/** Number of images predicted as each class. */
const columnsOf = ({ confusion }: Confusion): number[] =>
  (confusion[0] ?? []).map((_, column) => sum(confusion.map((row) => row[column] ?? 0)))

const largestShare = (counts: readonly number[]): number => Math.max(0, ...counts) / sum(counts)

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)
