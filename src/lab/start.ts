/** Begins a new run: checked first, so that nothing is written for an experiment that cannot run. */
import { createRun, withdrawRun, type Furnish, type NewRun } from '../checkpoints/runs'
import { checkSpace, estimateBytes, freeBytes } from '../checkpoints/space'
import type { Experiment } from '../contract/experiment'
import type { CommandOutput, ExpectedSeconds } from '../contract/lab'
import { domainSizes } from '../data/domain-size'
import { checkExperiment, declarationOf, summariesFor } from './experiments'
import { expectedSeconds } from './expected-time'
import type { Place } from './place'
import { machineName } from './stopwatch'
import { readTimings, referenceTimings } from './timings'
import type { TrainRequest } from './training'

export type Begun = CommandOutput<'start'>

/** What a new run has before it trains, and where in its folder training begins. */
export interface Beginning extends Pick<NewRun, 'parent' | 'rounds'> {
  readonly furnish?: Furnish
  readonly from: (folder: string) => TrainRequest['from']
}

export async function estimate(place: Place, value: unknown): Promise<CommandOutput<'estimate'>> {
  const experiment = await checkExperiment(place, value)
  const free = await freeBytes(place.folders().data)
  return {
    bytes: estimateBytes(experiment, declarationOf(experiment, place.methods)),
    free: free ?? Number.MAX_SAFE_INTEGER,
    seconds: await secondsFor(place, experiment),
    attempts: 1 + (experiment.restarts?.most ?? 0),
  }
}

async function secondsFor(place: Place, experiment: Experiment): Promise<ExpectedSeconds | null> {
  const { data } = place.folders()
  const summaries = await summariesFor([experiment.source.dataset, experiment.target.dataset], place)
  const sizes = domainSizes(experiment, (id) => summaries.find((summary) => summary.id === id))
  if (sizes === null) return null
  const machine = machineName(place.threads())
  const own = (await readTimings(data)).filter((timing) => timing.machine === machine)
  const reference = await referenceTimings()
  return expectedSeconds(experiment, declarationOf(experiment, place.methods), sizes, { own, reference })
}

export async function start(place: Place, value: unknown): Promise<Begun> {
  const experiment = await checkExperiment(place, value)
  return beginRun(place, experiment, { parent: null, from: () => 'fresh' })
}

/**
 * Makes a run's folder and trains it; what was made is taken away again where the trainer does not take it.
 * @throws `run-running`, `not-enough-space`, `no-permission`, `disk-full`, `worker-died`
 */
export async function beginRun(
  place: Place,
  experiment: Experiment,
  { parent, rounds, furnish, from }: Beginning,
): Promise<Begun> {
  const { data, datasets } = place.folders()
  const made: string[] = []
  try {
    const { run, folder } = await place.trainings.begin(async () => {
      await checkSpace(data, estimateBytes(experiment, declarationOf(experiment, place.methods)))
      const newRun = { experiment, machinery: null, parent, rounds, state: 'running' } as const
      const { record, folder } = await createRun(data, newRun, furnish)
      const begun = { run: record.id, folder }
      made.push(folder)
      const lockedBy = process.pid
      const work = { datasets, experiment, from: from(folder), threads: place.threads() }
      return { type: 'train', ...begun, ...work, lockedBy }
    })
    return { run, folder }
  } catch (error) {
    for (const folder of made) await withdrawRun(folder)
    throw error
  }
}
