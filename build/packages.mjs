/** Installs the npm packages of package-lock.json. The packages' own install scripts do not run (see .npmrc). */
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
 * npm removes node_modules/.package-lock.json first and writes it last, so its absence shows an interrupted
 * installation.
 * @returns {boolean} whether every package of the lock file is installed in exactly that version
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

/** @returns {string[]} the command that runs the npm of this Node */
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
