/**
 * The trainer: a process that trains one run and ends. It holds the run's lock, obeys its controls between any
 * two steps, and stops with its state saved on SIGINT, SIGTERM and SIGHUP and when the lab service is gone.
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

/** Time for the step in progress, or for measuring, and for saving; complete rounds are on disk by then. */
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
    // A training under way is not given up for a message that was none.
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

/** So that windows stay quick while it trains. A system that refuses it loses nothing else. */
function lowerPriority(): void {
  try {
    os.setPriority(os.constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    return
  }
}

/** Takes the run's lock, trains, and says the last word when the lock is given back. */
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
