/**
 * The lab's speed beside PyTorch's, in one run: each side in processes of its own, turn by turn (A B A B), so that
 * what else the machine does falls on both. Figures are medians, ratios are medians of each turn's own ratio.
 */
import { execFile } from 'child_process'
import { existsSync } from 'fs'
import { cpus, loadavg } from 'os'
import { join } from 'path'
import { promisify } from 'util'
import { z } from 'zod'
import { labError } from '../contract/errors'
import type { Machinery } from '../contract/record'
import { benchResultSchema, type BenchRequest, type BenchResult } from '../contract/worker'

const run = promisify(execFile)

export interface SpeedOptions {
  readonly batch: number
  readonly steps: number
  readonly repeats: number
  readonly threads: number
  /** Only the stages of the published recipe, at one size of batch. */
  readonly short: boolean
}

/** Images (source stage, evaluation) or pairs (adaptation) a second. */
export interface Speed {
  readonly lab: number
  /** null where PyTorch is not installed. */
  readonly pytorch: number | null
  readonly ratio: number | null
  readonly runs: { readonly lab: readonly number[]; readonly pytorch: readonly number[] }
}

/** The stages at one size of batch. */
export interface StageSpeeds {
  readonly sourceStage: Speed
  /** Against PyTorch to the letter of the article. */
  readonly adaptation: Speed
  /** Against PyTorch with the same features looked up and the same forward pass shared. */
  readonly adaptationSameCaching: Speed
}

export interface EngineSpeed {
  /** `source`, or a method's id. */
  readonly stage: string
  readonly compiled: number
  readonly eager: number
  readonly ratio: number
  /** Seconds that recording and loading took. */
  readonly prepare: number
}

/** What only the whole measurement has. */
export interface WholeReport {
  /** By size of batch. */
  readonly batches: Readonly<Record<string, StageSpeeds & { readonly adversarialConsistency: Speed }>>
  readonly engines: readonly EngineSpeed[]
  readonly evaluation: Speed
  /** Milliseconds; `start` from a process's beginning to a TensorFlow that answers. */
  readonly milliseconds: Readonly<Record<'start' | 'data' | 'save' | 'load', number>>
  /** Of a product of large matrices: what the processor can do. */
  readonly gigaflops: number
  /** The published experiment as the trainer runs it; `peak` in MB, seconds, tensors and MB a round. */
  readonly run: { readonly peak: number; readonly series: Readonly<Record<string, readonly number[]>> }
}

export interface SpeedReport extends StageSpeeds {
  readonly machine: string
  /** Mean number of processes that wanted a core in the minute before the first turn, ours not among them. */
  readonly loadBefore: number
  readonly measured: string
  readonly machinery: Machinery | null
  readonly pytorchVersion: string | null
  readonly options: SpeedOptions
  readonly whole: WholeReport | null
}

/** The folder of the lab's programs, and the Python that has PyTorch, if any. */
export interface SpeedPlace {
  readonly programs: string
  readonly peer: string | null
}

const method = 'adversarial-consistency'
const usualSizes = [10, 50, 200]
const evaluated = 10_000
const rounds = 40
const peerSchema = z.object({ perSecond: z.number(), version: z.string() })

async function timeLab(programs: string, request: BenchRequest): Promise<BenchResult> {
  try {
    const { stdout } = await run(process.execPath, [join(programs, 'bench.cjs'), JSON.stringify(request)])
    return benchResultSchema.parse(JSON.parse(stdout))
  } catch (error) {
    throw labError('worker-died', { worker: 'bench', signal: error instanceof Error ? error.message : '' })
  }
}

async function timePeer(place: SpeedPlace, stage: string, { batch, steps, threads }: Timing) {
  const script = join(place.programs, '..', 'build', 'peer', 'throughput.py')
  if (place.peer === null || !existsSync(script)) return null
  const numbers = ['--batch', batch, '--steps', steps, '--threads', threads].map(String)
  const { stdout } = await run(place.peer, [script, '--stage', stage, ...numbers])
  return peerSchema.parse(JSON.parse(stdout))
}

type Timing = Pick<SpeedOptions, 'batch' | 'steps' | 'threads'>

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low = NaN, high = NaN] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]]
  return (low + high) / 2
}

const ratioOf = (ours: readonly number[], theirs: readonly number[]): number =>
  median(ours.map((value, turn) => value / (theirs[turn] ?? NaN)))

/** What was measured so far, by name, turn after turn. */
function createLedger() {
  const figures = new Map<string, number[]>()
  const of = (name: string): readonly number[] => figures.get(name) ?? []
  return {
    of,
    add: (name: string, value: number) => void figures.set(name, [...of(name), value]),
    median: (name: string) => median(of(name)),
    /** The lab's figure of one name against PyTorch's of another. */
    speed(lab: string, peer: string): Speed {
      const [ours, theirs] = [of(lab), of(peer)]
      const alone = theirs.length === 0
      return {
        lab: median(ours),
        pytorch: alone ? null : median(theirs),
        ratio: alone ? null : ratioOf(ours, theirs),
        runs: { lab: ours, pytorch: theirs },
      }
    },
  }
}

/** @param note is told of each turn before it begins: its number, and of how many */
export async function measureSpeed(
  place: SpeedPlace,
  options: SpeedOptions,
  note: (turn: number, turns: number) => void,
): Promise<SpeedReport> {
  const { threads, repeats, short } = options
  const loadBefore = loadavg()[0] ?? NaN
  const ledger = createLedger()
  const sizes = [...new Set([...usualSizes, options.batch])]
  const series: Record<string, readonly number[]> = {}
  let machinery: Machinery | null = null
  let pytorchVersion: string | null = null

  async function ours(name: string, request: BenchRequest): Promise<void> {
    const result = await timeLab(place.programs, request)
    for (const [figure, value] of Object.entries(result.figures)) ledger.add(`${name} ${figure}`, value)
    Object.assign(series, result.series)
    machinery = result.machinery
  }
  async function theirs(name: string, stage: string, timing: Timing): Promise<void> {
    const result = await timePeer(place, stage, timing)
    if (result === null) return
    ledger.add(`${name} pytorch`, result.perSecond)
    pytorchVersion = result.version
  }
  const stepsOf = (stage: string, timing: Timing, engine: 'compiled' | 'eager') =>
    ours(`${stage} ${engine === 'eager' ? 'eager' : timing.batch}`, {
      task: 'steps',
      stage: stage === 'source' ? 'source' : { method: stage },
      ...timing,
      engine,
    })

  async function stages(timing: Timing): Promise<void> {
    const { batch } = timing
    await stepsOf('source', timing, 'compiled')
    await theirs(`source ${batch}`, 'source', timing)
    await stepsOf('adda', timing, 'compiled')
    await theirs(`literal ${batch}`, 'adaptation', timing)
    await theirs(`cached ${batch}`, 'adaptation-cached', timing)
  }
  async function wholeTurn(timing: Timing): Promise<void> {
    for (const stage of ['source', 'adda', method]) await stepsOf(stage, timing, 'eager')
    for (const batch of sizes) {
      const sized = { ...timing, batch }
      if (batch !== timing.batch) await stages(sized)
      await stepsOf(method, sized, 'compiled')
      await theirs(`${method} ${batch}`, method, sized)
    }
    await ours('evaluation', { task: 'evaluation', count: evaluated, threads })
    await theirs('evaluation', 'evaluation', { batch: evaluated / 20, steps: 20, threads })
    for (const task of ['start', 'data', 'checkpoint', 'limit'] as const) await ours(task, { task, threads })
  }

  const timing = { batch: options.batch, steps: options.steps, threads }
  for (let turn = 1; turn <= repeats; turn += 1) {
    note(turn, repeats)
    await stages(timing)
    if (!short) await wholeTurn(timing)
  }
  if (!short) await ours('run', { task: 'run', rounds, threads })

  const at = (batch: number): StageSpeeds => ({
    sourceStage: ledger.speed(`source ${batch} perSecond`, `source ${batch} pytorch`),
    adaptation: ledger.speed(`adda ${batch} perSecond`, `literal ${batch} pytorch`),
    adaptationSameCaching: ledger.speed(`adda ${batch} perSecond`, `cached ${batch} pytorch`),
  })
  const engineAt = (stage: string): EngineSpeed => ({
    stage,
    compiled: ledger.median(`${stage} ${options.batch} perSecond`),
    eager: ledger.median(`${stage} eager perSecond`),
    ratio: ratioOf(ledger.of(`${stage} ${options.batch} perSecond`), ledger.of(`${stage} eager perSecond`)),
    prepare: ledger.median(`${stage} ${options.batch} prepare`),
  })
  const wholeReport = (): WholeReport => ({
    batches: Object.fromEntries(
      sizes.map((batch) => [
        batch,
        {
          ...at(batch),
          adversarialConsistency: ledger.speed(`${method} ${batch} perSecond`, `${method} ${batch} pytorch`),
        },
      ]),
    ),
    engines: ['source', 'adda', method].map(engineAt),
    evaluation: ledger.speed('evaluation perSecond', 'evaluation pytorch'),
    milliseconds: {
      start: ledger.median('start milliseconds'),
      data: ledger.median('data milliseconds'),
      save: ledger.median('checkpoint save'),
      load: ledger.median('checkpoint load'),
    },
    gigaflops: ledger.median('limit gigaflops'),
    run: { peak: ledger.median('run peak'), series },
  })

  const processors = cpus()
  return {
    machine: `${processors[0]?.model.trim() ?? ''}, ${processors.length} cores`,
    loadBefore,
    measured: new Date().toISOString(),
    machinery,
    pytorchVersion,
    options,
    ...at(options.batch),
    whole: short ? null : wholeReport(),
  }
}
