/** Kills a program with SIGKILL while a worker computes endlessly, and measures how long the worker survives it. */
import { existsSync, writeFileSync } from 'fs'
import { join } from 'path'
import { setTimeout as wait } from 'timers/promises'
import { smallExperiment, type Terminal } from '../integration/terminal'
import { childrenOf } from '../process-tree'

/** The workers, each with a command that starts it. */
export const commandsByWorker = {
  analyst: ['doctor'],
  bench: ['bench'],
  trainer: smallExperiment,
} as const
export type Worker = keyof typeof commandsByWorker

/** Blocks the main thread: in JavaScript, or as native code does without using the processor. */
const busy = {
  javascript: 'for (;;);',
  native: 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)',
}

/** Loaded before the worker's program; its event loop blocks after one turn. */
const scriptFor = (worker: Worker, work: keyof typeof busy, mark: string): string => `
const isWorker = (process.argv[1] || '').endsWith('${worker}.cjs')
if (isWorker && require('worker_threads').isMainThread) setImmediate(() => {
  require('fs').writeFileSync(${JSON.stringify(mark)}, '')
  ${busy[work]}
})`

/** Resolves with the seconds until the worker has ended; the caller limits the time. */
export async function outlivesBy(
  terminal: Terminal,
  worker: Worker,
  work: keyof typeof busy,
): Promise<number> {
  const mark = join(terminal.files, `${worker}-${work}`)
  const script = `${mark}.cjs`
  writeFileSync(script, scriptFor(worker, work, mark))
  const { process: program } = terminal.startWith(
    { NODE_OPTIONS: `--require ${script}` },
    ...commandsByWorker[worker],
  )
  await until(() => existsSync(mark))
  const [pid] = childrenOf(program.pid!, `${worker}.cjs`)
  if (pid === undefined) throw new Error(`no ${worker} is there`)
  program.kill('SIGKILL')
  const killed = Date.now()
  await until(() => !isAlive(pid))
  return (Date.now() - killed) / 1000
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await wait(50)
}
