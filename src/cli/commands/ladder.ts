/** `ladder`: where the gain comes from, one step of it after another, for any experiment. */
import { Command } from 'commander'
import { applySettings, type SettingText } from '../../contract/check'
import { experimentSchema } from '../../contract/experiment'
import { gapClosed } from '../../statistics/gap'
import type { Desk, Room } from '../command'
import { accuracy } from '../numbers'
import { presetNamed } from '../preset'
import { settingIn } from '../settings'
import { table } from '../table'
import { runVariants, type Variant, type VariantOutcome } from '../variants'

interface LadderOptions {
  readonly preset: string
  readonly set?: readonly string[]
}

export const ladderSteps = ['plain', 'framing', 'views', 'adapted', 'target-supervised', 'no-source'] as const
type Step = (typeof ladderSteps)[number]

/** Restarts are judged by what adaptation is to reach: what does not adapt would be begun again for nothing. */
const once: SettingText = ['restarts', 'null']
const by = (method: string): SettingText => ['adaptation.method', method]
const withoutViews: SettingText = ['sourceStage.views', 'null']
const unadapted = [by('source-only'), once]
/** What each step changes in the experiment that is asked about. */
export const ladderChanges: Readonly<Record<Step, readonly SettingText[]>> = {
  plain: [...unadapted, withoutViews],
  framing: [...unadapted, withoutViews, ['source.framing', 'box20'], ['target.framing', 'box20']],
  views: unadapted,
  adapted: [],
  'target-supervised': [by('target-supervised'), once],
  'no-source': [by('no-source'), once],
}

async function ladder(room: Room, { preset, set = [] }: LadderOptions): Promise<void> {
  const { lab, terminal } = room
  const { say } = terminal
  const methods = await lab.call('methods', {})
  const given = presetNamed(await lab.call('presets', {}), preset).experiment
  const base = experimentSchema.parse(applySettings(given, set.map(settingIn), methods))
  const sizes = await lab.call('datasets', {})
  // Images of 28x28 are not framed, so the step would repeat the one before.
  const framed = [base.source, base.target].some(
    ({ dataset }) => sizes.find(({ id }) => id === dataset)?.width !== 28,
  )
  const variants = ladderSteps
    .filter((step) => step !== 'framing' || framed)
    .map((step): Variant => ({ label: step, settings: ladderChanges[step] }))
  const outcomes = await runVariants(room, base, variants)
  const unseen = (step: Step) =>
    outcomes.find(({ label }) => label === step)?.outcome.unseenTargetAccuracy ?? null
  const closed = gapClosed(unseen('plain'), unseen('adapted'), unseen('target-supervised'))
  const rows = outcomes.map(({ label, outcome }: VariantOutcome) => [
    say(`ladder-${label as Step}`),
    accuracy(outcome.targetAccuracy),
    accuracy(outcome.targetAccuracyBestPairing),
    accuracy(outcome.unseenTargetAccuracy),
    outcome.id,
  ])
  const head = [
    say('column-step'),
    say('column-target'),
    say('column-best'),
    say('column-unseen'),
    say('column-run'),
  ]
  terminal.answer(
    { steps: outcomes.map(({ label, outcome }) => ({ step: label, ...outcome })), gapClosed: closed },
    `${table(head, rows)}\n${say('gap-closed', { share: closed === null ? '-' : closed.toFixed(3) })}`,
  )
}

export function ladderCommand({ say, act }: Desk): Command {
  return new Command('ladder')
    .description(say('about-ladder'))
    .requiredOption('--preset <id>', say('option-preset'))
    .option('--set <key=value...>', say('option-set'))
    .action(act(ladder))
}
