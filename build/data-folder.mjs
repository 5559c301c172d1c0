/** Finds the folder of the user's runs and datasets without the program, because doctor works before set-up. */
import { readFileSync, statSync } from 'node:fs'
import { homedir } from 'node:os'
import { join, resolve } from 'node:path'

const name = 'domain-adaptation-lab'

/**
 * Follows src/lab/data-folder.ts and the settings.
 * @param {NodeJS.ProcessEnv} env
 * @param {NodeJS.Platform} platform
 * @returns {string} absolute path; it may not exist
 */
export function dataFolder(env = process.env, platform = process.platform) {
  const named = env.DALAB_DATA ? resolve(env.DALAB_DATA) : null
  const { data, config } = systemFolders(env, platform)
  return settingIn(join(named ?? config, 'settings.json')) ?? named ?? data
}

function systemFolders(env, platform) {
  if (platform === 'darwin') {
    const library = join(homedir(), 'Library')
    return { data: join(library, 'Application Support', name), config: join(library, 'Preferences', name) }
  }
  if (platform === 'win32') {
    const local = join(env.LOCALAPPDATA || join(homedir(), 'AppData', 'Local'), name, 'Data')
    return { data: local, config: join(env.APPDATA || join(homedir(), 'AppData', 'Roaming'), name, 'Config') }
  }
  return {
    data: join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), name),
    config: join(env.XDG_CONFIG_HOME || join(homedir(), '.config'), name),
  }
}

function settingIn(file) {
  try {
    const { dataFolder } = JSON.parse(readFileSync(file, 'utf8'))
    return typeof dataFolder === 'string' ? dataFolder : null
  } catch {
    return null
  }
}

/**
 * @returns {boolean} whether the folder exists and other users of this machine can open it; Windows has no such mode
 */
export function isOpenToOthers(folder, platform = process.platform) {
  const stat = statSync(folder, { throwIfNoEntry: false })
  return platform !== 'win32' && stat !== undefined && (stat.mode & 0o077) !== 0
}
