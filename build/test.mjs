/**
 * `npm test`: sets up what is missing, then runs every suite and, in parallel, checks format, lint, types and import
 * boundaries. The last line sums up: `N passed, N failed, N skipped`. A skipped test counts as a failure, because it
 * tests nothing.
 */
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { constants, setPriority, tmpdir } from 'node:os'
import { join } from 'node:path'
import { cacheFolder, checkout } from './machine.mjs'
import { npm } from './packages.mjs'
import { findPeer } from './peer.mjs'
import { runProgram } from './progress.mjs'
import { setUpWindow } from './setup.mjs'
import { installOr, missingForTests, missingForWindow, refuseMissing } from './system.mjs'

/** Static checks: scripts of package.json, longest first. */
const checks = ['lint', 'types', 'unused', 'format:check', 'rooms']

async function main() {
  await installOr([...missingForWindow(), ...missingForTests()], refuseMissing)
  await setUpWindow()
  const environment = { ...process.env, NODE_ENV: 'test', DALAB_PEER: findPeer(cacheFolder()) ?? '' }
  const [suites, checked] = await Promise.all([runSuites(environment), runChecks()])
  for (const { name, passed, output } of checked)
    console.log(`\n== ${name}: ${passed ? 'passed' : 'failed'}\n${output}`)
  const results = [
    suites,
    ...checked.map(({ passed }) => ({ passed: Number(passed), failed: Number(!passed), skipped: 0 })),
  ]
  const sum = (kind) => results.reduce((total, result) => total + result[kind], 0)
  console.log(`\n${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`)
  return sum('failed') + sum('skipped') === 0 ? 0 : 1
}

/**
 * Runs one check at a time, on the processor time that the suites leave idle: suites wait for processes most of the
 * time.
 */
async function runChecks() {
  const checked = []
  for (const name of checks) checked.push(await runCheck(name))
  return checked
}

/** Keeps the check's output until the suites have ended, whose output is printed meanwhile. */
async function runCheck(name) {
  const [command, ...args] = npm()
  let output = ''
  const keep = (text) => (output += text)
  const { status } = await run(command, [...args, 'run', '--silent', name], process.env, (child) => {
    letOthersFirst(child.pid)
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', keep)
  })
  return { name, passed: status === 0, output }
}

/** Lowers the priority; if the system refuses, the check is only slower. */
function letOthersFirst(pid) {
  try {
    setPriority(pid, constants.priority.PRIORITY_LOW)
  } catch {
    return
  }
}

/** A run that ends without a report, or with an error outside any test, counts as at least one failure. */
async function runSuites(environment) {
  console.log('\n== suites')
  const folder = mkdtempSync(join(tmpdir(), 'dalab-test-'))
  const report = join(folder, 'report.json')
  const args = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${report}`]
  const ended = await run(join(checkout, 'node_modules', '.bin', 'vitest'), args, environment)
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

/**
 * @param {(child: import('node:child_process').ChildProcess) => void} [listen] receives the child, to read its output;
 * without it the output is printed directly
 * @returns {Promise<{ status: number | null, signal: string | null }>}
 */
function run(command, args, env, listen) {
  const child = spawn(command, args, {
    cwd: checkout,
    stdio: listen === undefined ? 'inherit' : ['ignore', 'pipe', 'pipe'],
    env,
    shell: process.platform === 'win32',
  })
  listen?.(child)
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (status, signal) => resolve({ status, signal }))
  })
}

await runProgram(main)
