/**
 * Detects what other processes do in the data folder, so that a run trained from a terminal appears live in a window.
 * The folder is polled once a second: file-system watching does not report files inside the runs, and reports nothing
 * on network file systems.
 */
import { promises as fs } from 'fs'
import { join } from 'path'
import { parseHistory } from '../checkpoints/metrics'
import { annotationsPath, metricsPath, recordPath, runsFolder, trashFolder } from '../checkpoints/run-folder'
import { folderNames } from '../files/folder'
import type { LabEvent } from '../contract/lab'
import { datasetTrash } from '../data/trashed'
import { namesIn } from '../files/folder'
import { foldersIn } from './data-folder'

export interface RunWatch {
  close(): void
}

interface Seen {
  /** Changes with every file that a summary shows. */
  readonly signature: string
  /** Bytes of metrics.jsonl read so far. */
  readonly read: number
}

const interval = 1000

/** At most 4 MB of a file is read per poll. One event line has a few kilobytes. */
const maxBytesAtOnce = 2 ** 22

const newline = 0x0a

/** @param isOwn whether this lab's own trainer has reported the run's events since the last poll */
export function watchRuns(
  dataFolder: () => string,
  isOwn: (run: string) => boolean,
  emit: (event: LabEvent) => void,
): RunWatch {
  let seen: {
    readonly folder: string
    readonly runs: ReadonlyMap<string, Seen>
    readonly trash: string
    /** Names of the datasets and of those in their trash. */
    readonly datasets: string
  } | null = null
  let closed = false
  let timer: NodeJS.Timeout

  async function look(): Promise<void> {
    const folder = dataFolder()
    const before = seen?.folder === folder ? seen : null
    const runs = new Map<string, Seen>()
    let changed = false
    for (const run of await folderNames(runsFolder(folder))) {
      const path = join(runsFolder(folder), run)
      const signature = await signatureOf(path)
      const last = before?.runs.get(run)
      changed ||= signature !== last?.signature
      // What existed before the first poll is not news.
      const from = before === null || isOwn(run) ? null : (last?.read ?? 0)
      runs.set(run, { signature, read: await tell(run, path, from) })
    }
    const trash = (await folderNames(trashFolder(folder))).join()
    changed ||= before !== null && (runs.size !== before.runs.size || trash !== before.trash)
    const datasets = await datasetsIn(foldersIn(folder).datasets)
    seen = { folder, runs, trash, datasets }
    if (before !== null && changed) emit({ type: 'runs-changed' })
    if (before !== null && datasets !== before.datasets) emit({ type: 'datasets-changed' })
  }

  /** Emits the events added to metrics.jsonl since `from`; null emits none. Returns how far the file is read. */
  async function tell(run: string, folder: string, from: number | null): Promise<number> {
    const path = metricsPath(folder)
    const size = await sizeOf(path)
    if (from === null || size <= from) return size
    const bytes = await readFrom(path, from, Math.min(size, from + maxBytesAtOnce))
    const whole = bytes.subarray(0, bytes.lastIndexOf(newline) + 1)
    for (const event of parseHistory(whole.toString('utf8')).events) emit({ type: 'recorded', run, event })
    // A line longer than the limit is not an event and is skipped.
    return from + (bytes.length === maxBytesAtOnce && whole.length === 0 ? bytes.length : whole.length)
  }

  async function again(): Promise<void> {
    // A folder that is unreadable now may be readable later; listing the runs reports the error.
    await look().catch(() => undefined)
    if (!closed) timer = setTimeout(() => void again(), interval).unref()
  }

  timer = setTimeout(() => void again(), 0).unref()
  return {
    close() {
      closed = true
      clearTimeout(timer)
    },
  }
}

async function datasetsIn(folder: string): Promise<string> {
  const names = await Promise.all([folder, datasetTrash(folder)].map(namesIn))
  // Hidden ones are still being written.
  return names
    .map((some) =>
      some
        .filter((name) => !name.startsWith('.'))
        .sort()
        .join(),
    )
    .join('|')
}

async function signatureOf(folder: string): Promise<string> {
  const files = [recordPath(folder), annotationsPath(folder), metricsPath(folder)]
  const stats = await Promise.all(files.map((path) => fs.stat(path).catch(() => null)))
  return stats.map((stat) => (stat === null ? '-' : `${stat.mtimeMs} ${stat.size}`)).join()
}

async function sizeOf(path: string): Promise<number> {
  return fs.stat(path).then(
    ({ size }) => size,
    () => 0,
  )
}

async function readFrom(path: string, start: number, end: number): Promise<Buffer> {
  const file = await fs.open(path, 'r')
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
