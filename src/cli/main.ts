/** The terminal's entry: `dist/cli.cjs`. */
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

/** The exit code after a failed write to standard output; it replaces the command's own. */
let unwritten: number | null = null
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // A training outlives the terminal that it was started in; and what fails on stderr can be reported nowhere.
    if (outliveLostReader(error) || stream === process.stderr || unwritten !== null) return
    unwritten = sayThrown(labError('output-unwritable', { problem: error.code ?? error.message }), argv, host)
    void leave(unwritten)
  })
}

/** Ends the program once all that was said has left it. */
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
