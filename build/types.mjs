/** `npm run types`, all but the page: TypeScript 7, the native compiler; vue-tsc and ESLint need TypeScript 6. */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { checkout } from './machine.mjs'

/** By its path: two packages provide a command called tsc. */
const compiler = join(checkout, 'node_modules', 'typescript-7', 'bin', 'tsc')
/** A second thread would cost twice the processor time for the same answer. */
const options = ['--noEmit', '--singleThreaded', '--project']
const projects = ['tsconfig.json', 'electron/tsconfig.old.json', 'test/journey/tsconfig.json']

for (const project of projects) {
  const { status } = spawnSync(process.execPath, [compiler, ...options, project], {
    cwd: checkout,
    stdio: 'inherit',
  })
  if (status !== 0) process.exitCode = 1
}
