/** One run, from loading its images to its last word: pulls the training step by step and writes what it gives. */
import { readCheckpoint } from '../checkpoints/checkpoint'
import { fromTorch } from '../checkpoints/layout'
import { readPause } from '../checkpoints/pause'
import { describeIssue } from '../checkpoints/issue'
import { pausePath } from '../checkpoints/run-folder'
import { updateRecord } from '../checkpoints/run-record'
import { labError } from '../contract/errors'
import type { Experiment } from '../contract/experiment'
import type { Progress } from '../contract/lab'
import type { RecordedEvent } from '../contract/record'
import type { TrainerRequest } from '../contract/worker'
import { loadDomains } from '../data/domain'
import { progressSchema } from '../training/progress'
import { createTraining, snapshotAfter, type Snapshot } from '../training/training'
import type { Control } from './control'
import { decodeImage } from './decode-image'
import { openEventFiles } from './event-files'
import type { NativeTensorFlow } from './native'
import { createReport } from './report'
import { createRunWriter } from './run-writer'

export type TrainRequest = Extract<TrainerRequest, { type: 'train' }>

export interface Tell {
  progress(progress: Progress): void
  recorded(event: RecordedEvent): void
}

interface Start {
  readonly snapshot: Snapshot
  /** Where it was read, for errors. */
  readonly file: string
}

/** Where a run goes on from; null where it begins. */
async function readStart({ folder, from }: TrainRequest): Promise<Start | null> {
  if (from === 'fresh') return null
  if (from === 'pause') {
    const file = pausePath(folder)
    const pause = await readPause(folder)
    if (pause === null) throw labError('file-not-found', { file })
    const state = progressSchema.safeParse(pause.state)
    if (!state.success) throw labError('checkpoint-malformed', { file, problem: describeIssue(state.error) })
    return { snapshot: { state: state.data, tensors: pause.tensors }, file }
  }
  const file = from.checkpoint
  const { facts, tensors } = await readCheckpoint(file)
  if (facts === null) throw labError('checkpoint-foreign', { file })
  return { snapshot: snapshotAfter(facts.round ?? 0, fromTorch(tensors)), file }
}

/** Only TensorFlow's copy of the images outlives this: a second one would take as much memory again. */
async function prepare(experiment: Experiment, datasets: string) {
  const images = await loadDomains(experiment, { datasets, decode: decodeImage })
  const counts = { source: images.source.count, target: images.target.count }
  return { training: createTraining(experiment, images), counts }
}

/**
 * Trains until the last round is done or `control` stops it, its state saved.
 * @throws what loading and training throw; complete rounds are on disk
 */
export async function trainRun(
  request: TrainRequest,
  native: NativeTensorFlow,
  control: Control,
  tell: Tell,
): Promise<'finished' | 'stopped'> {
  const { folder, experiment, datasets } = request
  const { machinery } = native
  const began = Date.now()
  await updateRecord(folder, { experiment, machinery, state: 'running', failure: null })
  const start = await readStart(request)
  const { training, counts } = await prepare(experiment, datasets)
  const report = createReport(experiment, counts, training, tell.progress)
  const writer = createRunWriter({ ...request, machinery }, openEventFiles(native, folder), (event) => {
    report.told()
    tell.recorded(event)
  })

  async function stopped(): Promise<boolean> {
    await control.turn(report.paused)
    if (!control.stopping) return false
    await writer.stop(training.snapshot())
    return true
  }

  const from = start?.snapshot.state
  await writer.record({
    type: 'started',
    resumedFrom: from === undefined ? null : { round: from.round, step: from.step },
  })
  for await (const event of training.run(start?.snapshot, start?.file)) {
    if (event.type === 'recorded') await writer.record(event.event)
    if (event.type === 'round') await writer.round(event.event, event.view, training.checkpoint())
    report.did(event)
    if (event.type !== 'recorded') control.did(event.type)
    if (await stopped()) return 'stopped'
  }
  await writer.finish((Date.now() - began) / 1000)
  return 'finished'
}
