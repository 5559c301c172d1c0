/** `serve`: the lab's page for a browser on this machine, or at the other end of an SSH tunnel. */
import { Command } from 'commander'
import { join } from 'path'
import { serve } from '../../server/serve'
import type { Desk } from '../command'
import { wholeNumber } from '../values'

interface ServeOptions {
  readonly port: number
}

function interrupted(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve())
    process.once('SIGTERM', () => resolve())
  })
}

export function serveCommand({ say, act, programs }: Desk): Command {
  return new Command('serve')
    .description(say('about-serve'))
    .option('--port <n>', say('option-port'), wholeNumber('--port', 0, 65_535), 0)
    .action(
      act(async ({ lab, terminal }, { port }: ServeOptions) => {
        const serving = await serve(lab, join(programs, 'renderer'), port)
        const { url } = serving
        terminal.answer({ url, port: serving.port }, `${url}\n${say('serve-open', { port: serving.port })}`)
        await interrupted()
        await serving.close()
      }),
    )
}
