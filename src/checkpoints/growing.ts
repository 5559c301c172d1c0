/**
 * Reading a file that is appended to: what was read once is not read again, so that a long run's history costs
 * each new round what it adds and not what it has.
 */
import { promises as fs } from 'fs'
import { refuseUnbounded } from '../files/read'

/** Of what was read, so much of its end is looked at again: a file that was written anew differs there. */
const tailBytes = 256

/** Some 50,000 rounds of a run with everything that is recorded of them. */
const maxBytes = 2 ** 28

interface Known<T> {
  readonly ino: number
  readonly mtimeMs: number
  readonly size: number
  /** Where the last whole line ended. */
  readonly end: number
  /** The bytes before `end`. */
  readonly tail: Buffer
  readonly value: T
}

/**
 * What the whole lines of a file make, `add` taking more of them to what they made so far. Lines are read again
 * from the first where the file is another one, has become shorter, or has changed without growing.
 * @throws `file-too-large`, `file-unreadable`, and what the system says
 * @param most of so many files, what was made is kept; of those read last
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
