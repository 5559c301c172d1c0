/**
 * Experiments trained one after another, each with its seeds. One that has been run to its end in this data folder,
 * under whatever name, is not run again: stopped in the middle, the whole goes on with what is missing.
 */
import type { Experiment } from '../contract/experiment'
import type { Lab } from '../contract/lab'
import { identityOf } from '../lab/repeats'
import type { CommandContext } from './command'
import { leaveStopped, trainOne } from './commands/run'
import { outcomeOf, type Outcome } from './outcome'
import { eachSeed, seedSummary, type Together } from './seeds'

/** Checked before, and named as its run is to be. */
export interface Variant {
  readonly label: string
  readonly experiment: Experiment
}

/** A variant's runs, one a seed, and what they come to together. */
export interface VariantOutcome {
  readonly outcomes: readonly Outcome[]
  readonly together: Together
}

/**
 * In their order. Ends the command where a person stops it.
 * @param seeds how many of each; undefined: the one that each has
 */
export async function runVariants<V extends Variant>(
  context: CommandContext,
  variants: readonly V[],
  seeds: number | undefined,
): Promise<(V & VariantOutcome)[]> {
  const { lab, terminal } = context
  const each = variants.map((variant) => ({
    variant,
    experiments: seeds === undefined ? [variant.experiment] : eachSeed(variant.experiment, seeds),
  }))
  const count = each.reduce((sum, { experiments }) => sum + experiments.length, 0)
  const finished = await finishedRuns(lab)
  const all: (V & VariantOutcome)[] = []
  let number = 0
  for (const { variant, experiments } of each) {
    const outcomes: Outcome[] = []
    for (const experiment of experiments) {
      number += 1
      terminal.note(terminal.say('variant', { number, count, label: variant.label, seed: experiment.seed }))
      const done = finished.get(identityOf(experiment))
      const outcome = done === undefined ? await trainOne(context, experiment) : await outcomeOf(lab, done)
      if (outcome.state === 'stopped') leaveStopped(context, outcome)
      if (outcome.state === 'finished') finished.set(identityOf(experiment), outcome.id)
      outcomes.push(outcome)
    }
    const together = seedSummary(await lab.call('card', { runs: outcomes.map(({ id }) => id) }))
    all.push({ ...variant, outcomes, together })
  }
  return all
}

/** As `run` answers: one run as it is, several seeds with what they come to. */
export function documentOf({ outcomes, together }: VariantOutcome, seeds: number | undefined): object {
  const [only] = outcomes
  return seeds === undefined && only !== undefined ? only : { seeds: outcomes, summary: together }
}

/** The latest finished run of each experiment, by whatever name: its id by what the experiment is. */
async function finishedRuns(lab: Lab): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  const finished = (await lab.call('runs', {})).filter(({ state }) => state === 'finished')
  // The newest come first, and are to count.
  for (const { id } of finished.reverse()) {
    const { record } = await lab.call('run', { run: id })
    if (record !== null && record.parent === null) found.set(identityOf(record.experiment), id)
  }
  return found
}
