/** Unpacks zlib streams inside files, up to a size that is known before. */
import { createInflate } from 'zlib'

/** 64 KB, or less where less is expected. */
const pieceBytes = 2 ** 16

/**
 * At most `most` bytes from the start of a zlib stream, of which no more than that is unpacked. Fewer if the stream
 * ends before; its checksum is then compared. Null for a damaged stream.
 */
export function inflateUpTo(packed: Uint8Array, most: number): Promise<Buffer | null> {
  const whole = Buffer.allocUnsafe(most)
  let length = 0
  return new Promise((resolve) => {
    const stream = createInflate({ chunkSize: Math.max(64, Math.min(most + 1, pieceBytes)) })
    const end = () => resolve(whole.subarray(0, length))
    stream.on('data', (piece: Buffer) => {
      length += piece.copy(whole, length)
      if (length < most) return
      stream.destroy()
      end()
    })
    stream.on('end', end)
    stream.on('error', () => resolve(null))
    stream.end(packed)
  })
}

/** The `length` bytes to which a zlib stream unpacks. Null if it is damaged, or unpacks to more or fewer. */
export async function inflateTo(packed: Uint8Array, length: number): Promise<Buffer | null> {
  const bytes = await inflateUpTo(packed, length + 1)
  return bytes?.length === length ? bytes : null
}
