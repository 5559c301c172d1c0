/**
 * `npm test`: sets up what is missing, then checks format, lint, types and rooms, and runs every suite. The last
 * line sums up: `N passed, N failed, N skipped`. A skipped test is a failure: what is skipped is not tested.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cacheFolder, checkout } from './machine.mjs'
import { npm } from './packages.mjs'
import { findPeer } from './peer.mjs'
import { runProgram } from './progress.mjs'
import { setUpWindow } from './setup.mjs'
import { installOr, missingForTests, missingForWindow, refuseMissing } from './system.mjs'

/** What is checked without running anything: scripts of package.json, cheapest first. */
const checks = ['format:check', 'rooms', 'unused', 'lint', 'types']

async function main() {
  await installOr([...missingForWindow(), ...missingForTests()], refuseMissing)
  await setUpWindow()
  const environment = { ...process.env, NODE_ENV: 'test', DALAB_PEER: findPeer(cacheFolder()) ?? '' }
  const results = [...checks.map(runCheck), runSuites(environment)]
  const sum = (kind) => results.reduce((total, result) => total + result[kind], 0)
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`)
  return sum('failed') + sum('skipped') === 0 ? 0 : 1
}

function runCheck(name) {
  console.log(`\n== ${name}`)
  const [command, ...args] = npm()
  const passed = run(command, [...args, 'run', '--silent', name], process.env).status === 0
  if (!passed) console.log(`${name}: failed`)
  return { passed: Number(passed), failed: Number(!passed), skipped: 0 }
}

/** A run that ends without a report, or with an error outside any test, counts as one failure more. */
function runSuites(environment) {
  console.log('\n== suites')
  const folder = mkdtempSync(join(tmpdir(), 'dalab-test-'))
  const report = join(folder, 'report.json')
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const ended = run(join(checkout, 'node_modules', '.bin', 'vitest'), args, environment)
  const counts = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : null
  rmSync(folder, { recursive: true, force: true })
  if (!counts) {
    console.log(`The suites ended before their report, with ${ended.signal ?? `exit code ${ended.status}`}.`)
    return { passed: 0, failed: 1, skipped: 0 }
  }
  return {
    passed: counts.numPassedTests,
    failed: Math.max(counts.numFailedTests, Number(ended.status !== 0)),
    skipped: counts.numPendingTests + counts.numTodoTests,
  }
}

function run(command, args, env) {
  return spawnSync(command, args, {
    cwd: checkout,
    stdio: 'inherit',
    env,
    shell: process.platform === 'win32',
  })
}

await runProgram(main)
