/**
 * Notices what other processes do in the data folder: a run trained by a terminal appears live in a window.
 * The folder is looked at once a second; watching by the system says nothing of files inside the runs, and on
 * network file systems nothing at all.
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
  /** Changes with anything that a summary shows. */
  readonly signature: string
  /** How much of metrics.jsonl was read, in bytes. */
  readonly read: number
}

const interval = 1000

/** Of one file, so much is read at a look; what more there is waits for the next. A line of an event has some kilobytes. */
const maxBytesAtOnce = 2 ** 22

const newline = 0x0a

/** @param isOwn whether what the run has recorded since the last look was told by this lab's own trainer */
export function watchRuns(
  dataFolder: () => string,
  isOwn: (run: string) => boolean,
  emit: (event: LabEvent) => void,
): RunWatch {
  let seen: {
    readonly folder: string
    readonly runs: ReadonlyMap<string, Seen>
    readonly trash: string
    /** Which datasets there are, and which lie in their trash. */
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
      // What was there before this lab looked is history, not news.
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

  /** Tells what metrics.jsonl has gained since `from`; null tells nothing. Returns how far it is read. */
  async function tell(run: string, folder: string, from: number | null): Promise<number> {
    const path = metricsPath(folder)
    const size = await sizeOf(path)
    if (from === null || size <= from) return size
    const bytes = await readFrom(path, from, Math.min(size, from + maxBytesAtOnce))
    const whole = bytes.subarray(0, bytes.lastIndexOf(newline) + 1)
    for (const event of parseHistory(whole.toString('utf8')).events) emit({ type: 'recorded', run, event })
    // A line that does not end in so many bytes is no event.
    return from + (bytes.length === maxBytesAtOnce && whole.length === 0 ? bytes.length : whole.length)
  }

  async function again(): Promise<void> {
    // A folder that cannot be read now may be readable later; whoever asks for the runs is told why.
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
  // Hidden ones are being written.
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
