/** What to quote of a run, or of one experiment with several seeds. */
import { readRecord } from '../checkpoints/run-record'
import { findRun } from '../checkpoints/runs'
import { summarise } from '../checkpoints/summary'
import { labError } from '../contract/errors'
import type { Domain, Experiment } from '../contract/experiment'
import type { Card } from '../contract/lab'
import type { MethodDeclaration } from '../contract/method'
import { bibtex } from '../contract/reference'
import { spreadOf, type Spread } from '../statistics/spread'
import { differencesOf } from './compare'
import type { Place } from './place'

const seeds = ['seed', 'source.seed', 'target.seed']

/** @throws `runs-differ` */
export async function cardOf(place: Place, ids: readonly string[]): Promise<Card> {
  const { data } = place.folders()
  const folders = await Promise.all([...new Set(ids)].map((id) => findRun(data, id)))
  const records = await Promise.all(folders.map(readRecord))
  const summaries = await Promise.all(folders.map(summarise))
  const [first] = records
  if (first === undefined) throw new Error('a card of no run')
  for (const other of records.slice(1)) {
    const between = differencesOf([first.experiment, other.experiment])
    const difference = between.find(({ setting }) => !seeds.includes(setting))
    if (difference !== undefined)
      throw labError('runs-differ', { first: first.id, second: other.id, setting: difference.setting })
  }
  const runs = summaries.map((summary, place) => ({
    run: summary.id,
    seed: records[place]?.experiment.seed ?? 0,
    before: summary.targetAccuracyBefore,
    target: summary.targetAccuracy,
    bestPairing: summary.targetAccuracyBestPairing,
    unseen: summary.unseenTargetAccuracy,
  }))
  const spreads = {
    target: spreadOf(runs.map(({ target }) => target)),
    bestPairing: spreadOf(runs.map(({ bestPairing }) => bestPairing)),
    unseen: spreadOf(runs.map(({ unseen }) => unseen)),
  }
  const { experiment } = first
  const method = place.methods.find(({ id }) => id === experiment.adaptation.method)
  return {
    experiment,
    runs,
    ...spreads,
    latex: latexRow(method?.title ?? experiment.adaptation.method, experiment, runs.length, spreads),
    bibtex: bibliographyOf(method),
  }
}

function bibliographyOf(method: MethodDeclaration | undefined): string {
  return (method?.references ?? []).map(bibtex).join('\n\n')
}

type Spreads = Pick<Card, 'target' | 'bestPairing' | 'unseen'>

/** `ADDA & mnist \{0, 1\} $\to$ mnist \{2, 3\} & 3 & $0.4554 \pm 0.0012$ & ... \\` */
export function latexRow(
  method: string,
  { source, target }: Pick<Experiment, 'source' | 'target'>,
  count: number,
  spreads: Spreads,
): string {
  const accuracies = [spreads.target, spreads.bestPairing, spreads.unseen].map(spreadInLatex)
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
