/** What to quote of a run, or of one experiment with several seeds. */
import { findRun } from '../checkpoints/runs'
import { labError } from '../contract/errors'
import type { Domain, Experiment } from '../contract/experiment'
import type { Card } from '../contract/lab'
import type { MethodDeclaration } from '../contract/method'
import { bibtex } from '../contract/reference'
import type { Spread } from '../statistics/spread'
import type { Place } from './place'
import { accuraciesOf, differenceBeyondSeeds, readRun, togetherOf } from './seeds'

/** @throws `runs-differ` */
export async function cardOf(place: Place, ids: readonly string[]): Promise<Card> {
  const { data } = place.folders()
  const folders = await Promise.all([...new Set(ids)].map((id) => findRun(data, id)))
  const runs = await Promise.all(folders.map(readRun))
  const [first] = runs
  if (first === undefined) throw new Error('a card of no run')
  const { id, experiment } = first.record
  for (const { record } of runs.slice(1)) {
    const setting = differenceBeyondSeeds(experiment, record.experiment)
    if (setting !== null) throw labError('runs-differ', { first: id, second: record.id, setting })
  }
  const together = togetherOf(runs)
  const method = place.methods.find((one) => one.id === experiment.adaptation.method)
  return {
    experiment,
    runs: runs.map((run) => ({ run: run.record.id, seed: run.record.experiment.seed, ...accuraciesOf(run) })),
    ...together,
    latex: latexRow(method?.title ?? experiment.adaptation.method, experiment, runs.length, together),
    bibtex: bibliographyOf(method),
  }
}

function bibliographyOf(method: MethodDeclaration | undefined): string {
  return (method?.references ?? []).map(bibtex).join('\n\n')
}

type Spreads = Readonly<Record<'target' | 'bestPairing' | 'unseen' | 'unseenBest', Spread | null>>

/** `ADDA & mnist \{0, 1\} $\to$ mnist \{2, 3\} & 3 & $0.4554 \pm 0.0012$ & ... \\` */
export function latexRow(
  method: string,
  { source, target }: Pick<Experiment, 'source' | 'target'>,
  count: number,
  spreads: Spreads,
): string {
  const { target: seen, bestPairing, unseen, unseenBest } = spreads
  const accuracies = [seen, bestPairing, unseen, unseenBest].map(spreadInLatex)
  const task = `${domainInLatex(source)} $\\to$ ${domainInLatex(target)}`
  return `${[escaped(method), task, String(count), ...accuracies].join(' & ')} \\\\`
}

function spreadInLatex(spread: Spread | null): string {
  if (spread === null) return '--'
  const deviation = spread.deviation === null ? '' : ` \\pm ${spread.deviation.toFixed(4)}`
  return `$${spread.mean.toFixed(4)}${deviation}$`
}

function domainInLatex({ dataset, classes }: Domain): string {
  return `${escaped(dataset)} \\{${classes.join(', ')}\\}`
}

const escaped = (text: string) => text.replace(/[&%$#_{}]/g, (character) => `\\${character}`)
