/** Starts a new run. The experiment is checked first, so nothing is written for one that cannot run. */
import { createRun, withdrawRun, type FillRunFolder, type NewRun } from '../checkpoints/runs'
import { checkSpace, estimateBytes } from '../checkpoints/space'
import { freeBytes } from '../files/free-space'
import type { Experiment } from '../contract/experiment'
import type { CommandOutput } from '../contract/lab'
import type { ExpectedSeconds } from '../contract/training'
import { domainSizes } from '../data/domain-size'
import { checkExperiment, declarationOf, summariesFor } from './experiments'
import { expectedSeconds } from './expected-time'
import type { LabContext } from './context'
import { machineName } from './stopwatch'
import { readTimings, referenceTimings } from './timings'
import type { TrainRequest } from './training'

export type StartedRun = CommandOutput<'start'>

/** What a new run's folder contains before training, and where training begins. */
export interface StartOptions extends Pick<NewRun, 'parent' | 'rounds'> {
  readonly fill?: FillRunFolder
  readonly from: (folder: string) => TrainRequest['from']
}

export async function estimate(context: LabContext, value: unknown): Promise<CommandOutput<'estimate'>> {
  const experiment = await checkExperiment(context, value)
  const free = await freeBytes(context.folders().data)
  return {
    bytes: estimateBytes(experiment, declarationOf(experiment, context.methods)),
    free: free ?? Number.MAX_SAFE_INTEGER,
    seconds: await secondsFor(context, experiment),
    attempts: 1 + (experiment.restarts?.most ?? 0),
  }
}

async function secondsFor(context: LabContext, experiment: Experiment): Promise<ExpectedSeconds | null> {
  const { data } = context.folders()
  const summaries = await summariesFor([experiment.source.dataset, experiment.target.dataset], context)
  const sizes = domainSizes(experiment, (id) => summaries.find((summary) => summary.id === id))
  if (sizes === null) return null
  const machine = machineName(context.threads())
  const own = (await readTimings(data)).filter((timing) => timing.machine === machine)
  const reference = await referenceTimings()
  return expectedSeconds(experiment, declarationOf(experiment, context.methods), sizes, { own, reference })
}

export async function start(context: LabContext, value: unknown): Promise<StartedRun> {
  const experiment = await checkExperiment(context, value)
  return beginRun(context, experiment, { parent: null, from: () => 'fresh' })
}

/**
 * Creates a run's folder and trains it; the folder is removed again if the trainer does not accept the run.
 * @throws `run-running`, `not-enough-space`, `no-permission`, `disk-full`, `worker-died`
 */
export async function beginRun(
  context: LabContext,
  experiment: Experiment,
  { parent, rounds, fill, from }: StartOptions,
): Promise<StartedRun> {
  const { data, datasets } = context.folders()
  const made: string[] = []
  try {
    const { run, folder } = await context.trainings.begin(async () => {
      await checkSpace(data, estimateBytes(experiment, declarationOf(experiment, context.methods)))
      const newRun = { experiment, machinery: null, parent, rounds, state: 'running' } as const
      const { record, folder } = await createRun(data, newRun, fill)
      const started = { run: record.id, folder }
      made.push(folder)
      const lockedBy = process.pid
      const work = { datasets, experiment, from: from(folder), threads: context.threads() }
      return { type: 'train', ...started, ...work, lockedBy }
    })
    return { run, folder }
  } catch (error) {
    for (const folder of made) await withdrawRun(folder)
    throw error
  }
}
