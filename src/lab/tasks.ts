/** Whether figures of two experiments may stand beside each other: only those of one task are comparable. */
import type { Experiment } from '../contract/experiment'
import { differencesOf } from './compare'

/**
 * The first setting in which two experiments have different tasks: how target images are drawn, or the classes that they
 * are sorted into. Null where they have the same. Methods, rates, rounds and seeds may differ.
 */
export function differenceOfTasks(a: Experiment, b: Experiment): string | null {
  return differencesOf([taskOf(a), taskOf(b)])[0]?.setting ?? null
}

function taskOf({ source, target: { seed: _, ...target }, pairing }: Experiment) {
  return { source: { classes: source.classes }, target, pairing: { length: pairing.length } }
}
