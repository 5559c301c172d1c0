/** The terminal's entry: `dist/cli.cjs`. */
import { version } from '../../package.json'
import { createLab } from '../lab/create-lab'
import { dataFolderFor, foldersIn } from '../lab/data-folder'
import { keepDetails } from './defect-log'
import { runProgram, type Host } from './program'

const host: Host = {
  streams: process,
  environment: process.env,
  program: process.env['npm_lifecycle_event'] === 'lab' ? 'npm run -s lab --' : 'dalab',
  version,
  programs: __dirname,
  openLab: (dataFolder) => createLab({ dataFolder, workers: __dirname }),
  keepDetails: (error) => keepDetails(error, foldersIn(dataFolderFor(undefined)).logs),
}

/** A reader that has seen enough (`| head`) is no error. */
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

/** Ends the program once all that was said has left it. */
async function leave(code: number): Promise<void> {
  for (const stream of [process.stdout, process.stderr]) {
    await new Promise<void>((resolve) => {
      stream.write('', () => {
        resolve()
      })
    })
  }
  process.exit(code)
}

void runProgram(process.argv.slice(2), host).then(leave)
