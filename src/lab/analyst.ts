/**
 * Asks the analyst, a process that lives as long as there is something to ask and a while longer. It is asked one thing
 * after the other. If it dies, what it was asked fails with `reader-died` where it was reading a file of the user's, else
 * with `worker-died`; if it reads one file for too long it is ended, and what it was asked fails with `reading-too-long`.
 * In each case the next question goes to another analyst.
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
import { startWorker, type WorkerLog, type WorkerPaths, type WorkerProcess } from './worker-process'

export interface Analyst {
  /** @throws what the task throws, `reader-died`, `reading-too-long`, `reading-cancelled` and `worker-died` */
  ask<K extends AnalystTask>(task: K, input: AnalystInput<K>): Promise<AnalystOutput<K>>
  /** Ends what is asked about this file or folder, at once: it fails with `reading-cancelled`. */
  cancel(path: string): void
  close(): Promise<void>
}

export interface AnalystLimits {
  /** Seconds that reading one file may take: the largest dataset takes some five on an idle machine. */
  readonly secondsToRead: number
}

interface Question {
  readonly request: AnalystRequest
  resolve(output: unknown): void
  reject(error: LabError): void
}

interface Asked extends Question {
  /** The file that it is reading, as far as it has said. */
  reading: string | null
  tooLong: NodeJS.Timeout | undefined
}

/** How long an analyst without work is kept: loading TensorFlow takes about a second. */
const idleTime = 10_000
const usualLimits: AnalystLimits = { secondsToRead: 60 }

export function createAnalyst(
  paths: WorkerPaths,
  log: WorkerLog,
  { secondsToRead }: AnalystLimits = usualLimits,
): Analyst {
  const waiting: Question[] = []
  let asked: Asked | null = null
  let worker: WorkerProcess<AnalystRequest> | null = null
  let idle: NodeJS.Timeout | undefined
  let lastId = 0

  /** Begins with the next question, where none is being worked on. */
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

  /** What is being worked on is over; the next is begun. */
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

/** What it reads first, before it has said so itself. */
function firstFileOf(input: unknown): string | null {
  const { path, checkpoint } = input as { readonly path?: string; readonly checkpoint?: string }
  return path ?? checkpoint ?? null
}

function isAbout({ request }: Question, path: string): boolean {
  return JSON.stringify(request.input).includes(JSON.stringify(path))
}
