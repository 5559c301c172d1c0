/**
 * Trains runs, one at a time: forks the trainer, passes its controls on and reports how it ended. A second start
 * during a training is refused, because two trainings on one processor only slow each other down; waiting runs belong
 * to the queue.
 */
import { readHistory } from '../checkpoints/metrics'
import { defects, labError, LabError, type ErrorMessage } from '../contract/errors'
import type { LabEvent } from '../contract/lab'
import { isEnding, type Ending, type RecordedEvent } from '../contract/record'
import type { Timing } from '../contract/timing'
import { trainerReplySchema, type TrainerReply, type TrainerRequest } from '../contract/worker'
import { createStopwatch, type Stopwatch } from './stopwatch'
import { startWorker, type WorkerLog, type WorkerPaths, type WorkerProcess } from './worker-process'

export type TrainRequest = Extract<TrainerRequest, { type: 'train' }>
type ControlRequest = Extract<TrainerRequest, { type: 'control' }>

export interface Trainings {
  /** The run that is training; null if none is. */
  active(): string | null
  /**
   * Trains the request that `prepare` returns. Resolves with it when the trainer has accepted the run.
   * @throws `run-running` while another run is training, `run-locked`, `worker-died`, and what `prepare` throws
   */
  begin(prepare: () => Promise<TrainRequest>): Promise<TrainRequest>
  /** @throws `not-running` */
  control(run: string, action: ControlRequest['action']): void
  /** Stops the current training after saving its state, and waits for its end. */
  close(): Promise<void>
}

interface Active {
  readonly run: string
  readonly process: WorkerProcess<TrainerRequest>
  readonly stopwatch: Stopwatch
  /** Resolves when the trainer has exited and the lab can start another run. */
  readonly over: Promise<void>
}

/** The run's recorded events after the first `count`; empty if the folder cannot be read. */
async function eventsAfter(folder: string, count: number): Promise<RecordedEvent[]> {
  return readHistory(folder).then(
    ({ events }) => events.slice(count),
    () => [],
  )
}

function failureOf(error: ErrorMessage): Ending {
  return { type: 'failed', time: new Date().toISOString(), code: error.code, params: { ...error.params } }
}

/** The text for a crash report; null if the trainer ended normally, or with an error that is not a defect. */
function crashOf(failure: LabError | null, death: LabError<'worker-died'> | null): string | null {
  if (failure === null) return death?.params.signal ?? null
  return defects.includes(failure.code) ? failure.message : null
}

export function createTrainings(
  paths: WorkerPaths,
  emit: (event: LabEvent) => void,
  log: WorkerLog,
  addTimings: (timings: readonly Timing[]) => Promise<void>,
): Trainings {
  let active: Active | null = null
  /** Settles when the latest start is decided; starts wait for each other. */
  let latestStart: Promise<unknown> = Promise.resolve()

  /**
   * Resolves when the trainer has accepted the run; rejects if it refuses or dies before that.
   * @param recorded number of events that the run's folder already holds
   */
  function launch(request: TrainRequest, recorded: number): Promise<void> {
    const { run } = request
    return new Promise((resolve, reject) => {
      let isAccepted = false
      /** Number of recorded events that the trainer has sent. */
      let emitted = 0
      let ending: Ending | null = null
      let failure: LabError | null = null
      let hasSentLastReply = false
      const stopwatch = createStopwatch(request.experiment, request.threads, Date.now())

      function accept(): void {
        if (isAccepted) return
        isAccepted = true
        active = { run, process: trainer, stopwatch, over }
        resolve()
      }

      function handleReply(reply: TrainerReply): void {
        if (reply.type === 'failed')
          failure = new LabError(reply.error.code as never, reply.error.params as never)
        // These two are the last replies. The trainer is killed at once, because in Electron 9 it would crash in its
        // exit handlers.
        if (reply.type === 'failed' || reply.type === 'done') {
          hasSentLastReply = true
          return trainer.kill()
        }
        accept()
        if (reply.type === 'progress') emit({ type: 'progress', run, progress: reply.progress })
        if (reply.type === 'ready') {
          stopwatch.ready(Date.now())
          emit({ type: 'runs-changed' })
        }
        if (reply.type !== 'recorded') return
        emitted++
        stopwatch.heard(reply.event)
        // The ending is emitted only when the lab can start the next run.
        if (isEnding(reply.event)) ending = reply.event
        else emit({ type: 'recorded', run, event: reply.event })
        if (reply.event.type === 'round') emit({ type: 'runs-changed' })
      }

      const trainer = startWorker<TrainerRequest, TrainerReply>('trainer', paths, trainerReplySchema, {
        reply: handleReply,
        refused(error) {
          failure = error
          trainer.kill()
        },
        wrote: (text) => log.log(text),
      })
      const over = trainer.gone.then(async (death) => {
        const crash = crashOf(failure, hasSentLastReply ? null : death)
        if (crash !== null) log.crashed('trainer', crash)
        // A killed trainer may have recorded events that it did not send.
        const missed = await eventsAfter(request.folder, recorded + emitted)
        // A failure to store timings must not fail the training.
        await addTimings(stopwatch.timings()).catch((problem: unknown) => log.log(`${String(problem)}\n`))
        active = null
        if (!isAccepted) return reject(failure ?? death)
        for (const event of missed) emit({ type: 'recorded', run, event })
        emit({ type: 'recorded', run, event: ending ?? failureOf(failure ?? death) })
        emit({ type: 'runs-changed' })
      })
      trainer.send(request)
    })
  }

  async function beginNow(prepare: () => Promise<TrainRequest>): Promise<TrainRequest> {
    if (active !== null) throw labError('run-running', { run: active.run })
    const request = await prepare()
    await launch(request, (await eventsAfter(request.folder, 0)).length)
    return request
  }

  return {
    active: () => active?.run ?? null,
    begin(prepare) {
      const started = latestStart.then(() => beginNow(prepare))
      latestStart = started.catch(() => undefined)
      return started
    },
    control(run, action) {
      if (active?.run !== run) throw labError('not-running', { run })
      if (action !== 'stop') active.stopwatch.disturb()
      active.process.send({ type: 'control', action })
    },
    async close() {
      await latestStart
      active?.process.send({ type: 'control', action: 'stop' })
      await active?.over
    },
  }
}
