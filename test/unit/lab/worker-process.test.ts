/** The end of a worker process is detected even if another process holds its output open or messages are in transit. */
import { mkdtempSync, rmSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { afterAll, expect, it } from 'vitest'
import { z } from 'zod'
import { startWorker, type WorkerProcess } from '../../../src/lab/worker-process'

const workers = mkdtempSync(join(tmpdir(), 'dalab-workers-'))
afterAll(() => rmSync(workers, { recursive: true, force: true }))

interface StartedRun {
  readonly worker: WorkerProcess<object>
  /** All messages that it sent. */
  readonly replies: unknown[]
  /** Resolves with its first message. */
  readonly first: Promise<unknown>
}

/** A worker that runs this source text. */
function start(text: string): StartedRun {
  writeFileSync(join(workers, 'trainer.cjs'), text)
  const replies: unknown[] = []
  let hear: (reply: unknown) => void
  const first = new Promise<unknown>((resolve) => (hear = resolve))
  const worker = startWorker<object, unknown>(
    'trainer',
    { workers, execPath: process.execPath },
    z.unknown(),
    {
      reply(reply) {
        replies.push(reply)
        hear(reply)
      },
      refused: () => undefined,
      wrote: () => undefined,
    },
  )
  return { worker, replies, first }
}

it('is heard where a process that it started holds its stderr open', async () => {
  const { worker, first } = start(`
    const { spawn } = require('child_process')
    const heir = spawn('sleep', ['60'], { stdio: ['ignore', 'ignore', 'inherit'] })
    process.send(heir.pid)
    setInterval(() => undefined, 1000)
  `)
  const heir = Number(await first)
  try {
    process.kill(worker.pid, 'SIGKILL')
    expect(await worker.gone).toMatchObject({
      code: 'worker-died',
      params: { worker: 'trainer', signal: 'SIGKILL' },
    })
  } finally {
    process.kill(heir, 'SIGKILL')
  }
})

it('is heard when it is killed between messages in both directions, and all that it sent before', async () => {
  const { worker, replies, first } = start(`
    process.on('message', () => undefined)
    for (let i = 0; i < 200; i++) process.send(i)
    process.stderr.write('x'.repeat(100000))
  `)
  await first
  const send = () => Array.from({ length: 50 }, (_, number) => worker.send({ number }))
  send()
  process.kill(worker.pid, 'SIGKILL')
  send()
  await worker.gone
  expect(replies).toEqual(replies.map((_, number) => number))
  send()
})
