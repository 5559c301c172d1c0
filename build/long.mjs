/**
 * `npm run long`: the tests of training steps in their long form. `npm test` runs fewer of the slow eager steps; this
 * runs a thousand steps to check for leaked tensors, and compares 100 eager steps with 100 compiled ones.
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { checkout } from './machine.mjs'

const files = ['training/training', 'methods/methods', 'graph/equals-eager'].map(
  (name) => `test/unit/${name}.test.ts`,
)
const vitest = join(checkout, 'node_modules', 'vitest', 'vitest.mjs')
const { status } = spawnSync(process.execPath, [vitest, 'run', ...files], {
  cwd: checkout,
  stdio: 'inherit',
  env: { ...process.env, DALAB_LONG: '1' },
})
process.exitCode = status ?? 1
