/** `resume`: continues a run from where it stopped, from an earlier round, or with other settings or labels. */
import { Command } from 'commander'
import { labError } from '../../contract/errors'
import type { Lab } from '../../contract/lab'
import type { Labels } from '../../contract/label'
import type { CommandEnvironment } from '../command'
import { outcomeOf, outcomeText } from '../outcome'
import { runNamed } from '../run-name'
import { settingIn } from '../settings'
import { train } from '../train'
import { wholeNumber } from '../values'
import { leaveStopped } from './run'

interface ResumeOptions {
  readonly round?: number
  readonly rounds?: number
  readonly set?: readonly string[]
  readonly withLabels?: true
}

const maxRounds = 100_000

const labelsSetting = 'adaptation.labels'

/** All labels that were given to the run's target. Throws `none-labelled-by-hand`, `labels-unknown-classes`. */
async function labelsFor(lab: Lab, run: string): Promise<Labels['labels']> {
  const { record } = await lab.call('run', { run })
  const { dataset } = record?.experiment.target ?? { dataset: '' }
  const { labels } = await lab.call('labels', { dataset, classes: record?.experiment.source.classes })
  if (labels.length === 0) throw labError('none-labelled-by-hand', { dataset })
  return labels
}

async function changesOf(
  lab: Lab,
  run: string,
  { set = [], withLabels }: ResumeOptions,
): Promise<Record<string, unknown> | undefined> {
  const settings = Object.fromEntries(set.map(settingIn))
  if (withLabels === undefined) return set.length === 0 ? undefined : settings
  if (labelsSetting in settings)
    throw labError('exclusive-options', { first: '--with-labels', second: `--set ${labelsSetting}` })
  // Images that an earlier run drew by their labels are replaced by those that the user gave.
  return { 'adaptation.shots': 0, ...settings, [labelsSetting]: await labelsFor(lab, run) }
}

export function resumeCommand({ say, withLab }: CommandEnvironment): Command {
  return new Command('resume')
    .description(say('about-resume'))
    .argument('<run>', say('argument-run'), runNamed)
    .option('--round <n>', say('option-round'), wholeNumber('--round', 0, maxRounds))
    .option('--rounds <n>', say('option-rounds'), wholeNumber('--rounds', 1, maxRounds))
    .option('--set <key=value...>', say('option-set'))
    .option('--with-labels', say('option-with-labels'))
    .action(
      withLab(async (context, run: string, options: ResumeOptions) => {
        const { lab, terminal } = context
        const { round, rounds } = options
        const changes = await changesOf(lab, run, options)
        const trained = await train(lab, terminal, () => lab.call('resume', { run, round, rounds, changes }))
        const outcome = await outcomeOf(lab, trained.run)
        terminal.answer(outcome, outcomeText(outcome, terminal))
        if (trained.ending === 'stopped') leaveStopped(context, outcome)
      }),
    )
}
