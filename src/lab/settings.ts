/** The program's settings, in one file shared by all windows and terminals of this user. */
import { readFileSync, statSync } from 'fs'
import { cpus } from 'os'
import { dirname, resolve } from 'path'
import type { z } from 'zod'
import { parseAs } from '../files/json'
import { makeFolder, writeJson } from '../files/atomic'
import { isMissing } from '../files/file-error'
import { readBounded } from '../files/read'
import { settingsSchema, type Settings } from '../contract/program'

export interface SettingsStore {
  current(): Settings
  /** @throws `no-permission`, `disk-full` */
  change(changes: Partial<Settings>): Promise<Settings>
}

/** Only changed settings are stored; the others have defaults that depend on the machine. */
const storedSchema = settingsSchema.partial()
type Stored = z.infer<typeof storedSchema>

function withDefaults(stored: Stored, dataFolder: string): Settings {
  return {
    dataFolder,
    threads: Math.max(1, cpus().length),
    language: null,
    theme: null,
    ...stored,
  }
}

/** The file has only a few short lines. */
const maxBytes = 2 ** 20

async function read(file: string): Promise<Stored> {
  const text = await readBounded(file, maxBytes).catch((error: unknown) => {
    if (isMissing(error)) return '{}'
    throw error
  })
  return parseAs(storedSchema, text.toString('utf8'), file)
}

/**
 * @param dataFolder the data folder unless a setting gives another
 * @throws `malformed-config`, `file-too-large` if the file was edited by hand and is invalid
 */
export async function openSettings(file: string, dataFolder: string): Promise<SettingsStore> {
  let stored = await read(file)
  /** Changes are written one after another: of two at once, the earlier one could be written last. */
  let last: Promise<unknown> = Promise.resolve()

  async function write(changes: Partial<Settings>): Promise<Settings> {
    const folder = changes.dataFolder === undefined ? {} : { dataFolder: resolve(changes.dataFolder) }
    // Read again: another window may have changed another setting since.
    const next = { ...(await read(file)), ...changes, ...folder }
    await makeFolder(dirname(file))
    await writeJson(file, next)
    stored = next
    return withDefaults(stored, dataFolder)
  }

  return {
    current: () => withDefaults(stored, dataFolder),
    change(changes) {
      const written = last.then(() => write(changes))
      last = written.catch(() => undefined)
      return written
    },
  }
}

/**
 * The data folder set in this file; null if it sets none or cannot be read. Synchronous, for messages during an exit
 * or when the settings themselves are invalid.
 */
export function dataFolderSetIn(file: string): string | null {
  try {
    const stat = statSync(file)
    if (!stat.isFile() || stat.size > maxBytes) return null
    return storedSchema.parse(JSON.parse(readFileSync(file, 'utf8'))).dataFolder ?? null
  } catch {
    return null
  }
}
