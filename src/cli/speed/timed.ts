/**
 * Makes one measurement in a process of its own, of the lab or of PyTorch, and records how much of the processor other
 * programs used meanwhile. A disturbed measurement is repeated.
 */
import { execFile } from 'child_process'
import { cpus } from 'os'
import { join } from 'path'
import { performance } from 'perf_hooks'
import { promisify } from 'util'
import { z } from 'zod'
import { labError } from '../../contract/errors'
import { benchResultSchema, type BenchRequest, type BenchResult } from '../../contract/worker'
import { workerEnvironment, workerFlags } from '../../lab/worker-process'

const run = promisify(execFile)

/** The folder of the lab's programs, and a Python interpreter with PyTorch, if any. */
export interface SpeedContext {
  readonly programs: string
  readonly peer: string | null
}

/** In cores, on average; above this a measurement counts as disturbed. */
const maxDisturbance = 0.15
const attempts = 3

/** The output of each script in build/peer. */
const peerSchema = z.object({ perSecond: z.number(), version: z.string(), processor: z.number() })
type PeerResult = z.infer<typeof peerSchema>

/** Processor seconds used by all programs together. */
function busySeconds(): number {
  return cpus().reduce((sum, { times }) => sum + times.user + times.nice + times.sys + times.irq, 0) / 1000
}

function ownSeconds(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1e6
}

/** Runs a measurement and adds the number of cores used by other programs. */
async function watched<Result extends { readonly processor: number }>(measure: () => Promise<Result>) {
  const [began, busy, own] = [performance.now(), busySeconds(), ownSeconds()]
  const result = await measure()
  const seconds = (performance.now() - began) / 1000
  const others = (busySeconds() - busy - (ownSeconds() - own) - result.processor) / seconds
  return { result, others: Math.max(0, others) }
}

export interface Undisturbed {
  <Result extends { readonly processor: number }>(measure: () => Promise<Result>): Promise<Result>
  /** Cores that other programs used during the most disturbed measurement that was kept. */
  disturbance(): number
}

/** Repeats a measurement until it is undisturbed; after the last attempt takes the least disturbed one. */
export function createUndisturbed(): Undisturbed {
  let worst = 0
  async function undisturbed<Result extends { readonly processor: number }>(
    measure: () => Promise<Result>,
  ): Promise<Result> {
    let kept = await watched(measure)
    for (let attempt = 1; attempt < attempts && kept.others > maxDisturbance; attempt++) {
      const next = await watched(measure)
      if (next.others < kept.others) kept = next
    }
    worst = Math.max(worst, kept.others)
    return kept.result
  }
  return Object.assign(undisturbed, { disturbance: () => worst })
}

/** @throws `worker-died` */
export async function timeLab({ programs }: SpeedContext, request: BenchRequest): Promise<BenchResult> {
  try {
    const program = [...workerFlags, join(programs, 'bench.cjs'), JSON.stringify(request)]
    const { stdout } = await run(process.execPath, program, { env: workerEnvironment() })
    return benchResultSchema.parse(JSON.parse(stdout))
  } catch (error) {
    throw labError('worker-died', { worker: 'bench', signal: error instanceof Error ? error.message : '' })
  }
}

/** A script in build/peer with its options. */
export interface PeerScript {
  readonly script: 'throughput' | 'run'
  readonly options: readonly string[]
}

/** @param python an interpreter with PyTorch */
export async function timePeer(
  python: string,
  { programs }: SpeedContext,
  { script, options }: PeerScript,
): Promise<PeerResult> {
  const { stdout } = await run(python, [join(programs, '..', 'build', 'peer', `${script}.py`), ...options])
  return peerSchema.parse(JSON.parse(stdout))
}
