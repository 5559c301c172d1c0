/** The summary of a run, read from its small files only; no checkpoint is opened. Damage is reported, not hidden. */
import { promises as fs } from 'fs'
import { basename } from 'path'
import { toErrorMessage, type ErrorMessage } from '../contract/errors'
import type { RunSummary } from '../contract/run'
import { annotationsSchema, type RunRecord } from '../contract/record'
import { sourceJudgeOf } from '../contract/source-judge'
import { readAnnotations } from './annotations'
import { lockHolder } from './lock'
import { noFigures, readFigures, type Figures, type UnreadableLines } from './metrics'
import { metricsPath } from './run-folder'
import { readRecord } from './run-record'
import { bytesOfRun } from './usage'

/** Never throws: unreadable parts are listed in `damage`, and a run without a readable run.json is `damaged`. */
export async function summarise(folder: string): Promise<RunSummary> {
  const damage: ErrorMessage[] = []
  const note = async <T>(reading: Promise<T>, instead: T): Promise<T> => {
    try {
      return await reading
    } catch (problem) {
      damage.push(toErrorMessage(problem))
      return instead
    }
  }
  const [record, annotations, measured, bytes, stat] = await Promise.all([
    note(readRecord(folder), null),
    note(readAnnotations(folder), annotationsSchema.parse({})),
    note(readFigures(folder), noFigures),
    note(bytesOfRun(folder), 0),
    note(fs.stat(folder), null),
  ])
  // If the lock cannot be read, the run counts as interrupted. Resuming is then refused for the same reason, with an
  // error.
  const state = await note<State>(stateOf(folder, record), { state: 'interrupted', heldBy: null })
  if (measured.unreadable.count > 0) damage.push(unreadable(folder, measured.unreadable))
  return {
    id: basename(folder),
    folder,
    name: annotations.name ?? record?.experiment.name ?? basename(folder),
    created: record?.created ?? (stat?.birthtime ?? new Date(0)).toISOString(),
    ...state,
    method: record?.experiment.adaptation.method ?? '',
    epochs: record?.experiment.adaptation.epochs ?? 0,
    bytes,
    tags: annotations.tags,
    note: annotations.note,
    ...figures(measured, record?.experiment.adaptation.method ?? ''),
    damage,
  }
}

type State = Pick<RunSummary, 'state' | 'heldBy'>

/**
 * run.json is read again when there is no writer: if it still says running, the writer died; otherwise it just
 * finished.
 */
async function stateOf(folder: string, record: RunRecord | null): Promise<State> {
  if (record === null) return { state: 'damaged', heldBy: null }
  if (record.state !== 'running') return { state: record.state, heldBy: null }
  const holder = await lockHolder(folder)
  if (holder === null) {
    const now = await readRecord(folder).catch(() => record)
    return { state: now.state === 'running' ? 'interrupted' : now.state, heldBy: null }
  }
  return { state: 'running', heldBy: holder.pid === process.pid ? null : holder.pid }
}

function figures({ first: before, last }: Figures, method: string) {
  const first = before?.measures
  const now = last?.measures
  return {
    rounds: last?.round ?? 0,
    sourceAccuracy: now?.source.accuracy ?? null,
    sourceAccuracyBefore: first?.source.accuracy ?? null,
    sourceJudge: now === undefined ? null : sourceJudgeOf(now, method),
    targetAccuracyBefore: first?.target?.accuracy ?? null,
    targetAccuracy: now?.target?.accuracy ?? null,
    targetAccuracyBestPairing: now?.target?.accuracyBestPairing ?? null,
    unseenTargetAccuracy: now?.unseenTarget?.accuracy ?? null,
    estimatedAccuracy: now?.estimate?.accuracy ?? null,
    estimatedAccuracyBefore: first?.estimate?.accuracy ?? null,
  }
}

function unreadable(folder: string, { count, lines: numbers }: UnreadableLines): ErrorMessage {
  const lines = numbers.join(', ') + (count > numbers.length ? ', …' : '')
  const [run, file] = [basename(folder), basename(metricsPath(folder))]
  return { code: 'run-lines-unreadable', params: { run, file, count, lines } }
}
