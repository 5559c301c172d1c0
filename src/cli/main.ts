/** The entry point of the terminal program: `dist/cli.cjs`. */
import { version } from '../../package.json'
import { createLab } from '../lab/create-lab'
import { reportCrash } from '../lab/crash-reports'
import { keepDetails } from './defect-log'
import { endProgram, outliveLostReader } from './interrupt'
import { logsFor } from './logs'
import { labError, toErrorMessage } from '../contract/errors'
import { sayThrown, runProgram, type Host } from './program'

const argv = process.argv.slice(2)

const host: Host = {
  streams: process,
  environment: process.env,
  program: process.env['npm_lifecycle_event'] === 'lab' ? 'npm run -s lab --' : 'dalab',
  version,
  programs: __dirname,
  openLab: (dataFolder) => createLab({ dataFolder, workers: __dirname }),
  keepDetails: (error) => keepDetails(error, logsFor(argv)),
}

/** The exit code after a failed write to standard output; it replaces that of the command. */
let unwritten: number | null = null
function endUnwritten({ code, message }: NodeJS.ErrnoException): void {
  if (unwritten !== null) return
  unwritten = sayThrown(labError('output-unwritable', { problem: code ?? message }), argv, host)
  void leave(unwritten)
}

/** A lost terminal or reader does not end a training abruptly. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (!outliveLostReader(error)) endUnwritten(error)
})
// Other errors of standard error cannot be reported anywhere.
process.stderr.on('error', outliveLostReader)

/** Ends the program once all output has been written. */
async function leave(code: number): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((resolve) => {
      stream.write('', () => {
        resolve()
      })
    })
  }
  endProgram(unwritten ?? code)
}

/**
 * Reports an uncaught error, such as one of the server, like any other defect: one line, with the details in the log.
 */
let ending = false
function end(error: unknown): void {
  if (ending) return
  ending = true
  reportCrash(logsFor(argv), { process: 'terminal', code: toErrorMessage(error).code, error })
  void leave(sayThrown(error, argv, host))
}
process.on('uncaughtException', end)
process.on('unhandledRejection', end)

void runProgram(argv, host).then(leave)
