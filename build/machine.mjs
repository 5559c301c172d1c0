/** Properties of the machine that set-up needs: the version of Node, the cache folder, and Python. */
import { spawnSync } from 'node:child_process'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { MissingPart } from './progress.mjs'

/** The folder of this checkout. */
export const checkout = resolve(fileURLToPath(new URL('..', import.meta.url)))

/** The pinned wheels of TensorFlow and Electron run only on this system. */
export const isLinuxX64 = process.platform === 'linux' && process.arch === 'x64'

/** npm changes to the project's folder; this returns to the user's folder, to which typed paths refer. */
export function goWhereTyped() {
  const { npm_lifecycle_event: script, INIT_CWD: typedIn } = process.env
  if (typedIn && ['start', 'lab', 'bench'].includes(script)) process.chdir(typedIn)
}

/**
 * @param {string} version of Node, as in process.versions.node
 * @returns {boolean} whether package.json's "engines" allows it
 */
export function isSupportedNode(version) {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  return (major === 20 && minor >= 19) || (major === 22 && minor >= 12) || major >= 24
}

/** @throws {MissingPart} if Node is too old */
export function requireSupportedNode() {
  if (isSupportedNode(process.versions.node)) return
  throw new MissingPart('node-too-old', { version: process.versions.node })
}

/**
 * The cache for downloads and what is unpacked or built from them. It is outside the checkout, so that setting up a
 * second checkout is fast. DALAB_CACHE overrides it.
 * @returns {string} absolute path
 */
export function cacheFolder(env = process.env, platform = process.platform) {
  if (env.DALAB_CACHE) return resolve(env.DALAB_CACHE)
  const name = 'domain-adaptation-lab'
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', name)
  if (platform === 'win32')
    return join(env.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), name, 'Cache')
  return join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), name)
}

/**
 * @returns {{ command: string, version: string, pip: string | null } | null} the Python 3 on PATH (or named by PYTHON)
 * with its version and pip's; null if there is none
 */
export function findPython() {
  for (const command of [process.env.PYTHON, 'python3', 'python']) {
    if (!command) continue
    const version = firstMatch(command, ['--version'], /Python (3\.\S+)/)
    if (version)
      return { command, version, pip: firstMatch(command, ['-m', 'pip', '--version'], /pip (\S+)/) }
  }
  return null
}

/**
 * Runs a program and searches its output.
 * @returns {string | null} the first group of the pattern; null if the program is missing or nothing matches
 */
export function firstMatch(command, args, pattern) {
  const { stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
  if (error) return null
  return pattern.exec(stdout + stderr)?.[1] ?? null
}
