/**
 * Reads a file that is only appended to, without reading its earlier part again. The cost of a new round does not
 * depend on the length of the run.
 */
import { promises as fs } from 'fs'
import { refuseUnbounded } from '../files/read'

/** These last bytes of what has been read are compared at the next reading, to detect a rewritten file. */
const tailBytes = 256

/** Enough for about 50,000 rounds with all their events. */
const maxBytes = 2 ** 28

interface Known<T> {
  readonly ino: number
  readonly mtimeMs: number
  readonly size: number
  /** Offset of the end of the last complete line. */
  readonly end: number
  /** The bytes before `end`. */
  readonly tail: Buffer
  readonly value: T
}

/**
 * Returns a function that reads a file and folds its complete lines into a value: `add` adds new lines to the previous
 * value. Reading starts again at the first line if the file was replaced, became shorter, or changed without growing.
 * @throws `file-too-large`, `file-unreadable`, and errors of the file system
 * @param most number of files whose value is kept, the most recently read ones
 */
export function growing<T>(
  nothing: T,
  add: (before: T, text: string) => T,
  most = Infinity,
): (path: string) => Promise<T> {
  const known = new Map<string, Known<T>>()

  async function readOn(path: string, file: fs.FileHandle): Promise<Known<T>> {
    const { ino, size, mtimeMs } = await file.stat()
    const before = known.get(path)
    const isUnchanged = before?.size === size && before.mtimeMs === mtimeMs
    const grown = before?.ino === ino && (isUnchanged || size > before.size) ? before : undefined
    const start = grown === undefined ? 0 : grown.end - grown.tail.length
    const bytes = await readFrom(file, start, size)
    const continues = grown !== undefined && bytes.subarray(0, grown.tail.length).equals(grown.tail)
    if (grown !== undefined && !continues) {
      known.delete(path)
      return readOn(path, file)
    }
    const text = bytes.subarray(grown?.tail.length ?? 0)
    const whole = text.lastIndexOf('\n') + 1
    const end = start + (grown?.tail.length ?? 0) + whole
    const tail = Buffer.from(bytes.subarray(Math.max(0, end - start - tailBytes), end - start))
    const value = add(grown === undefined ? nothing : grown.value, text.toString('utf8', 0, whole))
    return { ino, mtimeMs, size, end, tail, value }
  }

  return async (path) => {
    await refuseUnbounded(path, maxBytes)
    const file = await fs.open(path, 'r')
    try {
      const read = await readOn(path, file)
      known.delete(path)
      known.set(path, read)
      const [oldest] = known.keys()
      if (known.size > most && oldest !== undefined) known.delete(oldest)
      return read.value
    } finally {
      await file.close()
    }
  }
}

async function readFrom(file: fs.FileHandle, start: number, end: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(end - start), 0, end - start, start)
  return buffer.subarray(0, bytesRead)
}
