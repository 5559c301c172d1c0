/**
 * One experiment as a row of a LaTeX table (plain `tabular`, no package), below a comment that names its columns.
 * Experiments that differ in method, encoder, given labels or domains have different rows.
 */
import type { Domain, Experiment, Shift } from '../contract/experiment'
import { inLatex } from '../contract/latex'
import type { Spread } from '../contract/judging'
import { summariseBuiltIn } from '../data/built-in'
import { builtIns } from '../data/open-dataset'

/** Accuracies over the seeds, as on a card. */
export type Accuracies = Readonly<Record<'target' | 'bestPairing' | 'unseen' | 'unseenBest', Spread | null>>

type Described = Pick<Experiment, 'source' | 'target' | 'pairing' | 'model' | 'adaptation'>

const columns = [
  'method',
  'task',
  'seeds',
  'target',
  'target, best pairing',
  'held out (95\\% interval of its images)',
  'held out, best pairing (95\\% interval of its images)',
]

/**
 * ```
 * % method & task & seeds & target & ... \\
 * SHOT-IM (lenet-bn) & mnist (original) $\to$ usps (pooled) & 3 & $0.9829 \pm 0.0012$ & ... \\
 * ```
 */
export function latexRow(
  method: string,
  experiment: Described,
  seeds: number,
  { target, bestPairing, unseen, unseenBest }: Accuracies,
): string {
  const cells = [
    methodInLatex(method, experiment),
    taskInLatex(experiment),
    String(seeds),
    spreadInLatex(target),
    spreadInLatex(bestPairing),
    heldOutInLatex(unseen),
    heldOutInLatex(unseenBest),
  ]
  return `% ${rowOf(columns)}\n${rowOf(cells)}`
}

const rowOf = (cells: readonly string[]) => `${cells.join(' & ')} \\\\`

function methodInLatex(method: string, { model, adaptation }: Described): string {
  const { shots, labels } = adaptation
  const encoder = model.encoder === 'lenet' ? '' : ` (${inLatex(model.encoder)})`
  const images = (count: number) => `, ${String(count)} labelled ${count === 1 ? 'image' : 'images'}`
  const ofEach = shots === 0 ? '' : `${images(shots)} a class`
  const byHand = labels.length === 0 ? '' : images(labels.length)
  return `${inLatex(method)}${encoder}${ofEach}${byHand}`
}

function taskInLatex(experiment: Described): string {
  const { source, target } = experiment
  return `${domainInLatex(source)} $\\to$ ${domainInLatex(target)}${pairingInLatex(experiment)}`
}

/** Empty if each class is paired with itself. */
function pairingInLatex({ source, target, pairing }: Described): string {
  const stands = target.classes.map((label, index) => ({ label, for: source.classes[pairing[index] ?? -1] }))
  if (stands.every((one) => one.label === one.for)) return ''
  return `, ${stands.map((one) => `${inLatex(one.label)} for ${inLatex(String(one.for))}`).join(', ')}`
}

function domainInLatex(domain: Domain): string {
  const { dataset, partition, split, classes, unlabelled, count, perClass, rarest, framing, shifts } = domain
  const facts = [
    split === 'test' ? `${partition} test` : partition,
    ...(unlabelled ? [classes.length === 0 ? 'no labels' : 'also without labels'] : []),
    ...(count === 'all' ? [] : [`${String(count)} images`]),
    ...(perClass === null ? [] : [`${String(perClass)} a class`]),
    ...(rarest === 1 ? [] : [`rarest ${String(rarest)}`]),
    ...(framing === 'stretch' ? [] : [framing]),
    ...shifts.map(shiftText),
  ]
  return `${inLatex(dataset)} (${facts.map(inLatex).join('; ')})${classesInLatex(domain)}`
}

/** Empty if these are all classes of a built-in dataset, or if no label is known. */
function classesInLatex({ dataset, classes }: Domain): string {
  const known = builtIns.find(({ id }) => id === dataset)
  const all = known === undefined ? null : summariseBuiltIn(known).classNames.length
  if (classes.length === 0 || new Set(classes).size === all) return ''
  return ` \\{${classes.map(inLatex).join(', ')}\\}`
}

/** `rotation degrees 30`: the names and values of the settings. */
function shiftText({ kind, ...values }: Shift): string {
  return [kind, ...Object.entries(values).flat()].map(String).join(' ')
}

function spreadInLatex(spread: Spread | null): string {
  if (spread === null) return '--'
  const deviation = spread.deviation === null ? '' : ` \\pm ${spread.deviation.toFixed(4)}`
  return `$${spread.mean.toFixed(4)}${deviation}$`
}

function heldOutInLatex(spread: Spread | null): string {
  if (spread === null) return spreadInLatex(spread)
  const { low, high } = spread.interval
  return `${spreadInLatex(spread)} (${low.toFixed(4)}--${high.toFixed(4)})`
}
