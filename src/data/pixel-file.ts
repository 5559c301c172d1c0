/** The pixels of pictures in a file too large for memory, read in parts. The file may not change while it is used. */
import { closeSync, fstatSync, openSync, read, readSync, type Stats } from 'fs'
import { labError } from '../contract/errors'

/** A part of the file in bytes: from `start` to before `end`. */
export interface Part {
  readonly start: number
  readonly end: number
}

/** Both throw `dataset-damaged` if the file is not the one that was opened. */
export interface PixelFile {
  read(part: Part): Uint8Array
  /** The system reads while the caller goes on; the results come in the order of `parts`. */
  readAhead(parts: readonly Part[]): Promise<Uint8Array[]>
}

function identityOf({ ino, size, mtimeMs }: Stats): string {
  return `${ino} ${size} ${mtimeMs}`
}

/**
 * @param stats of the file when its content was checked
 * @param from where the parts are counted from, in bytes
 */
export function pixelFile(file: string, stats: Stats, from = 0): PixelFile {
  const damaged = () => labError('dataset-damaged', { file })

  /** Not kept open: a dataset is used for as long as something refers to it, which nothing could end. */
  function open(): number {
    const descriptor = openSync(file, 'r')
    if (identityOf(fstatSync(descriptor)) === identityOf(stats)) return descriptor
    closeSync(descriptor)
    throw damaged()
  }

  function readFrom(descriptor: number, { start, end }: Part): Promise<Uint8Array> {
    const bytes = new Uint8Array(end - start)
    return new Promise((resolve, reject) => {
      read(descriptor, bytes, 0, bytes.length, from + start, (error, count) => {
        if (error) reject(error)
        else if (count < bytes.length) reject(damaged())
        else resolve(bytes)
      })
    })
  }

  return {
    read({ start, end }) {
      const descriptor = open()
      try {
        const bytes = new Uint8Array(end - start)
        if (readSync(descriptor, bytes, 0, bytes.length, from + start) < bytes.length) throw damaged()
        return bytes
      } finally {
        closeSync(descriptor)
      }
    },
    async readAhead(parts) {
      const descriptor = open()
      const reads = parts.map((part) => readFrom(descriptor, part))
      try {
        return await Promise.all(reads)
      } finally {
        await Promise.allSettled(reads)
        closeSync(descriptor)
      }
    },
  }
}
