/**
 * Resumes a run. An unchanged run continues in its own folder, from where it was stopped or after its last complete
 * round. From an earlier round, or with a changed setting, a new run starts with this one as its parent and copies
 * what both have in common; nothing is overwritten.
 */
import { promises as fs } from 'fs'
import { makeFolder, writeAtomic } from '../files/atomic'
import { presentAttempt } from '../checkpoints/attempts'
import { readBytes } from '../checkpoints/checkpoint'
import { roundsOnDisk } from '../checkpoints/checkpoint-list'
import { fileError, isMissing } from '../files/file-error'
import { lockHolder } from '../checkpoints/lock'
import { hasPause } from '../checkpoints/pause'
import { checkpointPath, metricsPath, viewPath, viewsFolder } from '../checkpoints/run-folder'
import { completeRounds } from '../checkpoints/rounds'
import { readRecord } from '../checkpoints/run-record'
import { findRun } from '../checkpoints/runs'
import { applySettings, readExperiment } from '../contract/check'
import { labError } from '../contract/errors'
import type { Experiment } from '../contract/experiment'
import type { CommandOutput } from '../contract/lab'
import type { RecordedEvent, RunRecord } from '../contract/record'
import { checkContinued, checkExperiment, declarationOf } from './experiments'
import { historyOf } from './history'
import { requireAllowed, requireNamed } from './named-paths'
import type { LabContext } from './context'
import { beginRun, type StartedRun } from './start'
import type { TrainRequest } from './training'

export interface ResumeOrder {
  readonly run: string
  readonly round?: number | undefined
  readonly rounds?: number | undefined
  readonly changes?: Readonly<Record<string, unknown>> | undefined
}

export async function resume(context: LabContext, order: ResumeOrder): Promise<CommandOutput<'resume'>> {
  const folder = await findRun(context.folders().data, order.run)
  const holder = await lockHolder(folder)
  if (context.trainings.active() === order.run) throw labError('run-running', { run: order.run })
  if (holder !== null) throw labError('run-locked', { run: order.run, pid: holder.pid })
  const record = await readRecord(folder)
  return order.round === undefined && order.changes === undefined
    ? continueRun(context, folder, record, order.rounds)
    : branchOff(context, folder, record, order)
}

async function continueRun(
  context: LabContext,
  folder: string,
  record: RunRecord,
  rounds: number | undefined,
): Promise<StartedRun> {
  const run = record.id
  await requireAllowed(folder, record)
  const experiment = await checkContinued(context, withRounds(record.experiment, rounds))
  const learns = declarationOf(experiment, context.methods).losses.length > 0
  const isDone = record.state === 'finished' && (!learns || record.rounds >= experiment.adaptation.epochs)
  if (isDone) throw labError('nothing-to-resume', { run })
  const { datasets } = context.folders()
  await context.trainings.begin(async () => ({
    type: 'train',
    run,
    folder,
    datasets,
    experiment,
    from: await whereItStands(context, folder, record),
    threads: context.threads(),
    lockedBy: null,
  }))
  return { run, folder }
}

function withRounds(experiment: Experiment, rounds: number | undefined): Experiment {
  if (rounds === undefined) return experiment
  return { ...experiment, adaptation: { ...experiment.adaptation, epochs: rounds } }
}

/** Where to resume: the run's pause, else its last complete round, else its source stage, else the beginning. */
async function whereItStands(
  { analyst }: LabContext,
  folder: string,
  record: RunRecord,
): Promise<TrainRequest['from']> {
  const history = await historyOf(folder)
  const complete = completeRounds(record, history)
  const hasSource =
    complete > 0 ||
    history.some(({ type }) => type === 'round') ||
    // A run that began with an imported checkpoint may have no measures of it; a further attempt begins from scratch.
    (presentAttempt(history) === 1 &&
      (record.parent !== null || (await beganWithCheckpoint(folder, history))))
  if (await hasPause(folder)) {
    // A crash just after a round can leave the pause from before that round.
    const pause = await analyst.ask('describePause', { folder })
    const isAhead = pause !== null && (pause.round > complete || !hasSource)
    if (isAhead) return 'pause'
  }
  if (!hasSource) return 'fresh'
  return { checkpoint: await requireCheckpoint(folder, record.id, complete) }
}

/**
 * Whether the checkpoint in the run's folder was there before training: then the source stage must not overwrite it.
 */
async function beganWithCheckpoint(folder: string, history: readonly RecordedEvent[]): Promise<boolean> {
  const first = history.find((event) => event.type === 'started')
  if (first !== undefined && first.resumedFrom === null) return false
  return (await roundsOnDisk(folder)).includes(null)
}

/** @throws `unknown-round` with the rounds that have a checkpoint; round 0 is the source stage */
async function requireCheckpoint(folder: string, run: string, round: number): Promise<string> {
  const known = (await roundsOnDisk(folder)).map((one) => one ?? 0)
  if (!known.includes(round)) throw labError('unknown-round', { run, round, known: known.join(', ') || '-' })
  return checkpointPath(folder, round === 0 ? null : round)
}

async function branchOff(
  context: LabContext,
  parentFolder: string,
  record: RunRecord,
  order: ResumeOrder,
): Promise<StartedRun> {
  const history = await historyOf(parentFolder)
  const { round = completeRounds(record, history), changes = {} } = order
  const changed = applySettings(
    withRounds(record.experiment, order.rounds ?? roundsWithLabels(record, round, changes)),
    Object.entries(changes),
    context.methods,
  )
  await requireNamed(parentFolder, record, readExperiment(changed, context.methods), changes)
  const experiment = await checkExperiment(context, changed)
  const checkpoint = await requireCheckpoint(parentFolder, record.id, round)
  if (experiment.adaptation.epochs <= round) throw labError('nothing-to-resume', { run: record.id })
  await context.analyst.ask('checkFit', { path: checkpoint, experiment })
  const events = history.filter((event) => isUpTo(event, round))
  const ownIn = (folder: string) => checkpointPath(folder, round === 0 ? null : round)
  return beginRun(context, experiment, {
    parent: { run: record.id, round },
    rounds: round,
    async fill(making) {
      await writeAtomic(ownIn(making), await readBytes(checkpoint))
      if (haveSameBeginning(experiment, record.experiment)) await takeOver(parentFolder, making, events)
    },
    from: (folder) => ({ checkpoint: ownIn(folder) }),
  })
}

/**
 * New labels are for a run that has ended: it then goes on for as many rounds as it had, without those of its own
 * parent. Undefined: as many as the experiment says.
 */
function roundsWithLabels(
  { experiment, parent }: RunRecord,
  round: number,
  changes: Readonly<Record<string, unknown>>,
): number | undefined {
  const { epochs } = experiment.adaptation
  if (!('adaptation.labels' in changes) || round < epochs) return undefined
  return round + epochs - (parent?.round ?? 0)
}

/** Whether the parent's earlier measures also hold for an experiment that continues from it. */
function haveSameBeginning(a: Experiment, b: Experiment): boolean {
  const beginning = ({ source, target, pairing, model, sourceStage, seed }: Experiment) =>
    JSON.stringify([source, target, pairing, model, sourceStage, seed])
  return beginning(a) === beginning(b)
}

function isUpTo(event: RecordedEvent, round: number): boolean {
  if (event.type === 'source-loss' || event.type === 'source-done') return true
  if (event.type === 'attempt') return event.verdict === 'restarted'
  return (event.type === 'loss' || event.type === 'round') && event.round <= round
}

async function takeOver(parent: string, folder: string, events: readonly RecordedEvent[]): Promise<void> {
  await writeAtomic(metricsPath(folder), events.map((event) => `${JSON.stringify(event)}\n`).join(''))
  await makeFolder(viewsFolder(folder))
  for (const event of events) if (event.type === 'round') await copyView(parent, folder, event.round)
}

/** A view is only a picture of an earlier round; a missing one is ignored. */
async function copyView(from: string, to: string, round: number): Promise<void> {
  await fs.copyFile(viewPath(from, round), viewPath(to, round)).catch((problem: unknown) => {
    if (!isMissing(problem)) throw fileError(problem, viewPath(to, round))
  })
}
