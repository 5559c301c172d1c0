/** The free space of the disk on which a folder lies. */
import { execFile } from 'child_process'
import { promises as fs } from 'fs'
import { dirname, resolve } from 'path'
import { promisify } from 'util'
import { isMissing } from './file-error'

/** Bytes that the user may still write in `folder`, which need not exist yet; null if the system does not report it. */
export async function freeBytes(folder: string): Promise<number | null> {
  const existing = await nearestExisting(resolve(folder))
  if (!('statfs' in fs)) return freeByDf(existing)
  // eslint-disable-next-line n/no-unsupported-features/node-builtins -- Node 12 has none, and is asked above
  const { bavail, bsize } = await fs.statfs(existing)
  return bavail * bsize
}

/** POSIX: `df -kP` prints a header line, then: file system, blocks, used, available, capacity, mount point. */
export async function freeByDf(folder: string): Promise<number | null> {
  try {
    const { stdout } = await promisify(execFile)('df', ['-kP', folder])
    const available = Number(/^.*\s(\d+)\s+\d+%\s/m.exec(stdout)?.[1])
    return Number.isFinite(available) ? available * 1024 : null
  } catch {
    return null
  }
}

async function nearestExisting(folder: string): Promise<string> {
  try {
    await fs.access(folder)
    return folder
  } catch (problem) {
    if (!isMissing(problem) || dirname(folder) === folder) return folder
    return nearestExisting(dirname(folder))
  }
}

/** Decimal units, as for disks: 6.7 MB is 6,700,000 bytes. */
export function inWords(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3))
  const value = bytes / 1000 ** power
  return `${value < 10 && power > 0 ? value.toFixed(1) : Math.round(value)} ${units[power] ?? ''}`
}
