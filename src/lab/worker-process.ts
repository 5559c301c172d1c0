/**
 * A worker process from the service's side: forked, watched, its messages checked. Whatever happens in it,
 * the service goes on.
 */
import { fork, type ChildProcess } from 'child_process'
import type { z } from 'zod'
import { labError, type LabError } from '../contract/errors'
import { describeIssue } from '../contract/issue'
import { serviceVariable } from '../contract/worker'

/** Names of the worker programs, as errors name them. */
export type WorkerName = 'trainer' | 'analyst'

export interface WorkerPaths {
  /** The folder with trainer.cjs and analyst.cjs. */
  readonly workers: string
  /** What runs them: this program's own Node, or its Electron as Node. */
  readonly execPath: string
}

export interface WorkerProcess<Request> {
  readonly pid: number
  send(request: Request): void
  /** Ends the process at once. Safe for trainer and analyst once they have said their last word. */
  kill(): void
  /** Resolves, never rejects, when the process is gone and all that it sent has been heard. */
  readonly gone: Promise<LabError<'worker-died'>>
}

export interface WorkerListener<Reply> {
  reply(reply: Reply): void
  /** A message that does not fit the contract: a defect of the worker. */
  refused(error: LabError<'contract-violation'>): void
  /** What the worker writes on stderr. */
  wrote(text: string): void
}

/** Megabytes for what JavaScript has just made: a worker makes little, and by default they grow to three times 16. */
export const workerFlags: readonly string[] = ['--max-semi-space-size=4']

/** How memory is given out and taken back; each is heeded by one kind of allocator. */
const allocation = {
  // The GNU C library gives each thread a heap of its own, up to eight a core, and keeps what they free: two are as
  // quick and hold less.
  MALLOC_ARENA_MAX: '2',
  // Chromium's own, in older Electrons, hands whatever is freed back to the system at once: a training step, which
  // frees what the next one needs again, then takes a fifth longer.
  TCMALLOC_AGGRESSIVE_DECOMMIT: '0',
}

/** Where this program is Electron, what it forks is to be its Node; Node itself does not look at it. */
export function workerEnvironment(): NodeJS.ProcessEnv {
  // A window is told to hold less of what its threads free; a training step needs that again at once.
  const { TCMALLOC_MAX_TOTAL_THREAD_CACHE_BYTES: _, ...given } = process.env
  return { ...allocation, ...given, ELECTRON_RUN_AS_NODE: '1', [serviceVariable]: String(process.pid) }
}

/** Where a service keeps what went wrong in its workers. */
export interface WorkerLog {
  /** What a worker wrote on stderr. */
  log(text: string): void
  /** A worker ended without its last word, or failed in a way that nobody foresaw. */
  crashed(worker: WorkerName, code: string): void
}

/** @throws `worker-died` where the process cannot be started at all. */
export function startWorker<Request extends object, Reply>(
  name: WorkerName,
  paths: WorkerPaths,
  schema: z.ZodType<Reply>,
  listener: WorkerListener<Reply>,
): WorkerProcess<Request> {
  const child = fork(`${paths.workers}/${name}.cjs`, [], {
    execPath: paths.execPath,
    // Not this process's own flags: a debugger's port, say, can be taken only once.
    execArgv: [...workerFlags],
    env: workerEnvironment(),
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  })
  const gone = ended(name, child)
  child.stderr?.setEncoding('utf8').on('data', (text: string) => listener.wrote(text))
  child.on('message', (message: unknown) => {
    const checked = schema.safeParse(message)
    if (checked.success) return listener.reply(checked.data)
    listener.refused(labError('contract-violation', { where: name, problem: describeIssue(checked.error) }))
  })
  if (child.pid === undefined) throw labError('worker-died', { worker: name, signal: 'spawn' })
  return {
    pid: child.pid,
    send(request) {
      // A process that died meanwhile is noticed by `gone`; the failed send says nothing more.
      if (child.connected) child.send(request, () => undefined)
    },
    kill() {
      child.kill('SIGKILL')
    },
    gone,
  }
}

/** How long the last output of a process that has ended is waited for, in ms: another process may hold its stderr open. */
const lastOutputMs = 2000

function ended(name: WorkerName, child: ChildProcess): Promise<LabError<'worker-died'>> {
  return new Promise((resolve) => {
    const end = (signal: string) => resolve(labError('worker-died', { worker: name, signal }))
    child.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message))
    child.once('exit', (code, signal) =>
      setTimeout(() => end(signal ?? `exit ${code}`), lastOutputMs).unref(),
    )
    // Not `exit`: by `close`, what it wrote on stderr has come in too.
    child.once('close', (code, signal) => {
      const gone = () => end(signal ?? `exit ${code}`)
      if (child.connected) child.once('disconnect', gone)
      else gone()
    })
  })
}
