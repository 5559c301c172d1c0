/** Trains one run: loads its images, advances the training step by step and writes its results. */
import { clearRounds, presentAttempt } from '../checkpoints/attempts'
import { readCheckpoint } from '../checkpoints/checkpoint'
import { fromTorch } from '../checkpoints/layout'
import { readHistory } from '../checkpoints/metrics'
import { readPause } from '../checkpoints/pause'
import { roundEvents } from '../checkpoints/rounds'
import { pausePath } from '../checkpoints/run-folder'
import { networksOf } from '../checkpoints/shapes'
import { declaredNetworks } from '../methods/networks'
import { updateRecord } from '../checkpoints/run-record'
import { requireFinite } from '../checkpoints/usable-weights'
import { labError } from '../contract/errors'
import { pathOfIssue } from '../contract/issue'
import type { Experiment } from '../contract/experiment'
import type { Progress } from '../contract/training'
import type { AttemptEvent, RecordedEvent } from '../contract/record'
import type { TrainerRequest } from '../contract/worker'
import { loadDomains } from '../data/experiment-samples'
import { seedOfAttempt, verdictOn } from '../training/attempt'
import { progressSchema } from '../training/progress'
import { createTraining, snapshotAfter, type Snapshot } from '../training/training'
import { collectGarbage } from './collect-garbage'
import type { Control } from './control'
import { decodeImage } from './decode-image'
import { openEventFiles } from './event-files'
import type { NativeTensorFlow } from './native'
import { type FeatureReport } from './backbone-features'
import { encodedDomains } from './encoded-domains'
import { featureReport, StoppedByUser } from './feature-report'
import { createReport, type Report } from './report'
import { createRunWriter, type RunWriter } from './run-writer'

export type TrainRequest = Extract<TrainerRequest, { type: 'train' }>

export interface Tell {
  progress(progress: Progress): void
  recorded(event: RecordedEvent): void
}

interface Start {
  readonly snapshot: Snapshot
  /** The file it was read from, for error messages. */
  readonly file: string
}

/** The state from which a run resumes; null for a fresh run. Optimiser state has to be finite too. */
async function readStart({ folder, from }: TrainRequest): Promise<Start | null> {
  if (from === 'fresh') return null
  if (from === 'pause') {
    const file = pausePath(folder)
    const pause = await readPause(folder)
    if (pause === null) throw labError('file-not-found', { file })
    const state = progressSchema.safeParse(pause.state)
    if (!state.success) {
      const place = pathOfIssue(state.error)
      throw labError('checkpoint-malformed', { file, problem: 'misfit', place })
    }
    requireFinite(pause.tensors, file)
    return { snapshot: { state: state.data, tensors: pause.tensors }, file }
  }
  const file = from.checkpoint
  const { facts, tensors } = await readCheckpoint(file, declaredNetworks)
  if (facts === null) throw labError('checkpoint-foreign', { file })
  requireFinite(tensors, file)
  const { model, source } = facts.experiment
  const networks = networksOf(model, source.classes.length, declaredNetworks)
  return { snapshot: snapshotAfter(facts.round ?? 0, fromTorch(tensors, networks, file)), file }
}

/** Only TensorFlow's copy of the images is kept; the JavaScript copy would take the same memory again. */
async function prepare(experiment: Experiment, datasets: string, attempt: number, report: FeatureReport) {
  const images = await loadDomains(experiment, { datasets, decode: decodeImage })
  const encoded = await encodedDomains(images, experiment.model, datasets, report)
  const counts = { source: encoded.source.count, target: encoded.target.count }
  return { training: createTraining(experiment, encoded, { attempt }), counts }
}

/** The verdict on an attempt whose last round is on disk; null if the experiment does not judge attempts. */
async function judge(
  { folder, experiment }: TrainRequest,
  attempt: number,
  rounds: number,
): Promise<Omit<AttemptEvent, 'time'> | null> {
  const { seed, restarts, source } = experiment
  const measures = roundEvents((await readHistory(folder)).events).get(rounds)?.measures
  if (restarts === null || measures?.labelFree === undefined) return null
  const { mutualInformation, agreement } = measures.labelFree
  return {
    type: 'attempt',
    attempt,
    seed: seedOfAttempt(seed, attempt),
    mutualInformation,
    agreement,
    verdict: verdictOn(measures.labelFree, source.classes.length, restarts, attempt),
    measures,
  }
}

/**
 * Trains until the last round is done, or until `control` stops it and its state is saved. If the experiment has
 * `restarts`, an attempt that is not accepted is followed by another.
 * @throws what loading and training throw; complete rounds are on disk
 */
export async function trainRun(
  request: TrainRequest,
  native: NativeTensorFlow,
  control: Control,
  tell: Tell,
): Promise<'finished' | 'stopped'> {
  const { folder, experiment } = request
  const { machinery } = native
  const began = Date.now()
  await updateRecord(folder, { experiment, machinery, state: 'running', failure: null })
  const identity = { ...request, machinery }
  const eventFiles = openEventFiles(native, folder)
  let start = await readStart(request)
  for (let attempt = presentAttempt((await readHistory(folder)).events); ; attempt += 1) {
    const { ending, writer } = await trainAttempt(request, attempt, start, control, tell, (reported) =>
      createRunWriter(identity, eventFiles, reported),
    )
    if (ending === 'stopped') return 'stopped'
    if (ending === 'restarted') start = null
    else {
      await writer.finish((Date.now() - began) / 1000)
      return 'finished'
    }
  }
}

interface AttemptEnding {
  readonly ending: 'stopped' | 'done' | 'restarted'
  readonly writer: RunWriter
}

async function trainAttempt(
  request: TrainRequest,
  attempt: number,
  start: Start | null,
  control: Control,
  tell: Tell,
  writerFor: (reported: (event: RecordedEvent) => void) => RunWriter,
): Promise<AttemptEnding> {
  const { folder, experiment, datasets } = request
  if (start === null && attempt > 1) await clearRounds(folder)
  const from = start?.snapshot.state
  // A trainer that was killed may not have counted its last round.
  if (from !== undefined) await updateRecord(folder, { rounds: Math.max(0, from.round - 1) })
  let report: Report | null = null
  const writer = writerFor((event) => {
    report?.reported()
    tell.recorded(event)
  })
  const prepared = await preparedUnlessStopped()
  if (prepared === null) {
    await writer.stopBefore({ round: from?.round ?? 0, step: from?.step ?? 0 })
    return { ending: 'stopped', writer }
  }
  const { training, counts } = prepared
  const { labelledTarget, nearDuplicates } = training
  await updateRecord(folder, { labelledTarget, ...(nearDuplicates && { nearDuplicates }) })
  collectGarbage()
  const { paused, did } = (report = createReport(experiment, counts, training, tell.progress))

  /** Null if the user stops the run while features are computed; those computed so far are kept. */
  async function preparedUnlessStopped() {
    const features = featureReport(experiment, control, tell.progress)
    try {
      const made = await prepare(experiment, datasets, attempt, features)
      for (const event of features.events) await writer.record(event)
      return made
    } catch (error) {
      if (error instanceof StoppedByUser) return null
      throw error
    }
  }

  async function stopped(): Promise<boolean> {
    await control.turn(paused)
    if (!control.stopping) return false
    await writer.stop(training.snapshot())
    return true
  }

  await writer.record({
    type: 'started',
    resumedFrom: from === undefined ? null : { round: from.round, step: from.step },
  })
  for await (const event of training.run(start?.snapshot, start?.file)) {
    if (event.type === 'recorded') await writer.record(event.event)
    if (event.type === 'round') {
      await writer.round(event.event, event.view, training.checkpoint())
      collectGarbage()
    }
    did(event)
    if (event.type !== 'recorded') control.did(event.type)
    if (await stopped()) return { ending: 'stopped', writer }
  }
  const judged = await judge(request, attempt, training.rounds)
  training.dispose()
  if (judged !== null) await writer.attempt(judged, training.rounds)
  return { ending: judged?.verdict === 'restarted' ? 'restarted' : 'done', writer }
}
