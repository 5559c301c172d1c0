/** Reads whole files of the user, with the lab's errors. */
import { promises as fs } from 'fs'
import { constants, createGunzip, createInflateRaw, type Gunzip, gunzipSync, type InflateRaw } from 'zlib'
import { labError, LabError } from '../contract/errors'
import { isMissing } from '../files/file-error'
import { readBounded } from '../files/read'
import { maxBytes } from './dataset'

const megabyte = 2 ** 20
/** Longest name from a file that an error shows: a file can give an array any name. */
export const maxShown = 200

/** The error for a file that unpacks to `bytes` or more. */
export function tooLarge(file: string, bytes: number): LabError {
  return labError('dataset-too-large', {
    file,
    megabytes: Math.floor(bytes / megabyte),
    most: maxBytes / megabyte,
  })
}

/**
 * Throws `file-not-found`, `file-too-large`, `file-unreadable`, `dataset-too-large`; passes on other errors of the file
 * system.
 * @param taken number of bytes that were read from other files of the same dataset
 */
export async function readWhole(file: string, taken = 0): Promise<Buffer> {
  const { size } = await statOf(file)
  if (taken > 0 && taken + size > maxBytes) throw tooLarge(file, taken + size)
  return readBounded(file, maxBytes)
}

export async function statOf(path: string) {
  try {
    return await fs.stat(path)
  } catch (error) {
    if (isMissing(error)) throw labError('file-not-found', { file: path })
    throw error
  }
}

/** Up to `length` bytes from the start of a file. */
export async function readStart(file: string, length: number): Promise<Buffer> {
  const handle = await fs.open(file, 'r')
  try {
    const start = Buffer.alloc(length)
    const { bytesRead } = await handle.read(start, 0, length, 0)
    return start.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** MNIST is packed to a fifth of its size, or to a thirtieth if each pixel takes eight bytes. */
const maxRatio = 200
/** Unpacked sizes up to this are allowed at any ratio: blank images pack well and are harmless. */
const harmless = 2 ** 24

/** Throws `packed-too-densely` for a ratio that only a decompression bomb has. */
export function refuseBomb(unpacked: number, packed: number, file: string): void {
  if (unpacked > harmless && unpacked > maxRatio * packed) {
    throw labError('packed-too-densely', { file, ratio: maxRatio })
  }
}

/** Whether bytes are gzip, whatever the name of their file. */
export const isGzip = (bytes: Uint8Array): boolean => bytes[0] === 0x1f && bytes[1] === 0x8b && bytes[2] === 8

/** What is packed at the start of a gzip file, of which the end is missing here. Empty if it is damaged. */
export function unpackedStart(head: Uint8Array): Buffer {
  try {
    return gunzipSync(head, { finishFlush: constants.Z_SYNC_FLUSH })
  } catch {
    return Buffer.alloc(0)
  }
}

/**
 * Unpacks gzip up to `maxBytes`. The data is unpacked twice, first to measure and then to keep: the length stated in
 * the file may be wrong, and joining chunks at the end would take twice the memory.
 * @param taken number of bytes that were unpacked from other files of the same dataset
 * @throws `gzip-damaged`, `packed-too-densely`, `dataset-too-large`
 */
export async function gunzip(packed: Uint8Array, file: string, taken = 0): Promise<Buffer> {
  let length = 0
  const measure = (chunk: Buffer) => {
    length += chunk.length
    if (taken + length > maxBytes) throw tooLarge(file, taken + length)
    refuseBomb(length, packed.length, file)
  }
  const members = await inflate(packed, file, measure).then(
    () => packed,
    async (error: unknown) => {
      if (error !== otherBytesBehind) throw error
      length = 0
      const whole = await withoutOtherBytes(packed, file, measure)
      length = 0
      await inflate(whole, file, measure)
      return whole
    },
  )
  const whole = Buffer.allocUnsafe(length)
  let at = 0
  await inflate(members, file, (chunk) => {
    at += chunk.copy(whole, at)
  })
  return whole
}

/** Bytes that are no gzip follow the packed ones. Zeros alone are no error. */
const otherBytesBehind = new Error('bytes of another kind follow')
const headerMisfit = 'incorrect header check'

/** The packed parts at the start. Throws `gzip-damaged`. */
async function withoutOtherBytes(
  packed: Uint8Array,
  file: string,
  take: (chunk: Buffer) => void,
): Promise<Uint8Array> {
  let at = 0
  while (isGzip(packed.subarray(at))) {
    const start = at + headerLength(packed.subarray(at))
    const stream = createInflateRaw({ chunkSize: megabyte })
    await pump(stream, packed.subarray(start), take, () => labError('gzip-damaged', { file }))
    // A checksum and a length follow.
    at = start + stream.bytesWritten + 8
  }
  return packed.subarray(0, at)
}

/** Length of a gzip header: ten bytes, and the fields that its flags announce. */
function headerLength(bytes: Uint8Array): number {
  const flags = bytes[3] ?? 0
  let at = 10
  const afterZero = () => {
    const zero = bytes.indexOf(0, at)
    return zero < 0 ? bytes.length : zero + 1
  }
  if (flags & 4) at += 2 + (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0)
  if (flags & 8) at = afterZero()
  if (flags & 16) at = afterZero()
  return flags & 2 ? at + 2 : at
}

/** Unpacks gzip in chunks, until `take` throws. */
function inflate(packed: Uint8Array, file: string, take: (chunk: Buffer) => void): Promise<void> {
  return pump(createGunzip({ chunkSize: megabyte }), packed, take, ({ message }) =>
    message === headerMisfit && isGzip(packed) ? otherBytesBehind : labError('gzip-damaged', { file }),
  )
}

function pump(
  stream: Gunzip | InflateRaw,
  packed: Uint8Array,
  take: (chunk: Buffer) => void,
  refusal: (error: Error) => Error,
): Promise<void> {
  return new Promise((resolve, reject) => {
    stream.on('data', (chunk: Buffer) => {
      try {
        take(chunk)
      } catch (error) {
        stream.destroy(error as Error)
      }
    })
    stream.on('end', () => resolve())
    stream.on('error', (error: Error) => reject(error instanceof LabError ? error : refusal(error)))
    stream.end(packed)
  })
}
