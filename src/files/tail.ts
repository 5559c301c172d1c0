/** Reads the end of a text file without reading the rest. */
import { closeSync, fstatSync, openSync, readSync } from 'fs'

/** The last complete lines within `maxBytes`; empty if the file does not exist or cannot be read. */
export function tailOf(path: string, maxBytes: number): string[] {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch {
    return []
  }
  try {
    const { size } = fstatSync(file)
    const bytes = Buffer.alloc(Math.min(size, maxBytes))
    readSync(file, bytes, 0, bytes.length, size - bytes.length)
    const lines = bytes.toString('utf8').trimEnd().split('\n')
    return size > bytes.length ? lines.slice(1) : lines
  } catch {
    return []
  } finally {
    closeSync(file)
  }
}
