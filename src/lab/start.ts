/** Begins a new run: checked first, so that nothing is written for an experiment that cannot run. */
import { createRun, withdrawRun } from '../checkpoints/runs'
import { checkSpace, estimateBytes, freeBytes } from '../checkpoints/space'
import type { Experiment } from '../contract/experiment'
import type { CommandOutput } from '../contract/lab'
import type { RunRecord } from '../contract/record'
import { checkExperiment, declarationOf } from './experiments'
import type { Place } from './place'
import type { TrainRequest } from './training'

export type Begun = CommandOutput<'start'>

/** What the folder of a new run holds before it trains, and where training begins. */
type Furnish = (folder: string) => Promise<TrainRequest['from']>

export async function estimate(place: Place, value: unknown): Promise<CommandOutput<'estimate'>> {
  const experiment = await checkExperiment(place, value)
  const free = await freeBytes(place.folders().data)
  return {
    bytes: estimateBytes(experiment, declarationOf(experiment, place.methods)),
    free: free ?? Number.MAX_SAFE_INTEGER,
  }
}

export async function start(place: Place, value: unknown): Promise<Begun> {
  const experiment = await checkExperiment(place, value)
  return beginRun(place, experiment, null, () => Promise.resolve('fresh'))
}

/**
 * Makes a run's folder and trains it; what was made is taken away again where the trainer does not take it.
 * @throws `run-running`, `not-enough-space`, `no-permission`, `disk-full`, `worker-died`
 */
export async function beginRun(
  place: Place,
  experiment: Experiment,
  parent: RunRecord['parent'],
  furnish: Furnish,
): Promise<Begun> {
  const { data, datasets } = place.folders()
  const made: string[] = []
  try {
    const { run, folder } = await place.trainings.begin(async () => {
      await checkSpace(data, estimateBytes(experiment, declarationOf(experiment, place.methods)))
      const { record, folder } = await createRun(data, {
        experiment,
        machinery: null,
        parent,
        state: 'running',
      })
      const begun = { run: record.id, folder }
      made.push(folder)
      const from = await furnish(folder)
      const lockedBy = process.pid
      return { type: 'train', ...begun, datasets, experiment, from, threads: place.threads(), lockedBy }
    })
    return { run, folder }
  } catch (error) {
    for (const folder of made) await withdrawRun(folder)
    throw error
  }
}
