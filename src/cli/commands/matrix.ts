/** `matrix`: trains every method on every pair of domains. */
import { basename } from 'path'
import { Command } from 'commander'
import { applySettings, type SettingChange, type SettingText } from '../../contract/check'
import { labError } from '../../contract/errors'
import type { Preset } from '../../contract/experiment'
import type { MethodDeclaration, MethodRole } from '../../contract/method'
import { judgedPairing, type Pairing } from '../../contract/pairing'
import { memberOf, valueAt } from '../../contract/schema'
import type { Say } from '../../language/words'
import {
  givenExperiment,
  settingsOf,
  withExperimentOptions,
  withoutStaleClasses,
  type ExperimentOptions,
} from '../asked'
import type { CommandEnvironment, CommandContext } from '../command'
import { domainsNamed, isOf, type NamedDomain } from '../domains'
import { presetNamed } from '../preset'
import { nameWith, spreadText, unseenBy } from '../seeds'
import { table } from '../table'
import { distinctNames } from '../values'
import { documentOf, runVariants, type Variant, type VariantOutcome } from '../variants'

interface MatrixOptions extends ExperimentOptions {
  readonly methods: string[]
  readonly domains: string[]
}

/** An experiment for a pair of domains, and its name. */
export interface Recipe {
  readonly under: string
  readonly experiment: object
}

/** Two different domains, and the experiment with which every method is trained on them. */
export interface Pair extends Recipe {
  readonly source: NamedDomain
  readonly target: NamedDomain
}

interface Cell extends Variant {
  readonly method: string
  readonly role: MethodRole
  readonly pair: Pair
  /** The pairing under which its figures are meaningful. */
  readonly pairing: Pairing
}

type Filled = Cell & VariantOutcome

/** For pairs without a preset: all images, in the datasets' own splits. */
const usual = 'mnist-usps-original'

export function pairsOf(
  domains: readonly NamedDomain[],
  presets: readonly Preset[],
  given: Recipe | null,
): Pair[] {
  return domains.flatMap((source) =>
    domains
      .filter((target) => target !== source)
      .map((target) => ({ source, target, ...(given ?? recipeFor(source, target, presets)) })),
  )
}

/** The preset for the pair; of several, the one named after it. */
function recipeFor(source: NamedDomain, target: NamedDomain, presets: readonly Preset[]): Recipe {
  const made = presets.filter(({ experiment }) => isMadeFor(experiment, source, target))
  const called = made.find(({ id }) => id === `${source.name}-${target.name}`) ?? made[0]
  const { id, experiment } = called ?? presetNamed(presets, usual)
  return { under: id, experiment }
}

function isMadeFor(experiment: object, source: NamedDomain, target: NamedDomain): boolean {
  return isOf(memberOf(experiment, 'source'), source) && isOf(memberOf(experiment, 'target'), target)
}

const arrow = ({ source, target }: Pair): string => `${source.name} → ${target.name}`

const datasetsOf = ({ source, target }: Pick<Pair, 'source' | 'target'>): SettingText[] => [
  ['source.dataset', source.dataset],
  ['target.dataset', target.dataset],
]

/** The pair's experiment with this method and on these domains, then with the given settings. */
export function cellExperiment(
  { source, target, experiment }: Pair,
  method: string,
  asked: readonly SettingText[],
  methods: readonly MethodDeclaration[],
): unknown {
  // Choosing a method drops the parameters of the previous one, even if it is the same method, so it is set only if it
  // differs. The thresholds for restarts were found for the preset's method.
  const chosen: SettingChange[] =
    valueAt(experiment, ['adaptation', 'method']) === method
      ? []
      : [
          ['adaptation.method', method],
          ['restarts', null],
        ]
  const domains: SettingChange[] = [
    ...datasetsOf({ source, target }),
    ['source.shifts', source.shifts],
    ['target.shifts', target.shifts],
  ]
  return applySettings(experiment, [...chosen, ...domains, ...asked], methods)
}

/** Refuses settings that differ between the rows or columns of the matrix. */
function refuseVaried(asked: readonly SettingText[]): void {
  for (const [name] of asked) {
    if (name === 'adaptation.method') throw labError('varied-setting', { name, option: '--methods' })
    if (/^(source|target)\.(dataset|shifts)(\.|$)/.test(name))
      throw labError('varied-setting', { name, option: '--domains' })
  }
}

async function matrix(context: CommandContext, options: MatrixOptions): Promise<void> {
  const { lab, terminal } = context
  const { preset, config, seeds } = options
  if (options.domains.length < 2)
    throw labError('missing-argument', { name: '--domains A,B', command: 'matrix' })
  const asked = settingsOf(options)
  refuseVaried(asked)
  const given = await givenExperiment(lab, options)
  const recipe = given === null ? null : { under: preset ?? basename(config ?? ''), experiment: given }
  const presets = await lab.call('presets', {})
  const datasets = await lab.call('datasets', {})
  const domains = domainsNamed(options.domains, '--domains', datasets, presets)
  const pairs = pairsOf(domains, presets, recipe)

  const cells = await cellsOf(context, pairs, options.methods, asked)
  const filled = await runVariants(context, cells, seeds)
  terminal.answer(
    { cells: filled.map((cell) => cellDocument(cell, seeds)) },
    textOf(pairs, filled, terminal.say),
  )
}

/** Every method on every pair, checked. */
async function cellsOf(
  { lab }: CommandContext,
  pairs: readonly Pair[],
  names: readonly string[],
  asked: readonly SettingText[],
): Promise<Cell[]> {
  const methods = await lab.call('methods', {})
  const datasets = await lab.call('datasets', {})
  const cells: Cell[] = []
  for (const pair of pairs) {
    const stale = withoutStaleClasses(pair.experiment, [...datasetsOf(pair), ...asked], datasets)
    for (const method of names) {
      const wanted = cellExperiment(pair, method, [...stale, ...asked], methods)
      const checked = await lab.call('check', { experiment: wanted })
      const label = `${method}, ${arrow(pair)}`
      const name = nameWith(label, ` (${pair.under})`)
      const role = methods.find(({ id }) => id === method)?.role ?? 'adaptation'
      const pairing = judgedPairing(checked, role)
      cells.push({ method, role, pair, pairing, label, experiment: { ...checked, name } })
    }
  }
  return cells
}

function cellDocument(cell: Filled, seeds: number | undefined): object {
  const { method, role, pair, pairing } = cell
  const { source, target, under, experiment } = pair
  return {
    method,
    role,
    pair: arrow(pair),
    source: source.name,
    target: target.name,
    under,
    madeForPair: isMadeFor(experiment, source, target),
    pairing,
    ...documentOf(cell, seeds),
  }
}

function textOf(pairs: readonly Pair[], cells: readonly Filled[], say: Say): string {
  const methods = new Map(cells.map(({ method, role }) => [method, role]))
  const rows = [...methods].map(([method, role]) => [
    role === 'adaptation' ? method : say(`matrix-${role}`, { method }),
    ...pairs.map((pair) => {
      const cell = cells.find((one) => one.method === method && one.pair === pair)
      return cell === undefined ? '-' : fieldText(cell, say)
    }),
  ])
  const lines = [say('matrix-of'), table([say('column-method'), ...pairs.map(arrow)], rows)]
  if (cells.some(({ pairing }) => pairing === 'best')) lines.push(say('matrix-best'))
  lines.push(say('matrix-under'), underText(pairs, cells, say))
  return lines.join('\n')
}

function fieldText({ pairing, together }: Filled, say: Say): string {
  const text = spreadText(unseenBy(pairing, together))
  return pairing === 'best' ? say('matrix-by-best', { accuracy: text }) : text
}

/** The experiment and the splits used for each pair; an experiment made for another pair is marked. */
function underText(pairs: readonly Pair[], cells: readonly Filled[], say: Say): string {
  const head = [say('column-pair'), say('column-experiment'), say('column-partitions')]
  const rows = pairs.map((pair) => {
    const ran = cells.find((cell) => cell.pair === pair)?.experiment
    const { source, target, under, experiment } = pair
    return [
      arrow(pair),
      isMadeFor(experiment, source, target) ? under : say('matrix-not-made', { experiment: under }),
      ran === undefined ? '-' : `${ran.source.partition} → ${ran.target.partition}`,
    ]
  })
  return table(head, rows)
}

export function matrixCommand({ say, withLab }: CommandEnvironment): Command {
  const command = new Command('matrix')
    .description(say('about-matrix'))
    .requiredOption('--methods <list>', say('option-methods'), distinctNames('--methods'))
    .requiredOption('--domains <list>', say('option-domains'), distinctNames('--domains'))
  return withExperimentOptions(command, say).action(withLab(matrix))
}
