/**
 * `npm run lint`: ESLint with a cache. Its rules use types, which reach across files: a cache kept by file would miss
 * what a change in one file breaks in another. So the cache is for one state of all that is read, and begins anew
 * with any change of a source, of a configuration or of a package.
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
