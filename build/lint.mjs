/**
 * `npm run lint`: ESLint with a cache. Type-aware rules depend on other files, and a cache by file would miss errors
 * caused by a change elsewhere. The cache is therefore valid for one state of all inputs: any change of a source, a
 * configuration or a package starts a new one.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { digest } from './bundle.mjs'
import { checkout } from './machine.mjs'

const caches = join(checkout, 'node_modules', '.cache', 'eslint')
const read = ['src', 'electron', 'renderer', 'test', 'build']

function stateOfSources() {
  const configurations = readdirSync(checkout).filter((name) => /\.(json|[cm]?[jt]s)$/.test(name))
  const state = digest(checkout, [...read, ...configurations])
  return createHash('sha256').update(`${process.version} ${state}`).digest('hex')
}

function removeOthers(name) {
  try {
    for (const other of readdirSync(caches)) if (other !== name) rmSync(join(caches, other))
  } catch (error) {
    if (error.code !== 'ENOENT') throw error
  }
}

const name = `${stateOfSources()}.json`
removeOthers(name)
const eslint = join(checkout, 'node_modules', 'eslint', 'bin', 'eslint.js')
const options = ['--max-warnings', '0', '--cache', '--cache-strategy', 'content', '--cache-location']
const { status } = spawnSync(process.execPath, [eslint, '.', ...options, join(caches, name)], {
  cwd: checkout,
  stdio: 'inherit',
})
process.exitCode = status ?? 1
