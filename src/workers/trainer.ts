/**
 * The trainer: a process that trains one run and ends. It holds the run's lock, handles control messages between
 * steps, and stops with its state saved on SIGINT, SIGTERM and SIGHUP and when the lab service ends.
 */
import os from 'os'
import { lockRun } from '../checkpoints/runs'
import { labError, toErrorMessage } from '../contract/errors'
import { trainerRequestSchema, type TrainerReply, type TrainerRequest } from '../contract/worker'
import { endProcess, noteDefect, openChannel } from './channel'
import { createControl } from './control'
import { endWithService } from './end-with-service'
import { loadTensorFlow } from './native'
import { loadingProgress } from './report'
import { recordFailure } from './run-writer'
import { trainRun, type TrainRequest } from './train-run'

/** Time for the current step, or for measuring, and for saving; complete rounds are already on disk. */
const graceMs = 60_000

endWithService(graceMs)
const control = createControl()
const stop = (): void => control.act('stop')
let training: Promise<void> | null = null

const channel = openChannel<TrainerRequest, TrainerReply>(trainerRequestSchema, {
  request(request) {
    if (request.type === 'control') return control.act(request.action)
    training ??= train(request)
  },
  refused(_message, problem) {
    const error = labError('contract-violation', { where: 'trainer', problem })
    process.stderr.write(`${error.message}\n`)
    // An invalid message does not end a training in progress.
    if (training === null) channel.send({ type: 'failed', error: toErrorMessage(error) })
  },
  closed() {
    stop()
    void (training ?? Promise.resolve()).then(endProcess)
  },
})

process.on('SIGINT', stop)
process.on('SIGTERM', stop)
process.on('SIGHUP', stop)
lowerPriority()

/** Keeps windows responsive during training. If the system refuses, training continues at normal priority. */
function lowerPriority(): void {
  try {
    os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    return
  }
}

/** Takes the run's lock, trains, releases the lock, then sends the final message. */
async function train(request: TrainRequest): Promise<void> {
  try {
    const release = await lockRun(request.folder, request.lockedBy)
    const lastWord = await trainLocked(request)
    await release()
    channel.send(lastWord)
  } catch (error) {
    noteDefect(error)
    channel.send({ type: 'failed', error: toErrorMessage(error) })
  }
  await channel.flushed()
}

async function trainLocked(request: TrainRequest): Promise<TrainerReply> {
  try {
    channel.send({ type: 'progress', progress: loadingProgress(request.experiment.adaptation.epochs) })
    const native = await loadTensorFlow(request.threads)
    channel.send({ type: 'ready', machinery: native.machinery })
    const outcome = await trainRun(request, native, control, {
      progress: (progress) => channel.send({ type: 'progress', progress }),
      recorded: (event) => channel.send({ type: 'recorded', event }),
    })
    return { type: 'done', outcome }
  } catch (error) {
    noteDefect(error)
    const event = await recordFailure(request.folder, error)
    if (event !== null) channel.send({ type: 'recorded', event })
    return { type: 'failed', error: toErrorMessage(error) }
  }
}
