/** Reading files of the user's whole, with the lab's errors. */
import { promises as fs } from 'fs'
import { createGunzip } from 'zlib'
import { labError, LabError } from '../contract/errors'
import { isMissing } from '../files/file-error'
import { readBounded } from '../files/read'
import { maxBytes } from './dataset'

const megabyte = 2 ** 20
/** Names from a file, in an error: a file may call an array what it likes. */
const maxShown = 200

export function shortened(text: string): string {
  return text.length > maxShown ? `${text.slice(0, maxShown)}…` : text
}

/** The refusal of a file that unpacks to `bytes` or more. */
export function tooLarge(file: string, bytes: number): LabError {
  return labError('dataset-too-large', {
    file,
    megabytes: Math.floor(bytes / megabyte),
    most: maxBytes / megabyte,
  })
}

/** Throws `file-not-found`, `file-too-large`, `file-unreadable`; what else the system says goes on as it is. */
export async function readWhole(file: string): Promise<Buffer> {
  await statOf(file)
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

/** MNIST shrinks to a fifth, and to a thirtieth where each pixel takes eight bytes. */
const maxRatio = 200
/** So much may come of a file however small it is: blank images are no bomb. */
const harmless = 2 ** 24

/** Throws `packed-too-densely` where unpacking is worth the time of nobody but an attacker. */
export function refuseBomb(unpacked: number, packed: number, file: string): void {
  if (unpacked > harmless && unpacked > maxRatio * packed) {
    throw labError('packed-too-densely', { file, ratio: maxRatio })
  }
}

/**
 * Unpacks gzip no further than `maxBytes`. It is unpacked twice, to measure and to keep: what the file itself says
 * of its length may be a lie, and chunks that are joined at the end take the memory twice.
 * @throws `gzip-damaged`, `packed-too-densely`, `dataset-too-large`
 */
export async function gunzip(packed: Uint8Array, file: string): Promise<Buffer> {
  let length = 0
  await inflate(packed, file, (chunk) => {
    length += chunk.length
    if (length > maxBytes) throw tooLarge(file, length)
    refuseBomb(length, packed.length, file)
  })
  const whole = Buffer.allocUnsafe(length)
  let at = 0
  await inflate(packed, file, (chunk) => {
    at += chunk.copy(whole, at)
  })
  return whole
}

/** Unpacks gzip piece by piece, until `take` throws. */
function inflate(packed: Uint8Array, file: string, take: (chunk: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = createGunzip({ chunkSize: megabyte })
    stream.on('data', (chunk: Buffer) => {
      try {
        take(chunk)
      } catch (error) {
        stream.destroy(error as Error)
      }
    })
    stream.on('end', () => resolve())
    stream.on('error', (error) =>
      reject(error instanceof LabError ? error : labError('gzip-damaged', { file })),
    )
    stream.end(packed)
  })
}
