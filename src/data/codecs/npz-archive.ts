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

/** An archive with additional arrays has a few dozen. */
const maxArrays = 1000
/** Of any kind. A zip archive of images has at most as many. */
const maxEntries = 200_000
const ending = '.npy'
/** zip's codes of the two compression methods that numpy uses. */
const methods = { stored: 0, deflated: 8 }

/** An array in an archive, not unpacked yet. */
interface ArchivedArray {
  readonly name: string
  /** As the archive states it. */
  readonly bytes: number
  /** Up to `length` bytes from the start of its .npy file. */
  start(length: number): Promise<Buffer>
  /** Its whole .npy file. Throws `npz-entry-unreadable`, `packed-too-densely`, `dataset-too-large`. */
  unpack(): Promise<Buffer>
}

/**
 * The arrays of an archive; empty for an archive without any.
 * @throws `npz-damaged`, `npz-too-many-arrays`, `npz-entry-unreadable`
 */
export async function openNpz(bytes: Uint8Array, file: string): Promise<ArchivedArray[]> {
  const archive = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  const arrays = new Map<string, ArchivedArray>()
  await asDamage(archive, file, async () => {
    // Sizes are compared in this file, so that a wrong size gives the lab's own error.
    const zip = await fromBufferPromise(archive, { validateEntrySizes: false })
    let entries = 0
    for await (const entry of zip.eachEntry()) {
      entries += 1
      if (entries > maxEntries) throw labError('npz-damaged', { file })
      if (!entry.fileName.endsWith(ending)) continue
      const name = entry.fileName.slice(0, -ending.length)
      if (arrays.has(name)) throw labError('npz-damaged', { file })
      if (arrays.size === maxArrays) throw labError('npz-too-many-arrays', { file, most: maxArrays })
      arrays.set(name, archived({ name, zip, entry, archive, file }))
    }
  })
  return [...arrays.values()]
}

interface Archived {
  readonly name: string
  readonly zip: ZipFile
  readonly entry: Entry
  readonly archive: Buffer
  readonly file: string
}

function archived({ name, zip, entry, archive, file }: Archived): ArchivedArray {
  const packed = Math.min(entry.compressedSize, archive.length)
  return {
    name,
    bytes: entry.uncompressedSize,
    start: (length) =>
      asDamage(archive, file, async () => {
        refusePacking(entry, file)
        const start = Buffer.alloc(Math.min(length, entry.uncompressedSize))
        const { length: filled } = await fill(start, await zip.openReadStreamPromise(entry))
        return start.subarray(0, filled)
      }),
    unpack: () =>
      asDamage(archive, file, () => {
        if (entry.uncompressedSize > maxBytes) throw tooLarge(file, entry.uncompressedSize)
        refuseBomb(entry.uncompressedSize, packed, file)
        return unpackEntry(zip, entry, file)
      }),
  }
}

/** The flag of archives that hide the names too; yauzl does not read them. */
const isStronglyEncrypted = (entry: Buffer): boolean => (entry.readUInt16LE(8) & 0x40) !== 0

const entryMagic = Buffer.from('PK\x01\x02', 'latin1')

/** The name of the first encrypted entry of which yauzl reads nothing; null if that is not why it failed. */
function encryptedEntry(archive: Buffer): string | null {
  for (let at = archive.indexOf(entryMagic); at >= 0; at = archive.indexOf(entryMagic, at + 1)) {
    if (at + 46 > archive.length || !isStronglyEncrypted(archive.subarray(at))) continue
    const name = archive.subarray(at + 46, at + 46 + archive.readUInt16LE(at + 28))
    return shortened(name.toString('utf8'), maxShown)
  }
  return null
}

/** Turns yauzl's errors into the lab's. */
async function asDamage<T>(archive: Buffer, file: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof LabError) throw error
    const isEncrypted = error instanceof Error && error.message.includes('strong encryption')
    const entry = isEncrypted ? encryptedEntry(archive) : null
    if (entry !== null) throw labError('npz-entry-unreadable', { file, entry, problem: 'encrypted' })
    throw labError('npz-damaged', { file })
  }
}

/**
 * The arrays of an .npz that the lab wrote; together they unpack to at most `maxBytes`.
 * @throws what `openNpz` and `unpack` throw
 */
export async function unpackNpz(bytes: Uint8Array, file: string): Promise<Arrays> {
  const arrays: [string, Buffer][] = []
  let total = 0
  for (const array of await openNpz(bytes, file)) {
    total += array.bytes
    if (total > maxBytes) throw tooLarge(file, total)
    arrays.push([array.name, await array.unpack()])
  }
  return Object.fromEntries(arrays)
}

function refusePacking(entry: Entry, file: string): void {
  const problem: Problem | null = entry.isEncrypted()
    ? 'encrypted'
    : Object.values(methods).includes(entry.compressionMethod)
      ? null
      : 'packing-unknown'
  if (problem !== null) throw unreadable(entry, problem, file)
}

const unreadable = ({ fileName }: Entry, problem: Problem, file: string) =>
  labError('npz-entry-unreadable', { file, entry: shortened(fileName, maxShown), problem })

async function unpackEntry(zip: ZipFile, entry: Entry, file: string): Promise<Buffer> {
  refusePacking(entry, file)
  const whole = Buffer.allocUnsafe(entry.uncompressedSize)
  const { length, checksum } = await fill(whole, await zip.openReadStreamPromise(entry))
  if (length > whole.length) throw unreadable(entry, 'longer-than-claimed', file)
  if (length < whole.length) throw unreadable(entry, 'shorter-than-claimed', file)
  if (checksum !== entry.crc32) throw unreadable(entry, 'checksum-misfit', file)
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
