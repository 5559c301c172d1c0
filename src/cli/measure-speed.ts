/**
 * The lab's speed beside PyTorch's, in one run: each side in processes of its own, turn by turn (A B A B), so that
 * what else the machine does falls on both. Figures are medians.
 */
import { execFile } from 'child_process'
import { existsSync } from 'fs'
import { cpus } from 'os'
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
}

/** Images (source stage) or pairs (adaptation) a second. */
export interface Speed {
  readonly lab: number
  /** null where PyTorch is not installed. */
  readonly pytorch: number | null
  readonly ratio: number | null
  readonly runs: { readonly lab: readonly number[]; readonly pytorch: readonly number[] }
}

export interface SpeedReport {
  readonly machine: string
  readonly machinery: Machinery | null
  readonly pytorchVersion: string | null
  readonly options: SpeedOptions
  readonly sourceStage: Speed
  /** Against PyTorch to the letter of the article. */
  readonly adaptation: Speed
  /** Against PyTorch with the same features looked up and the same forward pass shared. */
  readonly adaptationSameCaching: Speed
}

/** The folder of the lab's programs, and the Python that has PyTorch, if any. */
export interface SpeedPlace {
  readonly programs: string
  readonly peer: string | null
}

const peerSchema = z.object({ perSecond: z.number(), version: z.string() })

async function timeLab(programs: string, request: BenchRequest): Promise<BenchResult> {
  try {
    const { stdout } = await run(process.execPath, [join(programs, 'bench.cjs'), JSON.stringify(request)])
    return benchResultSchema.parse(JSON.parse(stdout))
  } catch (error) {
    throw labError('worker-died', { worker: 'bench', signal: error instanceof Error ? error.message : '' })
  }
}

async function timePeer(place: SpeedPlace, stage: string, options: SpeedOptions) {
  const script = join(place.programs, '..', 'build', 'peer', 'throughput.py')
  if (place.peer === null || !existsSync(script)) return null
  const { batch, steps, threads } = options
  const numbers = ['--batch', batch, '--steps', steps, '--threads', threads].map(String)
  const { stdout } = await run(place.peer, [script, '--stage', stage, ...numbers])
  return peerSchema.parse(JSON.parse(stdout))
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [low = NaN, high = NaN] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]]
  return (low + high) / 2
}

function speed(lab: readonly number[], pytorch: readonly number[]): Speed {
  const ours = median(lab)
  const theirs = pytorch.length === 0 ? null : median(pytorch)
  return {
    lab: ours,
    pytorch: theirs,
    ratio: theirs === null ? null : ours / theirs,
    runs: { lab, pytorch },
  }
}

/** @param note is told of each turn before it begins: its number, and of how many */
export async function measureSpeed(
  place: SpeedPlace,
  options: SpeedOptions,
  note: (turn: number, turns: number) => void,
): Promise<SpeedReport> {
  const { batch, steps, threads, repeats } = options
  const request = { batch, steps, threads, engine: 'compiled' } as const
  const figures = { source: [], adaptation: [], literal: [], cached: [], peerSource: [] } as Record<
    'source' | 'adaptation' | 'literal' | 'cached' | 'peerSource',
    number[]
  >
  let machinery: Machinery | null = null
  let pytorchVersion: string | null = null
  const ours = async (stage: 'source' | 'adaptation') => {
    const result = await timeLab(place.programs, { ...request, stage })
    figures[stage].push(result.perSecond)
    machinery = result.machinery
  }
  const theirs = async (stage: string, figure: 'peerSource' | 'literal' | 'cached') => {
    const result = await timePeer(place, stage, options)
    if (result === null) return
    figures[figure].push(result.perSecond)
    pytorchVersion = result.version
  }

  for (let turn = 1; turn <= repeats; turn += 1) {
    note(turn, repeats)
    await ours('source')
    await theirs('source', 'peerSource')
    await ours('adaptation')
    await theirs('adaptation', 'literal')
    await theirs('adaptation-cached', 'cached')
  }

  const processors = cpus()
  return {
    machine: `${processors[0]?.model.trim() ?? ''}, ${processors.length} cores`,
    machinery,
    pytorchVersion,
    options,
    sourceStage: speed(figures.source, figures.peerSource),
    adaptation: speed(figures.adaptation, figures.literal),
    adaptationSameCaching: speed(figures.adaptation, figures.cached),
  }
}
