/** Timings of trainings on this machine: timings.jsonl in the data folder, one line per part of a run. */
import { promises as fs } from 'fs'
import { join } from 'path'
import { timingSchema, type Timing } from '../contract/timing'
import { assetsFolder } from '../data/bundled'
import { writeAtomic } from '../files/atomic'
import { readBounded } from '../files/read'

export const timingsFile = (data: string): string => join(data, 'timings.jsonl')

/** A line has about 500 bytes. */
const maxBytes = 2 ** 21
const maxKept = 1000

/**
 * Oldest first. A line that is invalid or still being written is skipped. A file that cannot be read counts as empty:
 * that costs only the estimate.
 */
export async function readTimings(data: string): Promise<Timing[]> {
  const text = await readBounded(timingsFile(data), maxBytes).catch(() => null)
  return text === null ? [] : parseTimings(text.toString('utf8'))
}

/** Adds the timings of one run; the oldest are dropped. */
export async function addTimings(data: string, timings: readonly Timing[]): Promise<void> {
  if (timings.length === 0) return
  const known = await readTimings(data)
  const kept = known.length < maxKept ? known : known.slice(-maxKept / 2)
  await writeAtomic(
    timingsFile(data),
    [...kept, ...timings].map((timing) => `${JSON.stringify(timing)}\n`).join(''),
  )
}

/**
 * The timings that come with the lab, measured on its authors' machine. They give the order of magnitude before this
 * machine has measured anything; test/evidence/run-times.ts writes them.
 */
export async function referenceTimings(): Promise<Timing[]> {
  return parseTimings(await fs.readFile(join(assetsFolder(), 'timings.jsonl'), 'utf8'))
}

export function parseTimings(text: string): Timing[] {
  return text.split('\n').flatMap((line) => {
    const timing = parsed(line)
    return timing === null ? [] : [timing]
  })
}

function parsed(line: string): Timing | null {
  if (!line.startsWith('{')) return null
  try {
    const timing = timingSchema.safeParse(JSON.parse(line))
    return timing.success ? timing.data : null
  } catch {
    return null
  }
}
