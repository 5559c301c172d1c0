/** Decides whether figures of several experiments are comparable: only those of one task are. */
import { labError } from '../contract/errors'
import type { Experiment } from '../contract/experiment'
import type { RunRecord } from '../contract/record'
import { differencesOf, firstApart } from './differences'

/**
 * A task is how target images are drawn and the classes they are sorted into. Methods, rates, rounds and seeds may
 * differ.
 * @throws `tasks-differ`
 */
export function requireOneTask(records: readonly Pick<RunRecord, 'id' | 'experiment'>[]): void {
  const apart = firstApart(records, differenceOfTasks)
  if (apart !== null) throw labError('tasks-differ', apart)
}

function differenceOfTasks(a: Experiment, b: Experiment): string | null {
  return differencesOf([taskOf(a), taskOf(b)])[0]?.setting ?? null
}

function taskOf({ source, target: { seed: _, ...target }, pairing }: Experiment) {
  return { source: { classes: source.classes }, target, pairing: { length: pairing.length } }
}
