/** Writes a long history to disk in the lab's own formats: runs, rounds, losses, views and small checkpoints. */
import { promises as fs } from 'fs'
import { createRun } from '../../../src/checkpoints/runs'
import { writeCheckpoint } from '../../../src/checkpoints/checkpoint'
import { appendLine } from '../../../src/checkpoints/metrics'
import { checkpointPath, metricsPath } from '../../../src/checkpoints/run-folder'
import { updateRecord } from '../../../src/checkpoints/run-record'
import { writeView } from '../../../src/checkpoints/views'
import type { RoundView } from '../../../src/contract/run'
import {
  recordedEventSchema,
  type RecordedEvent,
  type RoundEvent,
  type RunRecord,
} from '../../../src/contract/record'

/** A run that was actually trained, from which the others are made. */
export interface Trained {
  readonly record: RunRecord
  readonly events: readonly RecordedEvent[]
  readonly view: RoundView
}

type LossEvent = Extract<RecordedEvent, { type: 'loss' }>

const ofType = <T extends RecordedEvent['type']>({ events }: Trained, type: T) =>
  events.filter((event): event is Extract<RecordedEvent, { type: T }> => event.type === type)

/** The events of a run with `rounds` rounds, with the trained run's number of losses in each round. */
export function eventsFor(trained: Trained, rounds: number): RecordedEvent[] {
  const [before, ...measured] = ofType(trained, 'round')
  const lastRound = measured[measured.length - 1]
  if (before === undefined || lastRound === undefined) throw new Error('the trained run has no round')
  const losses = ofType(trained, 'loss').filter(({ round }) => round === lastRound.round)
  const start = trained.events.filter(({ type }) => !['round', 'loss', 'finished'].includes(type))
  const end = trained.events.filter(({ type }) => type === 'finished')
  const inRound = (round: number): (LossEvent | RoundEvent)[] => [
    ...losses.map((loss) => ({ ...loss, round })),
    { ...lastRound, round },
  ]
  const all = Array.from({ length: rounds }, (_, index) => inRound(index + 1)).flat()
  return [...start, before, ...all, ...end]
}

/** @returns the id of the new run */
export async function writeRun(
  dataFolder: string,
  trained: Trained,
  rounds: number,
  name: string,
): Promise<string> {
  const { experiment, machinery } = trained.record
  const named = { ...experiment, name, adaptation: { ...experiment.adaptation, epochs: rounds } }
  const { record, folder, release } = await createRun(dataFolder, {
    experiment: named,
    machinery,
    parent: null,
    state: 'running',
  })
  const events = eventsFor(trained, rounds).map((event) => recordedEventSchema.parse(event))
  await appendLine(metricsPath(folder), events.map((event) => JSON.stringify(event)).join('\n'))
  const measuresOf = new Map(
    events.flatMap((one) => (one.type === 'round' ? [[one.round, one.measures]] : [])),
  )
  for (const round of [null, ...Array.from({ length: rounds }, (_, index) => index + 1)]) {
    const facts = {
      schema: 2 as const,
      run: record.id,
      round,
      experiment: named,
      machinery,
      created: record.created,
    }
    await writeCheckpoint(
      checkpointPath(folder, round),
      { ...facts, measures: measuresOf.get(round ?? 0) ?? null },
      [{ name: 'classifier.fc.bias', shape: [2], data: new Float32Array(2) }],
    )
    await writeView(folder, { ...trained.view, round: round ?? 0 })
  }
  await updateRecord(folder, { state: 'finished', rounds })
  await release()
  await fs.access(folder)
  return record.id
}
