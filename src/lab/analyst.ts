/**
 * Sends tasks to the analyst, a worker process that runs while there are tasks and for a short time after the last
 * one. It works on one task at a time. If the process dies, the current task fails with `reader-died` when it was
 * reading a user's file, and with `worker-died` otherwise. If reading one file takes too long, the process is ended
 * and the task fails with `reading-too-long`. In every case the next task starts a new process.
 */
import { fromErrorMessage, labError, type LabError } from '../contract/errors'
import { describeIssue } from '../contract/issue'
import {
  analystReplySchema,
  analystTasks,
  type AnalystInput,
  type AnalystOutput,
  type AnalystReply,
  type AnalystRequest,
  type AnalystTask,
} from '../contract/worker'
import type { ReadingProgress } from '../contract/reading'
import { startWorker, type WorkerLog, type WorkerPaths, type WorkerProcess } from './worker-process'

export interface Analyst {
  /** @throws what the task throws, `reader-died`, `reading-too-long`, `reading-cancelled` and `worker-died` */
  ask<K extends AnalystTask>(task: K, input: AnalystInput<K>): Promise<AnalystOutput<K>>
  /** Ends every task on this file or folder at once; each fails with `reading-cancelled`. */
  cancel(path: string): void
  close(): Promise<void>
}

export interface AnalystLimits {
  /** Time limit for reading one file, in seconds. The largest dataset takes about 5 s on an idle machine. */
  readonly secondsToRead: number
}

interface Question {
  readonly request: AnalystRequest
  resolve(output: unknown): void
  reject(error: LabError): void
}

interface Asked extends Question {
  /** The file being read, as last reported by the process; null if none. */
  reading: string | null
  tooLong: NodeJS.Timeout | undefined
}

/** How long an idle analyst is kept, in ms: loading TensorFlow again takes about a second. */
const idleTime = 10_000
const usualLimits: AnalystLimits = { secondsToRead: 60 }

export function createAnalyst(
  paths: WorkerPaths,
  log: WorkerLog,
  { secondsToRead }: AnalystLimits = usualLimits,
  progress: (path: string, progress: ReadingProgress) => void = () => undefined,
): Analyst {
  const waiting: Question[] = []
  let asked: Asked | null = null
  let worker: WorkerProcess<AnalystRequest> | null = null
  let idle: NodeJS.Timeout | undefined
  let lastId = 0

  /** Starts the next task unless one is in progress. */
  function askNext(): void {
    if (asked !== null) return
    const next = waiting.shift()
    if (next === undefined) {
      idle = setTimeout(end, idleTime)
      return
    }
    asked = { ...next, reading: null, tooLong: undefined }
    try {
      running().send(next.request)
      nowReading(asked, firstFileOf(next.request.input))
    } catch (error) {
      failAsked(error as LabError)
    }
  }

  function nowReading(question: Asked, file: string | null): void {
    clearTimeout(question.tooLong)
    question.reading = file
    if (file === null) return
    question.tooLong = setTimeout(() => {
      end()
      failAsked(labError('reading-too-long', { file, seconds: secondsToRead }))
    }, 1000 * secondsToRead)
  }

  /** Clears the current task and returns it. */
  function over(): Asked | null {
    const before = asked
    clearTimeout(before?.tooLong)
    asked = null
    return before
  }

  function failAsked(error: LabError): void {
    over()?.reject(error)
    askNext()
  }

  function hear(reply: AnalystReply): void {
    if (asked === null || asked.request.id !== reply.id) return
    if ('reading' in reply) return nowReading(asked, reply.reading)
    if ('progress' in reply) {
      const path = firstFileOf(asked.request.input)
      if (path !== null) progress(path, reply.progress)
      return
    }
    const answered = over()
    if ('error' in reply) answered?.reject(fromErrorMessage(reply.error))
    else answered?.resolve(reply.output)
    askNext()
  }

  function deathOf(death: LabError<'worker-died'>): LabError {
    const reading = asked?.reading ?? null
    return reading === null ? death : labError('reader-died', { file: reading, signal: death.params.signal })
  }

  function end(): void {
    worker?.kill()
    worker = null
  }

  function running(): WorkerProcess<AnalystRequest> {
    clearTimeout(idle)
    if (worker !== null) return worker
    const started = startWorker<AnalystRequest, AnalystReply>('analyst', paths, analystReplySchema, {
      reply: hear,
      refused: failAsked,
      wrote: (text) => log.log(text),
    })
    worker = started
    void started.gone.then((error) => {
      if (worker !== started) return
      worker = null
      log.crashed('analyst', error.params.signal)
      failAsked(deathOf(error))
    })
    return started
  }

  return {
    async ask<K extends AnalystTask>(task: K, input: AnalystInput<K>) {
      const request = { id: ++lastId, task, input }
      const output = await new Promise<unknown>((resolve, reject) => {
        waiting.push({ request, resolve, reject })
        askNext()
      })
      const checked = analystTasks[task].output.safeParse(output)
      if (checked.success) return checked.data as AnalystOutput<K>
      throw labError('contract-violation', { where: task, problem: describeIssue(checked.error) })
    },
    cancel(path) {
      const error = labError('reading-cancelled', { file: path })
      for (const question of waiting.splice(0)) {
        if (isAbout(question, path)) question.reject(error)
        else waiting.push(question)
      }
      if (asked === null || !isAbout(asked, path)) return
      end()
      failAsked(error)
    },
    async close() {
      clearTimeout(idle)
      const last = worker
      end()
      const closed = labError('worker-died', { worker: 'analyst', signal: 'SIGKILL' })
      for (const question of waiting.splice(0)) question.reject(closed)
      over()?.reject(closed)
      await last?.gone
    },
  }
}

/** The file that a task reads first, before the process reports one. */
function firstFileOf(input: unknown): string | null {
  const { path, checkpoint } = input as { readonly path?: string; readonly checkpoint?: string }
  return path ?? checkpoint ?? null
}

function isAbout({ request }: Question, path: string): boolean {
  return JSON.stringify(request.input).includes(JSON.stringify(path))
}
