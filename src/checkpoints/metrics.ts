/**
 * metrics.jsonl: one event per line, appended and synced. If the writer dies, at most the last line is torn; readers
 * skip it and the next append removes it.
 */
import { promises as fs } from 'fs'
import { labError } from '../contract/errors'
import { recordedEventSchema, type RecordedEvent, type RoundEvent } from '../contract/record'
import { scoreOf, usualScore } from '../contract/score'
import { fileError, isMissing } from '../files/file-error'
import { describeIssue } from '../contract/issue'
import { growing } from './growing'
import { metricsPath } from './run-folder'

export interface History {
  readonly events: readonly RecordedEvent[]
  /** Numbers, from 1, of complete lines that are not valid events. */
  readonly damaged: readonly number[]
}

const newline = 0x0a

/**
 * Appends one event and waits until it is on the disk.
 * @throws `no-permission`, `disk-full`, `contract-violation` (an event that could not be read back)
 */
export async function appendEvent(folder: string, event: RecordedEvent): Promise<void> {
  const checked = recordedEventSchema.safeParse(event)
  if (!checked.success) {
    throw labError('contract-violation', { where: 'metrics.jsonl', problem: describeIssue(checked.error) })
  }
  await appendLine(metricsPath(folder), JSON.stringify(checked.data))
}

/** Appends one line and syncs; a torn line at the end of the file is removed first. */
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

/** The number of lines read, and their content. */
interface Lines {
  readonly count: number
  readonly history: History
}

/** For a run without recorded events. */
export const noHistory: History = { events: [], damaged: [] }
const noLines: Lines = { count: 0, history: noHistory }

/** The part of a history that a run's summary shows. Its size hardly depends on the length of the run. */
export interface Figures {
  /** Round 0: before adaptation. */
  readonly first: RoundEvent | null
  /** The latest event of the highest round. */
  readonly last: RoundEvent | null
  readonly unreadable: UnreadableLines
  /** Error codes that say why steps were not compiled, without repeats. */
  readonly obstacles: readonly string[]
}

export interface UnreadableLines {
  readonly count: number
  /** Numbers of the first unreadable lines. */
  readonly lines: readonly number[]
}

interface FiguresOfLines extends Figures {
  readonly count: number
}

/** Adds the complete lines of `text`. */
function withLines(before: Lines, text: string): Lines {
  const lines = text.split('\n')
  // After the last newline there is nothing, or a line that is torn or still being written.
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

/** Few, because complete histories are long. Those of the runs on display are read repeatedly. */
const historiesKept = 4
const historyGrowing = growing(noLines, withLines, historiesKept)

/** Upper limit on the line numbers in `UnreadableLines`. */
const maxLineNumbers = 5

/** For a run without recorded events. */
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
    // The attempt was refused and training started over: its measures do not count.
    if (event.type === 'attempt' && event.verdict === 'restarted') first = last = null
    if (event.type !== 'round') continue
    if (event.round === 0) first = event
    if (last === null || event.round >= last.round) last = event
  }
  const { damaged } = history
  const named = [...before.unreadable.lines, ...damaged.map((line) => before.count + line)]
  const unreadable = {
    count: before.unreadable.count + damaged.length,
    lines: named.slice(0, maxLineNumbers),
  }
  const eager = history.events.flatMap((event) => (event.type === 'eager' ? [event.code] : []))
  const obstacles = [...new Set([...before.obstacles, ...eager])]
  return { first, last, unreadable, obstacles, count: before.count + count }
}

const figuresGrowing = growing(noFiguresYet, withFigures)

/** The figures of a run's summary; `noFigures` if nothing has been recorded. */
export async function readFigures(folder: string): Promise<Figures> {
  return readOr(folder, figuresGrowing, noFiguresYet)
}

/** By which the best round is chosen. */
interface Merit {
  /** The target's accuracy under the chosen pairing; null without labels. */
  readonly accuracy: number | null
  /** The score without labels; null if only a sample was measured. */
  readonly score: number | null
}

type Merits = ReadonlyMap<number, Merit>

const meritsGrowing = growing<Merits>(new Map(), (before, text) => {
  const merits = new Map(before)
  for (const event of parseHistory(text).events) {
    if (event.type === 'attempt' && event.verdict === 'restarted') merits.clear()
    if (event.type !== 'round') continue
    const { measures } = event
    const score = scoreOf(measures, usualScore)
    merits.set(event.round, { accuracy: measures.target?.accuracy ?? null, score })
  }
  return merits
})

/**
 * By round of the current attempt: the target's accuracy, or, if no round has one, the usual score without labels. The
 * latest event of a round counts.
 */
export async function readMerits(folder: string): Promise<Map<number, number>> {
  const merits = [...(await readOr<Merits>(folder, meritsGrowing, new Map()))]
  const isLabelled = merits.some(([, { accuracy }]) => accuracy !== null)
  return new Map(
    merits.flatMap(([round, { accuracy, score }]) => {
      const merit = isLabelled ? accuracy : score
      return merit === null ? [] : [[round, merit] as const]
    }),
  )
}

/** What `read` returns; `nothing` if the run has no metrics.jsonl. */
async function readOr<T>(folder: string, read: (path: string) => Promise<T>, nothing: T): Promise<T> {
  const path = metricsPath(folder)
  try {
    return await read(path)
  } catch (problem) {
    if (isMissing(problem)) return nothing
    throw fileError(problem, path)
  }
}

/** All events of a run; none if nothing has been recorded. */
export async function readHistory(folder: string): Promise<History> {
  return (await readOr(folder, historyGrowing, noLines)).history
}

/** `text` is the content of metrics.jsonl. */
export function parseHistory(text: string): History {
  return withLines(noLines, text).history
}

function parseEvent(line: string): RecordedEvent | null {
  // For speed: parse exceptions for a million empty lines would take seconds.
  if (!line.startsWith('{')) return null
  try {
    const event = recordedEventSchema.safeParse(JSON.parse(line))
    return event.success ? event.data : null
  } catch {
    return null
  }
}

/** Truncates the file after its last newline. */
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
