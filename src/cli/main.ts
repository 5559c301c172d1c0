/** The terminal's entry: `dist/cli.cjs`. */
import { readFileSync } from 'fs'
import { join } from 'path'
import { defaultDataFolder, foldersIn } from '../lab/data-folder'
import { createLab } from '../lab/lab'
import { keepDetails } from './defect-log'
import { runProgram, type Host } from './program'

interface Package {
  readonly version: string
}

const { version } = JSON.parse(readFileSync(join(__dirname, '..', 'package.json'), 'utf8')) as Package

const host: Host = {
  streams: process,
  environment: process.env,
  program: process.env['npm_lifecycle_event'] === 'lab' ? 'npm run -s lab --' : 'dalab',
  version,
  openLab: (dataFolder) => createLab({ dataFolder, workers: join(__dirname, 'workers') }),
  keepDetails: (error) => keepDetails(error, foldersIn(defaultDataFolder()).logs),
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
