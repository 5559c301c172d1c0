/** What to quote of a run, or of one experiment with several seeds. */
import { findRun } from '../checkpoints/runs'
import type { Card } from '../contract/lab'
import type { MethodDeclaration } from '../contract/method'
import { bibtex } from '../contract/reference'
import { latexRow } from './latex-row'
import type { Place } from './place'
import { accuraciesOf, readRun, requireOneExperiment, togetherOf } from './seeds'

/** @throws `runs-differ` */
export async function cardOf(place: Place, ids: readonly string[]): Promise<Card> {
  const { data } = place.folders()
  const folders = await Promise.all([...new Set(ids)].map((id) => findRun(data, id)))
  const runs = await Promise.all(folders.map(readRun))
  const [first] = runs
  if (first === undefined) throw new Error('a card of no run')
  const { experiment } = first.record
  requireOneExperiment(runs.map(({ record }) => record))
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
