/** How long an experiment will take, from what its parts took on this machine. */
import type { Experiment } from '../contract/experiment'
import type { ExpectedSeconds } from '../contract/training'
import type { MethodDeclaration } from '../contract/method'
import type { TimedPart, Timing } from '../contract/timing'
import type { DomainSizes } from '../data/domain-size'
import { expectedCost, type Expected, type Measured } from '../statistics/cost-line'
import { costKind } from './cost-kinds'

/** How many of the latest measurements of a part count, and how much less each earlier one weighs. */
const latest = 12
const fading = 0.7

/** A range is this much wider at either end for each thing in which the best guide is of another kind. */
const otherKind = 1.25
/** The same for a guide from another machine. */
const otherMachine = 2.5

/** Their fixed cost is a part of its own, so what is left grows with the images. */
const proportional: readonly TimedPart[] = ['source', 'adaptation']

interface Piece {
  readonly part: TimedPart
  readonly times: number
  readonly images: number
}

/**
 * Of one attempt, from the start of its process to the last round; null where nothing at all was measured.
 * @param own what this machine has measured, oldest first
 * @param reference what another machine has measured, for parts that this one has never done
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

/** A method without a loss learns nothing beyond the source stage. */
function piecesOf({ sourceStage, adaptation }: Experiment, adapts: boolean, sizes: DomainSizes): Piece[] {
  const { source, target, unseen } = sizes
  const measured = source + target + unseen
  const rounds = adapts ? adaptation.epochs : 0
  const pieces: Piece[] = [
    { part: 'launch', times: 1, images: 0 },
    { part: 'load', times: 1, images: measured },
    { part: 'compile-source', times: 1, images: 0 },
    { part: 'source', times: 1, images: source * sourceStage.epochs },
    { part: 'first-round', times: 1, images: measured },
    { part: 'compile-adaptation', times: Math.min(1, rounds), images: 0 },
    { part: 'adaptation', times: rounds, images: Math.min(source, target) },
    { part: 'round', times: rounds, images: measured },
  ]
  return pieces.filter(({ part, times, images }) => times > 0 && (images > 0 || !proportional.includes(part)))
}

/** By the timings whose kind agrees in most; the range is wider the less they agree in. */
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

/** As if each had been of so many images. */
function throughOrigin(measured: readonly Measured[], images: number): Measured[] {
  return measured.flatMap((one) =>
    one.images > 0 ? [{ ...one, images, seconds: (one.seconds * images) / one.images }] : [],
  )
}

/** In how many things two kinds agree, from the first on. */
function agreement(one: readonly string[], other: readonly string[]): number {
  const apart = other.findIndex((value, index) => one[index] !== value)
  return apart === -1 ? other.length : apart
}

function widened(expected: Expected | null, by: number): Expected | null {
  return expected && { low: expected.low / by, likely: expected.likely, high: expected.high * by }
}
