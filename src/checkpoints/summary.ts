/** A run in one row, from its small files alone; no checkpoint is opened. What is damaged is said, not hidden. */
import { promises as fs } from 'fs'
import { basename } from 'path'
import { toErrorMessage } from '../contract/errors'
import type { RunSummary } from '../contract/lab'
import { annotationsSchema, type RunRecord } from '../contract/record'
import { readAnnotations } from './annotations'
import { lockHolder } from './lock'
import { readFigures, type Figures } from './metrics'
import { readRecord } from './run-record'
import { bytesOfRun } from './usage'

/** Never refuses: what cannot be read stands in `damage`, and a run without a readable run.json is `damaged`. */
export async function summarise(folder: string): Promise<RunSummary> {
  const damages: string[] = []
  const note = async <T>(reading: Promise<T>, instead: T): Promise<T> => {
    try {
      return await reading
    } catch (problem) {
      damages.push(describe(problem))
      return instead
    }
  }
  const [record, annotations, measured, bytes, stat] = await Promise.all([
    note(readRecord(folder), null),
    note(readAnnotations(folder), annotationsSchema.parse({})),
    note(readFigures(folder), { first: null, last: null, damage: null }),
    note(bytesOfRun(folder), 0),
    note(fs.stat(folder), null),
  ])
  if (measured.damage !== null) damages.push(measured.damage)
  return {
    id: basename(folder),
    folder,
    name: annotations.name ?? record?.experiment.name ?? basename(folder),
    created: record?.created ?? (stat?.birthtime ?? new Date(0)).toISOString(),
    state: await stateOf(folder, record),
    method: record?.experiment.adaptation.method ?? '',
    epochs: record?.experiment.adaptation.epochs ?? 0,
    bytes,
    tags: annotations.tags,
    note: annotations.note,
    ...figures(measured),
    damage: damages.length === 0 ? null : damages.join('; '),
  }
}

/** Says running, but nobody writes: its writer died. */
async function stateOf(folder: string, record: RunRecord | null): Promise<RunSummary['state']> {
  if (record === null) return 'damaged'
  if (record.state !== 'running') return record.state
  return (await lockHolder(folder)) === null ? 'interrupted' : 'running'
}

function figures({ first: before, last }: Figures) {
  const first = before?.measures
  const now = last?.measures
  return {
    rounds: last?.round ?? 0,
    sourceAccuracy: now?.source.accuracy ?? null,
    targetAccuracyBefore: first?.target.accuracy ?? null,
    targetAccuracy: now?.target.accuracy ?? null,
    targetAccuracyBestPairing: now?.target.accuracyBestPairing ?? null,
    unseenTargetAccuracy: now?.unseenTarget?.accuracy ?? null,
  }
}

function describe(problem: unknown): string {
  const { params } = toErrorMessage(problem)
  return String(params['problem'] ?? (problem instanceof Error ? problem.message : problem))
}
