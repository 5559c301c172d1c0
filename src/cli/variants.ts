/**
 * Trains several experiments in sequence, each with its seeds. An experiment that already has a finished run in this
 * data folder, under any name, is not run again: an interrupted command continues with the missing runs.
 */
import type { Experiment } from '../contract/experiment'
import type { Lab } from '../contract/lab'
import { identityOf } from '../lab/repeats'
import type { CommandContext } from './command'
import { leaveStopped, trainOne } from './commands/run'
import { outcomeOf, type Outcome } from './outcome'
import { eachSeed, seedSummary, type Together } from './seeds'

/** A checked experiment, named as its run will be. */
export interface Variant {
  readonly label: string
  readonly experiment: Experiment
}

/** A variant's runs, one per seed, and their summary. */
export interface VariantOutcome {
  readonly outcomes: readonly Outcome[]
  readonly together: Together
}

/**
 * Runs the variants in order. Ends the command if the user stops it.
 * @param seeds number of seeds for each variant; undefined: its own seed only
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

/** The same document as for `run`: a single run, or several seeds with their summary. */
export function documentOf({ outcomes, together }: VariantOutcome, seeds: number | undefined): object {
  const [only] = outcomes
  return seeds === undefined && only !== undefined ? only : { seeds: outcomes, summary: together }
}

/** The latest finished run of each experiment, under any name: maps the identity of the experiment to the run's id. */
async function finishedRuns(lab: Lab): Promise<Map<string, string>> {
  const found = new Map<string, string>()
  const finished = (await lab.call('runs', {})).filter(({ state }) => state === 'finished')
  // The list starts with the newest run, which must be set last.
  for (const { id } of finished.reverse()) {
    const { record } = await lab.call('run', { run: id })
    if (record !== null && record.parent === null) found.set(identityOf(record.experiment), id)
  }
  return found
}
