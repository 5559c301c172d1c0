/**
 * `npm run long`: the long forms of tests. `npm test` runs fewer of the slow, eager steps; this runs a thousand without a
 * leaked tensor, and compares 100 eager steps with 100 compiled ones. Stopped and killed runs are resumed with each kind
 * of optimiser.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { checkout } from './machine.mjs'

const files = [
  'unit/training/training',
  'unit/methods/methods',
  'unit/graph/equals-eager',
  'integration/resume',
].map((name) => `test/${name}.test.ts`)
const environment = { ...process.env, DALAB_LONG: '1' }
const vitest = join(checkout, 'node_modules', 'vitest', 'vitest.mjs')
const { status } = spawnSync(process.execPath, [vitest, 'run', ...files], {
  cwd: checkout,
  stdio: 'inherit',
  env: environment,
})
const linter = join(checkout, 'build', 'lint.mjs')
const lint = spawnSync(process.execPath, [linter], { cwd: checkout, stdio: 'inherit', env: environment })
process.exitCode = status === 0 ? (lint.status ?? 1) : (status ?? 1)
