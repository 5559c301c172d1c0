/**
 * metrics.jsonl: one line an event, appended and synced. A writer that dies leaves at most one torn line, the
 * last: readers pass over it, and the next append takes it away.
 */
import { promises as fs } from 'fs'
import { labError } from '../contract/errors'
import { recordedEventSchema, type RecordedEvent, type RoundEvent } from '../contract/record'
import { fileError, isMissing } from '../files/file-error'
import { describeIssue } from '../contract/issue'
import { growing } from './growing'
import { metricsPath } from './run-folder'

export interface History {
  readonly events: readonly RecordedEvent[]
  /** The numbers, from 1, of the lines before the last that cannot be read. */
  readonly damaged: readonly number[]
}

const newline = 0x0a

/**
 * Adds one event and waits until it is on the disk.
 * @throws `no-permission`, `disk-full`, `contract-violation` (an event that could not be read again)
 */
export async function appendEvent(folder: string, event: RecordedEvent): Promise<void> {
  const checked = recordedEventSchema.safeParse(event)
  if (!checked.success) {
    throw labError('contract-violation', { where: 'metrics.jsonl', problem: describeIssue(checked.error) })
  }
  await appendLine(metricsPath(folder), JSON.stringify(checked.data))
}

/** One line at the end of a file, synced; what a torn line left there goes first. */
export async function appendLine(path: string, line: string): Promise<void> {
  try {
    const file = await fs.open(path, 'a+')
    try {
      await removeTornLine(file)
      await file.writeFile(`${line}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
  } catch (problem) {
    throw fileError(problem, path)
  }
}

/** How many lines were read, and what they hold. */
interface Lines {
  readonly count: number
  readonly history: History
}

/** Of a run of which nothing was recorded yet. */
export const noHistory: History = { events: [], damaged: [] }
const noLines: Lines = { count: 0, history: noHistory }

/** What a summary shows of a run: hardly more of it is held for a long run than for a short one. */
export interface Figures {
  /** Before adaptation. */
  readonly first: RoundEvent | null
  /** Of the highest round there is, its last word. */
  readonly last: RoundEvent | null
  readonly unreadable: UnreadableLines
  /** The codes of what kept steps from being compiled, each once. */
  readonly obstacles: readonly string[]
}

export interface UnreadableLines {
  readonly count: number
  /** Where the first of them stand. */
  readonly lines: readonly number[]
}

interface FiguresOfLines extends Figures {
  readonly count: number
}

function withLines(before: Lines, text: string): Lines {
  const lines = text.split('\n')
  // Behind the last newline lies nothing, or a line that is torn or still being written.
  lines.pop()
  if (lines.length === 0) return before
  const events = [...before.history.events]
  const damaged = [...before.history.damaged]
  lines.forEach((line, index) => {
    const event = parseEvent(line)
    if (event === null) damaged.push(before.count + index + 1)
    else events.push(event)
  })
  return { count: before.count + lines.length, history: { events, damaged } }
}

/** Whole histories are long, and those of the runs that are looked at are asked for again and again. */
const historiesKept = 4
const readGrowing = growing(noLines, withLines, historiesKept)

/** How many unreadable lines are named. */
const maxNamed = 5

/** Of a run of which nothing was recorded yet. */
export const noFigures: Figures = {
  first: null,
  last: null,
  unreadable: { count: 0, lines: [] },
  obstacles: [],
}

const noFiguresYet: FiguresOfLines = { ...noFigures, count: 0 }

function withFigures(before: FiguresOfLines, text: string): FiguresOfLines {
  const { count, history } = withLines(noLines, text)
  let { first, last } = before
  for (const event of history.events) {
    // What an attempt that was not accepted has measured does not count.
    if (event.type === 'attempt' && event.verdict === 'restarted') first = last = null
    if (event.type !== 'round') continue
    if (event.round === 0) first = event
    if (last === null || event.round >= last.round) last = event
  }
  const { damaged } = history
  const named = [...before.unreadable.lines, ...damaged.map((line) => before.count + line)]
  const unreadable = {
    count: before.unreadable.count + damaged.length,
    lines: named.slice(0, maxNamed),
  }
  const eager = history.events.flatMap((event) => (event.type === 'eager' ? [event.code] : []))
  const obstacles = [...new Set([...before.obstacles, ...eager])]
  return { first, last, unreadable, obstacles, count: before.count + count }
}

const figuresGrowing = growing(noFiguresYet, withFigures)

/** What a summary shows of a run, `noFigures` where nothing was recorded yet. */
export async function readFigures(folder: string): Promise<Figures> {
  return orMissing(folder, figuresGrowing, noFiguresYet)
}

type Accuracies = ReadonlyMap<number, number>

const accuraciesGrowing = growing<Accuracies>(new Map(), (before, text) => {
  const accuracies = new Map(before)
  for (const event of parseHistory(text).events) {
    if (event.type === 'attempt' && event.verdict === 'restarted') accuracies.clear()
    if (event.type === 'round') accuracies.set(event.round, event.measures.target.accuracy)
  }
  return accuracies
})

/** By round of the present attempt, the target's accuracy under the chosen pairing; the last word on a round counts. */
export async function readAccuracies(folder: string): Promise<Accuracies> {
  return orMissing(folder, accuraciesGrowing, new Map<number, number>())
}

async function orMissing<T>(folder: string, read: (path: string) => Promise<T>, nothing: T): Promise<T> {
  const path = metricsPath(folder)
  try {
    return await read(path)
  } catch (problem) {
    if (isMissing(problem)) return nothing
    throw fileError(problem, path)
  }
}

/** All events of a run; none where nothing was recorded yet. */
export async function readHistory(folder: string): Promise<History> {
  return (await orMissing(folder, readGrowing, noLines)).history
}

/** `text` is the content of metrics.jsonl. */
export function parseHistory(text: string): History {
  return withLines(noLines, text).history
}

function parseEvent(line: string): RecordedEvent | null {
  // What is no object at all is told at once: an exception for each of a million empty lines takes seconds.
  if (!line.startsWith('{')) return null
  try {
    const event = recordedEventSchema.safeParse(JSON.parse(line))
    return event.success ? event.data : null
  } catch {
    return null
  }
}

async function removeTornLine(file: fs.FileHandle): Promise<void> {
  const { size } = await file.stat()
  const step = 4096
  let end = size
  while (end > 0) {
    const start = Math.max(0, end - step)
    const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start)
    const last = buffer.subarray(0, bytesRead).lastIndexOf(newline)
    if (last >= 0) {
      end = start + last + 1
      break
    }
    end = start
  }
  if (end < size) await file.truncate(end)
}
