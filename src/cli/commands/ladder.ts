/** `ladder`: shows which steps contribute to the gain of an experiment, trained one step at a time. */
import { Command } from 'commander'
import { applySettings, type SettingText } from '../../contract/check'
import type { Experiment } from '../../contract/experiment'
import { judgedPairing } from '../../contract/pairing'
import { sampleSpec } from '../../contract/sample'
import type { Say } from '../../language/words'
import { isCollapsed } from '../../statistics/collapse'
import { gapClosed } from '../../statistics/gap'
import { experimentAsked, withExperimentOptions, type ExperimentOptions } from '../asked'
import type { CommandEnvironment, CommandContext } from '../command'
import { accuracy } from '../numbers'
import type { Outcome } from '../outcome'
import { nameWith, spreadText, unseenBy } from '../seeds'
import { table } from '../table'
import { documentOf, runVariants, type Variant, type VariantOutcome } from '../variants'

export const ladderSteps = ['plain', 'framing', 'views', 'adapted', 'target-supervised', 'no-source'] as const
type Step = (typeof ladderSteps)[number]

/** No restarts: they are judged by the goals of adaptation, so a run without adaptation would restart in vain. */
const once: SettingText = ['restarts', 'null']
const by = (method: string): SettingText => ['adaptation.method', method]
const withoutViews: SettingText = ['sourceStage.views', 'null']
const unadapted = [by('source-only'), once]
/** The settings that each step changes in the given experiment. */
export const ladderChanges: Readonly<Record<Step, readonly SettingText[]>> = {
  plain: [...unadapted, withoutViews],
  framing: [...unadapted, withoutViews, ['source.framing', 'box20'], ['target.framing', 'box20']],
  views: unadapted,
  adapted: [],
  'target-supervised': [by('target-supervised'), once],
  'no-source': [by('no-source'), once],
}

/** Steps that vectors skip: they are not framed and have no views. */
const ofImages: readonly Step[] = ['framing', 'views', 'no-source']

interface Rung extends Variant {
  readonly step: Step
}
type Climbed = Rung & VariantOutcome

async function ladder(context: CommandContext, options: ExperimentOptions): Promise<void> {
  const { lab, terminal } = context
  const asked = await experimentAsked(lab, options, 'ladder')
  const base = await lab.call('check', { experiment: asked })
  const datasets = await lab.call('datasets', {})
  // Images that have the experiment's side are not framed, so this step would repeat the previous one.
  const framed = [base.source, base.target].some(
    ({ dataset }) => datasets.find(({ id }) => id === dataset)?.width !== base.model.side,
  )
  const isOfImages = sampleSpec(base.model).kind === 'image'
  const steps = ladderSteps.filter(
    (step) => (step !== 'framing' || framed) && (isOfImages || !ofImages.includes(step)),
  )
  const climbed = await climb(context, base, steps, options.seeds)

  const pairing = judgedPairing(base, 'adaptation')
  const unseen = (step: Step) => {
    const found = climbed.find((one) => one.step === step)
    return found === undefined ? null : (unseenBy(pairing, found.together)?.mean ?? null)
  }
  const closed = gapClosed(unseen('plain'), unseen('adapted'), unseen('target-supervised'))
  const classes = base.target.classes.length
  const collapsed = collapsedControls(climbed, classes)
  terminal.answer(
    {
      steps: climbed.map((one) => ({ step: one.step, ...documentOf(one, options.seeds) })),
      gapClosed: closed,
      gapPairing: pairing,
      collapsedControls: collapsed.map(({ id }) => id),
    },
    [
      tableOf(climbed, terminal.say),
      terminal.say(`gap-closed-${pairing}`, { share: closed === null ? '-' : closed.toFixed(3) }),
      ...collapsed.map((outcome) => collapseText(outcome, classes, terminal.say)),
    ].join('\n'),
  )
}

async function climb(
  context: CommandContext,
  base: Experiment,
  steps: readonly Step[],
  seeds: number | undefined,
): Promise<Climbed[]> {
  const { lab } = context
  const methods = await lab.call('methods', {})
  const rungs: Rung[] = []
  for (const step of steps) {
    const changed = applySettings(base, [...ladderChanges[step]], methods)
    const experiment = await lab.call('check', { experiment: changed })
    const name = nameWith(base.name, `: ${step}`)
    rungs.push({ step, label: step, experiment: { ...experiment, name } })
  }
  return runVariants(context, rungs, seeds)
}

function tableOf(climbed: readonly Climbed[], say: Say): string {
  const head = [
    say('column-step'),
    say('column-target'),
    say('column-best'),
    say('column-unseen'),
    say('column-unseen-best'),
    say('column-run'),
  ]
  const rows = climbed.map(({ step, outcomes, together }) => [
    say(`ladder-${step}`),
    ...([together.target, together.bestPairing, together.unseen, together.unseenBest] as const).map(
      spreadText,
    ),
    outcomes.map(({ id }) => id).join(' '),
  ])
  return table(head, rows)
}

/** The collapsed controls, which do not show how well the images separate by themselves. */
function collapsedControls(climbed: readonly Climbed[], classes: number): readonly Outcome[] {
  const control = climbed.find(({ step }) => step === 'no-source')?.outcomes ?? []
  return control.filter(({ labelFree }) => labelFree !== null && isCollapsed(labelFree.diversity, classes))
}

function collapseText({ id, labelFree }: Outcome, classes: number, say: Say): string {
  return say('control-collapsed', {
    run: id,
    diversity: accuracy(labelFree?.diversity ?? null),
    most: accuracy(Math.log(classes)),
  })
}

export function ladderCommand({ say, withLab }: CommandEnvironment): Command {
  return withExperimentOptions(new Command('ladder').description(say('about-ladder')), say).action(
    withLab(ladder),
  )
}
