/**
 * How samples are shown to the networks of a checkpoint when they predict them: as their training showed them.
 *
 * Samples of the target's dataset get the framing and the shifts of the target, so that a prediction is the one that
 * the run measured; those of the source's dataset get the source's. Samples of any other dataset are taken for more of
 * the target: they get its framing, and vectors are normalised by the samples of the target that training saw. Shifts
 * are left out: they are made for an experiment, and other images need none.
 */
import { resolve } from 'path'
import type { Domain, Experiment } from '../contract/experiment'
import type { Shown } from './domain'
import { isPath } from './open-dataset'

/** Whether both name one dataset; a path may be relative. */
function isSame(one: string, other: string): boolean {
  return one === other || (isPath(one) && isPath(other) && resolve(one) === resolve(other))
}

export interface AsInTraining extends Shown {
  /** The domain whose statistics normalise vectors; null: none is known. */
  readonly normalisedBy: Domain | null
}

const unknown: AsInTraining = { framing: 'stretch', shifts: [], seed: 0, normalisedBy: null }

/** @param experiment null for the networks of another program, which do not say it */
export function asInTraining(dataset: string, experiment: Experiment | null): AsInTraining {
  if (experiment === null) return unknown
  const { source, target } = experiment
  const own = [target, source].find((domain) => isSame(domain.dataset, dataset))
  const { framing, shifts, seed } = own ?? { ...target, shifts: [] }
  return { framing, shifts, seed, normalisedBy: own ?? target }
}
