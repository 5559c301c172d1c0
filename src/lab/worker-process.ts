/**
 * Starts and watches a worker process for the service, and checks its messages. A crash of the worker does not end the
 * service.
 */
import { fork, type ChildProcess } from 'child_process'
import type { z } from 'zod'
import { labError, type LabError } from '../contract/errors'
import { describeIssue } from '../contract/issue'
import { serviceVariable } from '../contract/worker'

/** Names of the worker programs, as used in errors. */
export type WorkerName = 'trainer' | 'analyst'

export interface WorkerPaths {
  /** The folder with trainer.cjs and analyst.cjs. */
  readonly workers: string
  /** The executable: this program's Node, or its Electron running as Node. */
  readonly execPath: string
}

export interface WorkerProcess<Request> {
  readonly pid: number
  send(request: Request): void
  /** Ends the process at once. Safe for trainer and analyst after their final message. */
  kill(): void
  /** Resolves, never rejects, when the process has exited and all of its messages have been handled. */
  readonly gone: Promise<LabError<'worker-died'>>
}

export interface WorkerListener<Reply> {
  reply(reply: Reply): void
  /** A message that does not fit the contract, which is a defect of the worker. */
  refused(error: LabError<'contract-violation'>): void
  /** What the worker writes on stderr. */
  wrote(text: string): void
}

/**
 * Size of the young generation in MB. Workers allocate little in JavaScript; by default it grows to three times 16 MB.
 */
export const workerFlags: readonly string[] = ['--max-semi-space-size=4']

/** Settings of the memory allocators; each allocator reads its own. */
const allocation = {
  // By default glibc gives each thread its own arena, up to eight per core, and keeps what the threads free. Two
  // arenas are as fast and use less memory.
  MALLOC_ARENA_MAX: '2',
  // By default Chromium's allocator in older Electrons returns freed memory to the system at once. A training step,
  // which allocates the same memory again, then takes a fifth longer.
  TCMALLOC_AGGRESSIVE_DECOMMIT: '0',
}

/** ELECTRON_RUN_AS_NODE makes a forked Electron run as Node; Node itself ignores it. */
export function workerEnvironment(): NodeJS.ProcessEnv {
  // This limits the memory cached per thread in a window; a training step needs that memory again at once.
  const { TCMALLOC_MAX_TOTAL_THREAD_CACHE_BYTES: _, ...given } = process.env
  return { ...allocation, ...given, ELECTRON_RUN_AS_NODE: '1', [serviceVariable]: String(process.pid) }
}

/** Log of what went wrong in a service's workers. */
export interface WorkerLog {
  /** What a worker wrote on stderr. */
  log(text: string): void
  /** A worker ended without its final message, or with an unforeseen error. */
  crashed(worker: WorkerName, code: string): void
}

/** @throws `worker-died` if the process cannot be started */
export function startWorker<Request extends object, Reply>(
  name: WorkerName,
  paths: WorkerPaths,
  schema: z.ZodType<Reply>,
  listener: WorkerListener<Reply>,
): WorkerProcess<Request> {
  const child = fork(`${paths.workers}/${name}.cjs`, [], {
    execPath: paths.execPath,
    // This process's own flags are not passed on: a debugger's port, for example, can be used only once.
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
      // `gone` reports a process that has died; a failed send adds nothing.
      if (child.connected) child.send(request, () => undefined)
    },
    kill() {
      child.kill('SIGKILL')
    },
    gone,
  }
}

/** Time to wait for the last output of a process that has ended, in ms: another process may hold its stderr open. */
const lastOutputMs = 2000

function ended(name: WorkerName, child: ChildProcess): Promise<LabError<'worker-died'>> {
  return new Promise((resolve) => {
    const end = (signal: string) => resolve(labError('worker-died', { worker: name, signal }))
    child.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message))
    child.once('exit', (code, signal) =>
      setTimeout(() => end(signal ?? `exit ${code}`), lastOutputMs).unref(),
    )
    // `close`, not `exit`: by then all of stderr has been read.
    child.once('close', (code, signal) => {
      const gone = () => end(signal ?? `exit ${code}`)
      if (child.connected) child.once('disconnect', gone)
      else gone()
    })
  })
}
