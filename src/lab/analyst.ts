/**
 * Asks the analyst, a process that lives as long as there is something to ask and a while longer. If it dies,
 * what it was asked fails with `reader-died` where it was reading a file of the user's, else with `worker-died`,
 * and the next question starts another.
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
import { startWorker, type Diary, type WorkerPlace, type WorkerProcess } from './worker-process'

export interface Analyst {
  /** @throws what the task throws, `reader-died` and `worker-died` */
  ask<K extends AnalystTask>(task: K, input: AnalystInput<K>): Promise<AnalystOutput<K>>
  close(): Promise<void>
}

interface Pending {
  resolve(output: unknown): void
  reject(error: LabError): void
  /** The file that it is reading, as far as it has said. */
  reading: string | null
}

/** How long an analyst without work is kept: loading TensorFlow takes about a second. */
const idleTime = 10_000

export function createAnalyst(place: WorkerPlace, diary: Diary): Analyst {
  const pending = new Map<number, Pending>()
  let worker: WorkerProcess<AnalystRequest> | null = null
  let idle: NodeJS.Timeout | undefined
  let lastId = 0

  function settle(reply: AnalystReply): void {
    const asked = pending.get(reply.id)
    if (asked === undefined) return
    if ('reading' in reply) {
      asked.reading = reply.reading
      return
    }
    pending.delete(reply.id)
    if ('error' in reply) asked.reject(fromErrorMessage(reply.error))
    else asked.resolve(reply.output)
    if (pending.size === 0) idle = setTimeout(end, idleTime)
  }

  function fail(error: LabError): void {
    for (const { reject } of pending.values()) reject(error)
    pending.clear()
  }

  /** Of what was asked, the first was being worked on; the others only waited, and may be asked again. */
  function failOfDeath(death: LabError<'worker-died'>): void {
    const [first] = pending.values()
    const { signal } = death.params
    if (first !== undefined && first.reading !== null) {
      first.reject(labError('reader-died', { file: first.reading, signal }))
    }
    fail(death)
  }

  function end(): void {
    worker?.kill()
    worker = null
  }

  function running(): WorkerProcess<AnalystRequest> {
    clearTimeout(idle)
    if (worker !== null) return worker
    const started = startWorker<AnalystRequest, AnalystReply>('analyst', place, analystReplySchema, {
      reply: settle,
      refused: fail,
      wrote: (text) => diary.log(text),
    })
    worker = started
    void started.gone.then((error) => {
      if (worker !== started) return
      worker = null
      diary.crashed('analyst', error.params.signal)
      failOfDeath(error)
    })
    return started
  }

  return {
    async ask<K extends AnalystTask>(task: K, input: AnalystInput<K>) {
      const id = ++lastId
      const analyst = running()
      const output = await new Promise<unknown>((resolve, reject) => {
        pending.set(id, { resolve, reject, reading: 'path' in input ? input.path : null })
        analyst.send({ id, task, input })
      })
      const checked = analystTasks[task].output.safeParse(output)
      if (checked.success) return checked.data as AnalystOutput<K>
      throw labError('contract-violation', { where: task, problem: describeIssue(checked.error) })
    },
    async close() {
      clearTimeout(idle)
      const last = worker
      end()
      fail(labError('worker-died', { worker: 'analyst', signal: 'SIGKILL' }))
      await last?.gone
    },
  }
}
