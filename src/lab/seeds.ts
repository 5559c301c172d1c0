/** Combines runs of one experiment with several seeds. */
import { readFigures, type Figures } from '../checkpoints/metrics'
import { readRecord } from '../checkpoints/run-record'
import { labError } from '../contract/errors'
import { seedSettings, type Experiment } from '../contract/experiment'
import type { Spread } from '../contract/judging'
import type { RunRecord } from '../contract/record'
import { wilsonInterval } from '../statistics/interval'
import { spreadOf } from '../statistics/spread'
import { differencesOf, firstApart } from './differences'

/** A run as read from its small files. */
export interface ReadRun {
  readonly record: RunRecord
  readonly figures: Figures
}

export async function readRun(folder: string): Promise<ReadRun> {
  return { record: await readRecord(folder), figures: await readFigures(folder) }
}

/** The settings other than seeds in which two experiments differ, with both values. */
export function differencesBeyondSeeds(a: Experiment, b: Experiment) {
  return differencesOf([a, b]).filter(({ setting }) => !seedSettings.includes(setting))
}

/** The first of these settings; null if there is none. */
export function differenceBeyondSeeds(a: Experiment, b: Experiment): string | null {
  return differencesBeyondSeeds(a, b)[0]?.setting ?? null
}

/** @throws `runs-differ` */
export function requireOneExperiment(records: readonly Pick<RunRecord, 'id' | 'experiment'>[]): void {
  const apart = firstApart(records, differenceBeyondSeeds)
  if (apart !== null) throw labError('runs-differ', apart)
}

/** The accuracies of one run under the chosen and the best pairing, and whether the chosen one is the best. */
export function accuraciesOfRun({ record, figures: { first, last } }: ReadRun) {
  const now = last?.measures
  const unseen = now?.unseenTarget
  return {
    before: first?.measures.target?.accuracy ?? null,
    target: now?.target?.accuracy ?? null,
    bestPairing: now?.target?.accuracyBestPairing ?? null,
    unseen: unseen?.accuracy ?? null,
    unseenBest: unseen?.accuracyBestPairing ?? null,
    estimated: now?.estimate?.accuracy ?? null,
    fits: !now?.target ? null : now.target.bestPairing.join() === record.experiment.pairing.join(),
  }
}

/**
 * Combines runs that differ only in their seeds. If the chosen pairing is the best for some runs but not for others, a
 * mean under the chosen pairing describes neither group, so it is null.
 */
export function togetherOf(runs: readonly ReadRun[]) {
  const each = runs.map(accuraciesOfRun)
  const camps = {
    chosen: each.filter(({ fits }) => fits === true).length,
    other: each.filter(({ fits }) => fits === false).length,
  }
  const images = imagesIn(runs)
  const isOneCamp = camps.chosen === 0 || camps.other === 0
  const over = (name: 'target' | 'bestPairing' | 'unseen' | 'unseenBest', count: number | null) =>
    spreadOver(
      each.map((one) => one[name]),
      count,
    )
  return {
    camps,
    images,
    target: isOneCamp ? over('target', images.target) : null,
    bestPairing: over('bestPairing', images.target),
    unseen: isOneCamp ? over('unseen', images.unseen) : null,
    unseenBest: over('unseenBest', images.unseen),
  }
}

/** Runs that differ only in seeds are measured on equally many images; images with given labels are not counted. */
function imagesIn(runs: readonly ReadRun[]) {
  const measured = runs.flatMap(({ figures: { last } }) => (last === null ? [] : [last.measures]))
  const least = (counts: readonly number[]) => (counts.length === 0 ? null : Math.min(...counts))
  return {
    target: least(measured.flatMap(({ target }) => (target === null ? [] : [target.count]))),
    unseen: least(
      measured.flatMap(({ unseenTarget }) => (unseenTarget === null ? [] : [unseenTarget.count])),
    ),
  }
}

function spreadOver(values: readonly (number | null)[], images: number | null): Spread | null {
  const spread = spreadOf(values)
  return spread === null || images === null
    ? null
    : { ...spread, interval: wilsonInterval(spread.mean, images) }
}
