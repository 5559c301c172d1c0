/**
 * An experiment and variants of it, trained one after another. One that has been run to its end in this data folder,
 * under whatever name, is not run again: stopped in the middle, the whole goes on with what is missing.
 */
import type { SettingText } from '../contract/check'
import { applySettings } from '../contract/check'
import type { Experiment } from '../contract/experiment'
import type { Lab } from '../contract/lab'
import type { Room } from './command'
import { leaveStopped, trainOne } from './commands/run'
import { outcomeOf, type Outcome } from './outcome'

export interface Variant {
  readonly label: string
  readonly settings: readonly SettingText[]
}

export interface VariantOutcome {
  readonly label: string
  readonly outcome: Outcome
}

/** In their order. Ends the command where a person stops it. */
export async function runVariants(
  room: Room,
  base: unknown,
  variants: readonly Variant[],
): Promise<VariantOutcome[]> {
  const { lab, terminal } = room
  const methods = await lab.call('methods', {})
  // All are checked before the first is trained.
  const experiments: Experiment[] = []
  for (const { settings } of variants)
    experiments.push(await lab.call('check', { experiment: applySettings(base, settings, methods) }))

  const finished = await finishedRuns(lab)
  const outcomes: VariantOutcome[] = []
  for (const [index, { label }] of variants.entries()) {
    const experiment = experiments[index]
    if (experiment === undefined) continue
    terminal.note(terminal.say('variant', { number: index + 1, count: variants.length, label }))
    const name = `${experiment.name}: ${label}`.slice(0, 120)
    const done = finished.get(identityOf(experiment))
    const outcome =
      done === undefined ? await trainOne(room, { ...experiment, name }) : await outcomeOf(lab, done)
    if (outcome.state === 'stopped') leaveStopped(room, outcome)
    if (outcome.state === 'finished') finished.set(identityOf(experiment), outcome.id)
    outcomes.push({ label, outcome })
  }
  return outcomes
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

/** All that counts, in the schema's order, which checking has given it. */
function identityOf({ name: _, ...experiment }: Experiment): string {
  return JSON.stringify(experiment)
}
