/** A worker's side of its channel to the lab service: JSON messages, each checked as it comes in. */
import { inspect } from 'util'
import type { z } from 'zod'
import { toErrorMessage } from '../contract/errors'

export interface Channel<Reply> {
  send(reply: Reply): void
  /** Resolves when all that was sent has left this process, or cannot any more. */
  flushed(): Promise<void>
}

/** The stack of what nobody foresaw, for the log: what is sent of it is one line. */
export function noteDefect(error: unknown): void {
  if (toErrorMessage(error).code === 'unexpected') process.stderr.write(`${inspect(error)}\n`)
}

interface Listener<Request> {
  request(request: Request): void
  /** A message that does not fit the contract, and what does not fit. */
  refused(message: unknown, problem: string): void
  /** The service is gone, or has let go of this process. */
  closed(): void
}

/** @throws where this process was not forked by the service. */
export function openChannel<Request, Reply>(
  schema: z.ZodType<Request>,
  listener: Listener<Request>,
): Channel<Reply> {
  const send = process.send?.bind(process)
  if (send === undefined) throw new Error('this program is started by the lab, not by hand')
  const unsent = new Set<Promise<void>>()

  process.on('message', (message: unknown) => {
    const checked = schema.safeParse(message)
    if (checked.success) return listener.request(checked.data)
    const [issue] = checked.error.issues
    listener.refused(message, issue === undefined ? 'message' : `${issue.path.join('.')}: ${issue.message}`)
  })
  process.on('disconnect', () => listener.closed())
  // Its reader is the service: without one, what is written fails, and a trainer still has its state to save.
  process.stderr.on('error', () => undefined)

  return {
    send(reply) {
      if (!process.connected) return
      const sent: Promise<void> = new Promise((resolve) => {
        send(reply, undefined, undefined, () => resolve())
      })
      unsent.add(sent)
      void sent.then(() => unsent.delete(sent))
    },
    async flushed() {
      await Promise.all(unsent)
    },
  }
}

/**
 * Ends this process at once. Electron 9 run as Node crashes in TensorFlow's exit handlers; by then everything
 * is on disk, so they are not run.
 */
export function endProcess(): void {
  process.kill(process.pid, 'SIGKILL')
}
