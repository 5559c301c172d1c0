/** Gives files to a parser one by one and records each outcome: a result, an error of the lab, or a fault. */
import { readFileSync } from 'fs'
import { toErrorMessage } from '../../src/contract/errors'
import { stream, type Random } from '../../src/data/random'

export interface Parser {
  readonly name: string
  /** Default number of mutated files. */
  readonly usual: number
  /** Hand-made files, each with one specific attack: false lengths, decompression bombs, overlaps, repetitions. */
  hostile(): AsyncIterable<Hostile> | Iterable<Hostile>
  /** One mutated file. */
  mutated(random: Random): Uint8Array
  /** Reads the file as the lab does. It may throw `LabError`, or an error that the lab converts to one. */
  read(bytes: Uint8Array): unknown
  /** Stops what reading has started. */
  close?(): Promise<void>
  /** Id of the process that reads, if it is not this one. */
  reader?(): number | null
}

export interface Hostile {
  readonly what: string
  readonly bytes: Uint8Array
}

export interface Fault {
  /** Number of the mutated file, or description of the hand-made one. */
  readonly file: string
  readonly problem: string
}

export interface Report {
  readonly parser: string
  readonly seed: number
  readonly files: number
  readonly results: number
  /** Number of errors by code. */
  readonly refusals: Readonly<Record<string, number>>
  readonly faults: readonly Fault[]
  /** Longest processor time for one file. */
  readonly longestMs: number
}

/** A generous limit that catches a hang. The first file of a reader includes the start of its process. */
const hangMs = 30_000
/** An error message is read by people and must not quote the whole file. */
const maxErrorLength = 2000

interface Tally {
  results: number
  longestMs: number
  readonly refusals: Record<string, number>
  readonly faults: Fault[]
}

/**
 * Processor time of a process, in ms, because wall-clock time would include the load of other processes. For another
 * process it is read from Linux, in ticks of 10 ms.
 */
function cpuMs(pid: number | null): number {
  if (pid === null) {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  }
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const [, ...fields] = stat.slice(stat.lastIndexOf(')')).split(' ')
  return 10 * (Number(fields[11]) + Number(fields[12]))
}

async function give(
  parser: Parser,
  file: string,
  bytes: Uint8Array,
  tally: Tally,
  maxMs: number,
): Promise<void> {
  const pid = parser.reader?.() ?? null
  const began = cpuMs(pid)
  const fault = (problem: string) => void tally.faults.push({ file, problem })
  try {
    await parser.read(bytes)
    tally.results += 1
  } catch (error) {
    const { code, params } = toErrorMessage(error)
    tally.refusals[code] = (tally.refusals[code] ?? 0) + 1
    if (
      code === 'unexpected' ||
      code === 'contract-violation' ||
      code === 'worker-died' ||
      code === 'reader-died'
    )
      fault(
        `${code}: ${error instanceof Error ? (error.stack ?? error.message).slice(0, 600) : String(error)}`,
      )
    if (JSON.stringify(params).length > maxErrorLength)
      fault(`${code}: an error of ${JSON.stringify(params).length} characters`)
  }
  const took = cpuMs(pid) - began
  tally.longestMs = Math.max(tally.longestMs, took)
  if (took > maxMs) fault(`took ${Math.round(took)} ms of a processor`)
  if (Reflect.get({}, 'polluted') !== undefined) fault('polluted the prototype of all objects')
}

export interface FuzzOptions {
  readonly count: number
  readonly seed: number
  readonly from?: number
  /** CPU time for one file above which it is a fault. */
  readonly maxMs?: number
}

/**
 * @param from number of the first mutated file; for a single file, `from` with a count of 1
 * @param before called with each file before it is read
 */
export async function fuzz(
  parser: Parser,
  { count, seed, from = 0, maxMs = hangMs }: FuzzOptions,
  before: (file: string) => void = () => undefined,
): Promise<Report> {
  const tally: Tally = { results: 0, longestMs: 0, refusals: {}, faults: [] }
  let files = 0
  const next = async (file: string, bytes: Uint8Array) => {
    before(file)
    files += 1
    await give(parser, file, bytes, tally, maxMs)
  }
  if (from === 0) for await (const { what, bytes } of parser.hostile()) await next(what, bytes)
  for (let index = from; index < from + count; index++) {
    await next(`mutated ${index}`, parser.mutated(stream(seed, parser.name, index)))
  }
  await parser.close?.()
  return { parser: parser.name, seed, files, ...tally }
}
