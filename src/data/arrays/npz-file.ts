/** The arrays of an .npz that somebody brings. */
import { labError } from '../../contract/errors'
import { decodeNumpy, headerBytes, numpyHeader } from '../codecs/numpy-array'
import { openNpz } from '../codecs/npz-archive'
import { maxBytes } from '../dataset'
import { tooLarge } from '../file'
import type { ArrayEntry, ArrayFile } from './array-file'

/** An array whose header cannot be read has no type; reading it is an error. */
export function entryOf(name: string, start: Buffer): ArrayEntry {
  const header = numpyHeader(start)
  return header === null ? { name, type: '', shape: [] } : { name, type: header.type, shape: header.shape }
}

/**
 * Only arrays that are read count in the limit of `maxBytes`.
 * @throws what `openNpz` and, when an array is read, `unpack` and `decodeNumpy` throw
 */
export async function npzArrays(bytes: Uint8Array, file: string): Promise<ArrayFile> {
  const archived = await openNpz(bytes, file)
  const entries: ArrayEntry[] = []
  for (const array of archived) entries.push(entryOf(array.name, await array.start(headerBytes)))
  let taken = 0
  return {
    file,
    entries,
    async read(name) {
      const array = archived.find((one) => one.name === name)
      if (array === undefined) throw labError('unknown-array', { file, name, nearest: '' })
      taken += array.bytes
      if (taken > maxBytes) throw tooLarge(file, taken)
      return decodeNumpy(await array.unpack(), file, name)
    },
  }
}
