/** Compares several runs: their curves, and only the settings in which they differ. */
import { roundEvents } from '../checkpoints/rounds'
import { findRun } from '../checkpoints/runs'
import { summarise } from '../checkpoints/summary'
import type { CommandOutput } from '../contract/lab'
import { differencesOf } from './differences'
import { historyOf } from './history'
import { countEachSeedOnce } from './repeats'
import { readRun } from './seeds'
import type { LabContext } from './context'

type Compared = CommandOutput<'compare'>

export async function compare(context: LabContext, runs: readonly string[]): Promise<Compared> {
  const { data } = context.folders()
  const folders = await Promise.all(runs.map((run) => findRun(data, run)))
  const read = await Promise.all(folders.map(readRun))
  return {
    runs: await Promise.all(folders.map(summarise)),
    differences: differencesOf(read.map(({ record }) => record.experiment)),
    curves: await Promise.all(folders.map(curveOf)),
    repeats: countEachSeedOnce(read).repeats,
  }
}

async function curveOf(folder: string): Promise<Compared['curves'][number]> {
  const rounds = [...roundEvents(await historyOf(folder)).values()]
  return rounds.map(({ round, measures }) => ({ round, measures })).sort((a, b) => a.round - b.round)
}
