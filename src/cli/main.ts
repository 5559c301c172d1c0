/** The terminal's entry: `dist/cli.cjs`. */
import { version } from '../../package.json'
import { createLab } from '../lab/create-lab'
import { reportCrash } from '../lab/crash-reports'
import { keepDetails } from './defect-log'
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

/** 128 + SIGPIPE, as a shell reports it: the reader of standard output has gone (`| head`), which is no error. */
const brokenPipeCode = 141

/** The exit code after a failed write to standard output; it replaces the command's own. */
let unwritten: number | null = null
process.stdout.on('error', ({ code, message }: NodeJS.ErrnoException) => {
  if (code === 'EPIPE') process.exit(brokenPipeCode)
  if (unwritten !== null) return
  unwritten = sayThrown(labError('output-unwritable', { problem: code ?? message }), argv, host)
  void leave(unwritten)
})
// There is nowhere left to report it.
process.stderr.on('error', () => undefined)

/** Ends the program once all that was said has left it. */
async function leave(code: number): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((resolve) => {
      stream.write('', () => {
        resolve()
      })
    })
  }
  process.exit(unwritten ?? code)
}

/** What nobody caught, the server's say: one line, its details in the log, as for any other defect. */
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
