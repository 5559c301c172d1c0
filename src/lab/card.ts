/** The card of a run, or of one experiment run with several seeds: the figures, LaTeX row and references to quote. */
import type { Card } from '../contract/judging'
import type { MethodDeclaration } from '../contract/method'
import { bibtex } from '../contract/reference'
import { latexRow } from './latex-row'
import { foldersNamed } from './named-runs'
import type { LabContext } from './context'
import { countEachSeedOnce, seedOf } from './repeats'
import { accuraciesOfRun, readRun, requireOneExperiment, togetherOf } from './seeds'

/** @throws `runs-differ` */
export async function cardOf(context: LabContext, ids: readonly string[]): Promise<Card> {
  const folders = await foldersNamed(context, ids)
  const named = await Promise.all(folders.map(readRun))
  requireOneExperiment(named.map(({ record }) => record))
  const { runs, repeats } = countEachSeedOnce(named)
  const [first] = runs
  if (first === undefined) throw new Error('a card of no run')
  const { experiment } = first.record
  const together = togetherOf(runs)
  const method = context.methods.find((one) => one.id === experiment.adaptation.method)
  return {
    experiment,
    runs: runs.map((run) => ({
      run: run.record.id,
      seed: seedOf(run.record.experiment),
      ...accuraciesOfRun(run),
    })),
    repeats,
    ...together,
    latex: latexRow(method?.title ?? experiment.adaptation.method, experiment, runs.length, together),
    bibtex: bibliographyOf(method),
  }
}

function bibliographyOf(method: MethodDeclaration | undefined): string {
  return (method?.references ?? []).map(bibtex).join('\n\n')
}
