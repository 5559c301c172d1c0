/**
 * `npm run long`: the long forms of tests, each of which `npm test` runs for some methods, settings, hosts or steps only;
 * then ESLint with type information. It sets DALAB_LONG, which test/long.ts reads.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { checkout } from './machine.mjs'

/** The test files that have a long form. */
const files = readdirSync(join(checkout, 'test'), { recursive: true })
  .filter((name) => name.endsWith('.test.ts'))
  .filter((name) => readFileSync(join(checkout, 'test', name), 'utf8').includes('isLong'))
  .map((name) => join('test', name))
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
