/** Estimates how long an experiment will take from earlier timings of its parts. */
import type { Experiment } from '../contract/experiment'
import type { ExpectedSeconds } from '../contract/training'
import type { MethodDeclaration } from '../contract/method'
import type { TimedPart, Timing } from '../contract/timing'
import { imagesInEpoch } from '../data/batches'
import type { DomainSizes } from '../data/domain-size'
import { expectedCost, type Expected, type Measured } from '../statistics/cost-line'
import { costKind } from './cost-kinds'

/** Number of latest timings of a part that count, and the factor by which each earlier one weighs less. */
const latest = 12
const fading = 0.7

/**
 * The range widens by this factor at either end for each setting in which the best timings differ from the experiment.
 */
const otherKind = 1.25
/** The same factor for timings from another machine. */
const otherMachine = 2.5

/** The fixed cost of these parts is a part of its own, so the rest is proportional to the number of images. */
const proportional: readonly TimedPart[] = ['source', 'adaptation']

interface Piece {
  readonly part: TimedPart
  readonly times: number
  readonly images: number
}

/**
 * Estimates one attempt, from the start of its process to the last round; null if no part has a timing.
 * @param own timings of this machine, oldest first
 * @param reference timings of another machine, for parts that this one has never timed
 */
export function expectedSeconds(
  experiment: Experiment,
  { losses }: Pick<MethodDeclaration, 'losses'>,
  sizes: DomainSizes,
  { own, reference }: { readonly own: readonly Timing[]; readonly reference: readonly Timing[] },
): ExpectedSeconds | null {
  let sum: ExpectedSeconds = { low: 0, likely: 0, high: 0 }
  for (const { part, times, images } of piecesOf(experiment, losses.length > 0, sizes)) {
    const kind = costKind(part, experiment)
    const found =
      guided(part, kind, images, own) ?? widened(guided(part, kind, images, reference), otherMachine)
    if (found === null) return null
    sum = {
      low: sum.low + times * found.low,
      likely: sum.likely + times * found.likely,
      high: sum.high + times * found.high,
    }
  }
  return sum
}

/** A method without a loss trains nothing after the source stage. */
function piecesOf({ sourceStage, adaptation }: Experiment, adapts: boolean, sizes: DomainSizes): Piece[] {
  const { source, target, unseen } = sizes
  const measured = source + target + unseen
  const rounds = adapts ? adaptation.epochs : 0
  const pieces: Piece[] = [
    { part: 'launch', times: 1, images: 0 },
    { part: 'load', times: 1, images: measured },
    { part: 'compile-source', times: 1, images: 0 },
    { part: 'source', times: 1, images: sourceStage.epochs * imagesInEpoch(source, sourceStage) },
    { part: 'first-round', times: 1, images: measured },
    { part: 'compile-adaptation', times: Math.min(1, rounds), images: 0 },
    { part: 'adaptation', times: rounds, images: imagesInEpoch(Math.min(source, target), adaptation) },
    { part: 'round', times: rounds, images: measured },
  ]
  return pieces.filter(({ part, times, images }) => times > 0 && (images > 0 || !proportional.includes(part)))
}

/** Predicts from the timings whose kind agrees most; the range is wider the less they agree. */
function guided(
  part: TimedPart,
  kind: readonly string[],
  images: number,
  timings: readonly Timing[],
): Expected | null {
  const ofPart = timings.filter((timing) => timing.part === part)
  const agreeing = Math.max(-1, ...ofPart.map((timing) => agreement(timing.kind, kind)))
  const guides = ofPart.filter((timing) => agreement(timing.kind, kind) === agreeing).slice(-latest)
  const measured = guides.map((timing, index) => measuredBy(timing, fading ** (guides.length - 1 - index)))
  const line = proportional.includes(part) ? throughOrigin(measured, images) : measured
  return widened(expectedCost(line, images), otherKind ** (kind.length - agreeing))
}

const measuredBy = ({ images, seconds }: Timing, weight: number): Measured => ({ images, seconds, weight })

/** Scales each timing to the given number of images. */
function throughOrigin(measured: readonly Measured[], images: number): Measured[] {
  return measured.flatMap((one) =>
    one.images > 0 ? [{ ...one, images, seconds: (one.seconds * images) / one.images }] : [],
  )
}

/** Number of leading entries in which two kinds agree. */
function agreement(one: readonly string[], other: readonly string[]): number {
  const apart = other.findIndex((value, index) => one[index] !== value)
  return apart === -1 ? other.length : apart
}

function widened(expected: Expected | null, by: number): Expected | null {
  return expected && { low: expected.low / by, likely: expected.likely, high: expected.high * by }
}
