/** `serve`: the lab's page for a browser on this machine, or at the other end of an SSH tunnel. */
import { Command } from 'commander'
import { join } from 'path'
import { serve } from '../../server/serve'
import type { CommandEnvironment } from '../command'
import { Interrupted, interruptible, isHungUp } from '../interrupt'
import { wholeNumber } from '../values'

interface ServeOptions {
  readonly port: number
}

/** Resolves when the server is asked to end, by Ctrl-C or by a signal, or its terminal is closed. */
async function untilAsked(): Promise<void> {
  let leave = (): void => undefined
  const asked = new Promise<void>((resolve) => {
    leave = resolve
  })
  await interruptible(leave, () => asked)
}

export function serveCommand({ say, withLab, programs }: CommandEnvironment): Command {
  return new Command('serve')
    .description(say('about-serve'))
    .option('--port <n>', say('option-port'), wholeNumber('--port', 0, 65_535), 0)
    .action(
      withLab(async ({ lab, terminal }, { port }: ServeOptions) => {
        const serving = await serve(lab, join(programs, 'renderer'), port)
        const { url } = serving
        const asked = untilAsked()
        terminal.answer({ url, port: serving.port }, `${url}\n${say('serve-open', { port: serving.port })}`)
        await asked
        await serving.close()
        // Ctrl-C is how a server is ended; a closed terminal is no one's wish.
        if (isHungUp()) throw new Interrupted()
      }),
    )
}
