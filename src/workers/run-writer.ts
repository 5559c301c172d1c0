/**
 * Writes the results of a training into the run's folder. A round is complete when metrics.jsonl has its line, which
 * is written after the round's checkpoint and view; a round interrupted before that is trained again. run.json counts
 * the round last.
 */
import { attemptsIn, keepAttempt } from '../checkpoints/attempts'
import { isOptimiserState } from '../checkpoints/optimiser-state'
import { applyRetention, dropEarlierOptimiserState } from '../checkpoints/retention'
import { writeCheckpoint } from '../checkpoints/checkpoint'
import { toTorch } from '../checkpoints/layout'
import { appendEvent, readHistory } from '../checkpoints/metrics'
import { clearPause, writePause } from '../checkpoints/pause'
import { checkpointPath } from '../checkpoints/run-folder'
import { networksOf } from '../checkpoints/shapes'
import { declaredNetworks } from '../methods/networks'
import { updateRecord } from '../checkpoints/run-record'
import type { NamedTensor } from '../checkpoints/safetensors'
import { writeView } from '../checkpoints/views'
import { recordSchema } from '../contract/earlier'
import { toErrorMessage, type ErrorMessage } from '../contract/errors'
import type { Experiment } from '../contract/experiment'
import type { RoundView } from '../contract/run'
import type { AttemptEvent, Machinery, RecordedEvent, RoundEvent } from '../contract/record'
import type { Snapshot } from '../training/training'
import type { EventFiles } from './event-files'

type Unstamped<E> = E extends unknown ? Omit<E, 'time'> : never

const stampedNow = <E>(event: E): E & { time: string } => ({ ...event, time: new Date().toISOString() })

export interface RunIdentity {
  readonly run: string
  readonly folder: string
  readonly experiment: Experiment
  readonly machinery: Machinery
}

export interface RunWriter {
  /** Appends an event to metrics.jsonl, then sends it. */
  record(event: Unstamped<RecordedEvent>): Promise<void>
  /**
   * Writes a complete round: checkpoint (`tensors` in memory layout), view and measures. Round 0 is the source stage.
   */
  round(event: Unstamped<RoundEvent>, view: RoundView, tensors: readonly NamedTensor[]): Promise<void>
  /**
   * Records the end of an attempt, judged after round `rounds`; if another attempt follows, its last checkpoint is
   * kept.
   */
  attempt(event: Unstamped<AttemptEvent>, rounds: number): Promise<void>
  /** Records that a training was stopped; `snapshot` lets it resume as if it had not been. */
  stop(snapshot: Snapshot): Promise<void>
  /** Records that it was stopped before its first step: it resumes from what is on disk. */
  stopBefore(position: { readonly round: number; readonly step: number }): Promise<void>
  finish(seconds: number): Promise<void>
}

/** @throws `disk-full`, `no-permission`, each with the file's path */
export function createRunWriter(
  { run, folder, experiment, machinery }: RunIdentity,
  eventFiles: EventFiles,
  tell: (event: RecordedEvent) => void,
): RunWriter {
  /** @param ending of the training; it follows the line, so that a run that has ended has a whole history */
  async function record(
    event: Unstamped<RecordedEvent>,
    ending?: { readonly state: 'stopped' | 'finished' },
  ): Promise<void> {
    const stamped = stampedNow(event)
    await appendEvent(folder, stamped)
    if (ending !== undefined) await updateRecord(folder, ending)
    eventFiles.write(event)
    tell(stamped)
  }

  return {
    record,

    async round(event, view, tensors) {
      const round = event.round === 0 ? null : event.round
      await writeCheckpoint(
        checkpointPath(folder, round),
        {
          schema: recordSchema,
          run,
          round,
          experiment,
          machinery,
          measures: event.measures,
          created: new Date().toISOString(),
        },
        toTorch(tensors, networksOf(experiment.model, experiment.source.classes.length, declaredNetworks)),
      )
      await writeView(folder, view)
      const stamped = stampedNow(event)
      await appendEvent(folder, stamped)
      await updateRecord(folder, { rounds: event.round })
      await clearPause(folder)
      if (tensors.some(isOptimiserState)) await dropEarlierOptimiserState(folder, event.round)
      await applyRetention(folder, experiment.retention)
      eventFiles.write(event)
      tell(stamped)
    },

    async attempt(event, rounds) {
      if (event.verdict === 'restarted') await giveUp(folder, event.attempt, rounds)
      await record(event)
      await updateRecord(folder, { attempts: attemptsIn((await readHistory(folder)).events) })
    },

    async stop(snapshot) {
      const { round, step } = snapshot.state
      await writePause(folder, { state: snapshot.state, tensors: snapshot.tensors })
      await record({ type: 'stopped', round, step }, { state: 'stopped' })
    },

    stopBefore: (position) => record({ type: 'stopped', ...position }, { state: 'stopped' }),

    async finish(seconds) {
      await clearPause(folder)
      await record({ type: 'finished', seconds }, { state: 'finished' })
    },
  }
}

/**
 * Called before the `attempt` event is recorded. If the trainer is killed in between, it resumes after the last round
 * in metrics.jsonl and judges that round again. In the opposite order, the rounds still counted or the pause file
 * would be attributed to the next attempt.
 */
async function giveUp(folder: string, attempt: number, rounds: number): Promise<void> {
  await keepAttempt(folder, attempt, rounds === 0 ? null : rounds)
  await clearPause(folder)
  await updateRecord(folder, { rounds: 0 })
}

/**
 * Records why a training failed, if the disk still allows it; otherwise only the trainer's last message reports the
 * failure.
 */
export async function recordFailure(folder: string, error: unknown): Promise<RecordedEvent | null> {
  const { code, params } = toErrorMessage(error)
  const failure = { code, params: { ...params } } satisfies ErrorMessage
  const event = { type: 'failed', time: new Date().toISOString(), ...failure } as const
  try {
    await updateRecord(folder, { state: 'failed', failure })
    await appendEvent(folder, event)
    return event
  } catch {
    return null
  }
}
