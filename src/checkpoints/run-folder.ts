/**
 * The files of a run:
 *
 *   <data folder>/runs/<id>/run.json              the experiment, the machinery, parent, state
 *                           metrics.jsonl         one event per line
 *                           annotations.json      name, tags, note, pinned rounds
 *                           lock                  the process that writes this run
 *                           checkpoints/          source.dalab.safetensors, round-0001.dalab.safetensors ...
 *                           attempts/             attempt-01.dalab.safetensors ...: attempts not accepted
 *                           views/                round-0000.json ...: data for each round's plots
 *                           pause/                the state of a run that was stopped
 *   <data folder>/trash/<id>/                     the same, for a deleted run
 */
import { join } from 'path'

/** A round of a run; null is its source stage. */
export type Round = number | null

export function runsFolder(dataFolder: string): string {
  return join(dataFolder, 'runs')
}

export function trashFolder(dataFolder: string): string {
  return join(dataFolder, 'trash')
}

export function recordPath(folder: string): string {
  return join(folder, 'run.json')
}

export function metricsPath(folder: string): string {
  return join(folder, 'metrics.jsonl')
}

export function annotationsPath(folder: string): string {
  return join(folder, 'annotations.json')
}

export function lockPath(folder: string): string {
  return join(folder, 'lock')
}

export function checkpointsFolder(folder: string): string {
  return join(folder, 'checkpoints')
}

export function checkpointPath(folder: string, round: Round): string {
  const name = round === null ? 'source' : `round-${padded(round)}`
  return join(checkpointsFolder(folder), `${name}.dalab.safetensors`)
}

/** The folders of a run that hold checkpoints. */
export const checkpointFolders: readonly string[] = ['checkpoints', 'attempts']

export function attemptPath(folder: string, attempt: number): string {
  return join(folder, 'attempts', `attempt-${String(attempt).padStart(2, '0')}.dalab.safetensors`)
}

/** The round of a file in checkpoints/; undefined for any other file. */
export function roundOf(fileName: string): Round | undefined {
  const parts = /^(?:source|round-(\d{4,}))\.dalab\.safetensors$/.exec(fileName)
  if (parts === null) return undefined
  return parts[1] === undefined ? null : Number(parts[1])
}

export function viewsFolder(folder: string): string {
  return join(folder, 'views')
}

export function viewPath(folder: string, round: number): string {
  return join(viewsFolder(folder), `round-${padded(round)}.json`)
}

/** The round of a file in views/; undefined for any other file. */
export function viewRoundOf(fileName: string): number | undefined {
  const [, digits] = /^round-(\d{4,})\.json$/.exec(fileName) ?? []
  return digits === undefined ? undefined : Number(digits)
}

export function pauseFolder(folder: string): string {
  return join(folder, 'pause')
}

export function pausePath(folder: string): string {
  return join(pauseFolder(folder), 'state.dalab.safetensors')
}

/** Four digits, so that sorting by name sorts by round. */
function padded(round: number): string {
  return String(round).padStart(4, '0')
}
