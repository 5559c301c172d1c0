/** Reading files of the user's whole, with the lab's errors. */
import { promises as fs } from 'fs'
import { createGunzip } from 'zlib'
import { labError, LabError } from '../contract/errors'
import { isMissing } from '../files/file-error'
import { mostBytes } from './dataset'

const megabyte = 2 ** 20

/** The refusal of a file that unpacks to `bytes` or more. */
export function tooLarge(file: string, bytes: number): LabError {
  return labError('dataset-too-large', {
    file,
    megabytes: Math.floor(bytes / megabyte),
    most: mostBytes / megabyte,
  })
}

/** Throws `file-not-found` and `dataset-too-large`; what else the system says goes on as it is. */
export async function readWhole(file: string): Promise<Buffer> {
  const stat = await statOf(file)
  if (stat.size > mostBytes) throw tooLarge(file, stat.size)
  return fs.readFile(file)
}

export async function statOf(path: string) {
  try {
    return await fs.stat(path)
  } catch (error) {
    if (isMissing(error)) throw labError('file-not-found', { file: path })
    throw error
  }
}

/** Unpacks gzip no further than `mostBytes`. Throws `gzip-damaged` and `dataset-too-large`. */
export function gunzip(packed: Uint8Array, file: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const stream = createGunzip({ chunkSize: megabyte })
    const chunks: Buffer[] = []
    let length = 0
    stream.on('data', (chunk: Buffer) => {
      length += chunk.length
      chunks.push(chunk)
      if (length > mostBytes) stream.destroy(tooLarge(file, length))
    })
    stream.on('end', () => resolve(Buffer.concat(chunks, length)))
    stream.on('error', (error) =>
      reject(error instanceof LabError ? error : labError('gzip-damaged', { file })),
    )
    stream.end(packed)
  })
}
