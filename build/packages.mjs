/** npm's packages, as package-lock.json names them; no package's own install script runs (see .npmrc). */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { MissingPart, step } from './progress.mjs'
import { sentence } from './words.mjs'

/** @param {string} checkout */
export async function preparePackages(checkout) {
  if (hasPackages(checkout)) return
  await step('installing-packages', {}, () => {
    const [command, ...args] = npm()
    const { status, stderr, error } = spawnSync(
      command,
      [...args, 'ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error', '--prefer-offline'],
      {
        cwd: checkout,
        stdio: ['ignore', 'ignore', 'pipe'],
        encoding: 'utf8',
        shell: process.platform === 'win32',
      },
    )
    if (error) throw new MissingPart('npm-missing')
    if (status !== 0) throw new MissingPart('packages-not-installed', { reason: npmReason(stderr) })
  })
}

/**
 * npm writes node_modules/.package-lock.json last, and removes it first; so it tells an interrupted installation.
 * @returns {boolean} whether every package of the lock file is installed in just that version
 */
export function hasPackages(checkout) {
  const wanted = readLock(join(checkout, 'package-lock.json'))
  const installed = readLock(join(checkout, 'node_modules', '.package-lock.json'))
  if (!wanted || !installed) return false
  return Object.entries(wanted.packages).every(([path, { version, integrity, optional }]) => {
    if (path === '') return true
    const found = installed.packages[path]
    if (!found) return Boolean(optional)
    return found.version === version && found.integrity === integrity
  })
}

function readLock(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return null
  }
}

/** @returns {string[]} how to call the npm that belongs to this Node */
export function npm() {
  const script = process.env.npm_execpath
  return script?.endsWith('npm-cli.js') ? [process.execPath, script] : ['npm']
}

function npmReason(output) {
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENOTCACHED|ENETUNREACH/.test(output))
    return sentence('unreachable')
  const lines = output.split('\n').map((line) => line.replace(/^npm (error|ERR!)\s*/, ''))
  return lines.find((line) => line && !/^(code|errno|syscall|path) /.test(line)) ?? sentence('no-reason')
}
