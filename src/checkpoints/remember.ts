/** Reading a file or folder again only when it has changed: lists of many runs stay quick. */
import { promises as fs } from 'fs'

/** Clocks of file systems tick this coarsely: what changed so shortly ago may change again unnoticed. */
const settledAfterMs = 100

/** `read`, except that for a path which has not changed since, the value of the last time is given. */
export function remembering<T>(read: (path: string) => Promise<T>): (path: string) => Promise<T> {
  const known = new Map<string, { stamp: string; value: T }>()
  return async (path) => {
    const { ino, size, mtimeMs } = await fs.stat(path)
    const stamp = `${ino} ${size} ${mtimeMs}`
    const found = known.get(path)
    if (found?.stamp === stamp) return found.value
    const value = await read(path)
    if (Date.now() - mtimeMs > settledAfterMs) known.set(path, { stamp, value })
    else known.delete(path)
    return value
  }
}
