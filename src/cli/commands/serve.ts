/** `serve`: serves the lab's page to a browser on this machine, or through an SSH tunnel. */
import { Command } from 'commander'
import { join } from 'path'
import { serve } from '../../server/serve'
import type { CommandEnvironment } from '../command'
import { Interrupted, interruptible, isHungUp } from '../interrupt'
import { wholeNumber } from '../values'

interface ServeOptions {
  readonly port: number
}

/** Resolves when the server should end: after Ctrl-C, after another signal, or when its terminal is closed. */
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
        // Ctrl-C is the normal way to end a server; a closed terminal counts as an interruption.
        if (isHungUp()) throw new Interrupted()
      }),
    )
}
