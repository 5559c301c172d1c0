/** Reads a file or folder again only if it has changed, which keeps lists of many runs fast. */
import { promises as fs } from 'fs'

/** Resolution of file system clocks, in ms: a path that changed more recently may change again with the same time. */
const settledAfterMs = 100

/** Wraps `read`: for a path that has not changed since the last call, the previous value is returned. */
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
