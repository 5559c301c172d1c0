/** A worker's end of its channel to the lab service: JSON messages, each checked when it arrives. */
import { inspect } from 'util'
import type { z } from 'zod'
import { toErrorMessage } from '../contract/errors'

export interface Channel<Reply> {
  send(reply: Reply): void
  /** Resolves when every message has been sent, or can no longer be sent. */
  flushed(): Promise<void>
}

/** Logs the stack of an unforeseen error; the message sent to the service is one line. */
export function noteDefect(error: unknown): void {
  if (toErrorMessage(error).code === 'unexpected') process.stderr.write(`${inspect(error)}\n`)
}

interface Listener<Request> {
  request(request: Request): void
  /** A message that does not fit the contract, and the reason. */
  refused(message: unknown, problem: string): void
  /** The service has ended or has disconnected this process. */
  closed(): void
}

/** @throws if this process was not forked by the service */
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
  // The service reads stderr. After it has ended, writing fails, and a trainer still has to save its state.
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
 * Ends this process at once. Electron 9 run as Node crashes in TensorFlow's exit handlers, so they are skipped;
 * everything is on disk by then.
 */
export function endProcess(): void {
  process.kill(process.pid, 'SIGKILL')
}
