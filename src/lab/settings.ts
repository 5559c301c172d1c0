/** The program's settings, in one file that every window and terminal of this user shares. */
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

/** What is stored is what was changed; the rest follows the machine. */
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

/** A few short lines. */
const maxBytes = 2 ** 20

async function read(file: string): Promise<Stored> {
  const text = await readBounded(file, maxBytes).catch((error: unknown) => {
    if (isMissing(error)) return '{}'
    throw error
  })
  return parseAs(storedSchema, text.toString('utf8'), file)
}

/**
 * @param dataFolder where data lie unless a setting says otherwise
 * @throws `malformed-config`, `file-too-large` where the file was changed by hand into something else
 */
export async function openSettings(file: string, dataFolder: string): Promise<SettingsStore> {
  let stored = await read(file)
  return {
    current: () => withDefaults(stored, dataFolder),
    async change(changes) {
      const folder = changes.dataFolder === undefined ? {} : { dataFolder: resolve(changes.dataFolder) }
      // Read again: another window may have changed something else meanwhile.
      const next = { ...(await read(file)), ...changes, ...folder }
      await makeFolder(dirname(file))
      await writeJson(file, next)
      stored = next
      return withDefaults(stored, dataFolder)
    },
  }
}

/**
 * The data folder that is set in this file; null where none is, or none can be read. For what has to be said when
 * nothing can be waited for any more, or when the settings are what is wrong.
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
