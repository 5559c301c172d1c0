/** Bytes that are read piece by piece: a file, or a buffer. */
import { promises as fs } from 'fs'

export interface ByteSource {
  readonly size: number
  /** The bytes at an offset: fewer at the end of the source. */
  read(at: number, length: number): Promise<Buffer>
  close(): Promise<void>
}

/** @throws the system's errors; the path must be a regular file */
export async function openFile(path: string): Promise<ByteSource> {
  const handle = await fs.open(path, 'r')
  const { size } = await handle.stat()
  return {
    size,
    async read(at, length) {
      const bytes = Buffer.alloc(Math.max(0, Math.min(length, size - at)))
      let filled = 0
      while (filled < bytes.length) {
        const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, at + filled)
        // The file became shorter meanwhile.
        if (bytesRead === 0) break
        filled += bytesRead
      }
      return bytes.subarray(0, filled)
    },
    close: () => handle.close(),
  }
}

export function inMemory(bytes: Uint8Array): ByteSource {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  return {
    size: buffer.length,
    read: (at, length) => Promise.resolve(buffer.subarray(at, at + length)),
    close: () => Promise.resolve(),
  }
}
