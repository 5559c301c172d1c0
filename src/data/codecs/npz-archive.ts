/**
 * Reads the zip archive of an .npz: one entry per array. Sizes stated in an archive may be wrong, so each entry is
 * inflated in chunks up to its stated size, and its CRC-32 is compared at the end.
 */
import type { Readable } from 'stream'
import { buf as crc32 } from 'crc-32'
import { fromBufferPromise, type Entry, type ZipFile } from 'yauzl'
import { labError, LabError, type ParametersOf } from '../../contract/errors'
import { maxBytes } from '../dataset'
import { maxShown, refuseBomb, tooLarge } from '../file'
import { shortened } from '../../contract/shortened'

/** The bytes of each array's .npy file, by the array's name. */
export type Arrays = Readonly<Record<string, Buffer>>

type Problem = ParametersOf<'npz-entry-unreadable'>['problem']

/** Four are read; an archive with additional arrays has a few dozen. */
const maxEntries = 1000
const ending = '.npy'
/** zip's codes of the two compression methods that numpy uses. */
const methods = { stored: 0, deflated: 8 }

/**
 * The arrays of an .npz; together they unpack to at most `maxBytes`.
 * @throws `npz-damaged`, `npz-entry-unreadable`, `packed-too-densely`, `dataset-too-large`
 */
export async function unpackNpz(bytes: Uint8Array, file: string): Promise<Arrays> {
  const arrays: [string, Buffer][] = []
  try {
    // Sizes are compared in this file, so that a wrong size gives the lab's own error.
    const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
    const zip = await fromBufferPromise(archive, { validateEntrySizes: false })
    const allow = limitsFor(bytes.length, file)
    for await (const entry of zip.eachEntry()) {
      allow(entry)
      if (!entry.fileName.endsWith(ending)) continue
      arrays.push([entry.fileName.slice(0, -ending.length), await unpackEntry(zip, entry, file)])
    }
  } catch (error) {
    if (error instanceof LabError) throw error
    throw labError('npz-damaged', { file })
  }
  return Object.fromEntries(arrays)
}

/** Checks each entry's stated size before anything is allocated; refuses repeated names and too many entries. */
function limitsFor(packedBytes: number, file: string): (entry: Entry) => void {
  const seen = new Set<string>()
  let total = 0
  return ({ fileName, compressedSize, uncompressedSize }) => {
    if (seen.has(fileName) || seen.size === maxEntries) throw labError('npz-damaged', { file })
    seen.add(fileName)
    if (!fileName.endsWith(ending)) return
    total += uncompressedSize
    if (total > maxBytes) throw tooLarge(file, total)
    refuseBomb(uncompressedSize, Math.min(compressedSize, packedBytes), file)
  }
}

async function unpackEntry(zip: ZipFile, entry: Entry, file: string): Promise<Buffer> {
  const refusal = (problem: Problem) =>
    labError('npz-entry-unreadable', { file, entry: shortened(entry.fileName, maxShown), problem })
  if (entry.isEncrypted()) throw refusal('encrypted')
  if (!Object.values(methods).includes(entry.compressionMethod)) throw refusal('packing-unknown')
  const whole = Buffer.allocUnsafe(entry.uncompressedSize)
  const { length, checksum } = await fill(whole, await zip.openReadStreamPromise(entry))
  if (length > whole.length) throw refusal('longer-than-claimed')
  if (length < whole.length) throw refusal('shorter-than-claimed')
  if (checksum !== entry.crc32) throw refusal('checksum-misfit')
  return whole
}

/** Fills `whole` from a stream, and ends the stream if it exceeds that. `length` counts the bytes received by then. */
function fill(whole: Buffer, stream: Readable): Promise<{ length: number; checksum: number }> {
  let length = 0
  let checksum = 0
  return new Promise((resolve, reject) => {
    // The checksum is a signed number here and unsigned in the archive.
    const done = () => resolve({ length, checksum: checksum >>> 0 })
    stream.on('data', (piece: Buffer) => {
      if (length > whole.length) return
      piece.copy(whole, length)
      length += piece.length
      checksum = crc32(piece, checksum)
      if (length <= whole.length) return
      stream.destroy()
      done()
    })
    stream.on('end', done)
    stream.on('error', reject)
  })
}
