/**
 * `npm run long`: the tests of steps in their long form. `npm test` takes fewer of the slow, eager ones; here it is a
 * thousand without a tensor left behind, and 100 that are compared with 100 compiled ones.
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
