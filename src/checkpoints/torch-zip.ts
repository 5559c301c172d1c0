/**
 * The archive that torch.save has written since PyTorch 1.6: a zip of `NAME/data.pkl`, the pickle, and `NAME/data/KEY`,
 * the storages, none of them compressed. CRC-32 is not compared, because PyTorch may be told not to compute it.
 */
import { fromRandomAccessReaderPromise, RandomAccessReader, type Entry, type ZipFile } from 'yauzl'
import { labError, LabError } from '../contract/errors'
import { shortened } from '../contract/shortened'
import type { ByteSource } from '../files/byte-source'
import { maxShown } from './safetensors'
import { torchMalformed } from './torch-pickle'

/** A piece of the file, in bytes. */
export interface Extent {
  readonly at: number
  readonly length: number
}

export interface TorchArchive {
  readonly pickle: Extent
  /** @throws `torch-malformed` */
  storage(key: string): Promise<Extent>
}

/** A network has a few hundred storages. */
const maxEntries = 100_000
const pickleName = 'data.pkl'

/**
 * Null for an archive without a pickle of PyTorch.
 * @throws `torch-script`, `torch-malformed`
 */
export async function openTorchArchive(source: ByteSource, file: string): Promise<TorchArchive | null> {
  return asDamage(file, async () => {
    const zip = await fromRandomAccessReaderPromise(new SourceReader(source), source.size, {
      autoClose: false,
    })
    const entries = await entriesOf(zip, file)
    const root = rootOf(entries)
    if (root === null) return null
    if (isScript(entries, root)) throw labError('torch-script', { file })
    await requireLittleEndian(source, zip, entries.get(`${root}byteorder`), file)
    const pickle = entries.get(root + pickleName)
    if (pickle === undefined) return null
    return {
      pickle: await extentOf(zip, pickle, file),
      storage: (key) =>
        asDamage(file, async () => {
          const entry = entries.get(`${root}data/${key}`)
          if (entry === undefined) throw torchMalformed(file, 'storage-missing', shortened(key, maxShown))
          return extentOf(zip, entry, file)
        }),
    }
  })
}

async function entriesOf(zip: ZipFile, file: string): Promise<ReadonlyMap<string, Entry>> {
  const entries = new Map<string, Entry>()
  for await (const entry of zip.eachEntry()) {
    const { fileName } = entry
    if (entries.has(fileName)) throw torchMalformed(file, 'name-twice', shortened(fileName, maxShown))
    if (entries.size === maxEntries) throw torchMalformed(file, 'too-many-entries', String(maxEntries))
    entries.set(fileName, entry)
  }
  return entries
}

/** The folder of the pickle, with its slash; PyTorch writes one level. */
function rootOf(entries: ReadonlyMap<string, Entry>): string | null {
  for (const name of entries.keys()) {
    const [, root] = /^([^/]+\/)data\.pkl$/.exec(name) ?? []
    if (root !== undefined) return root
  }
  return null
}

function isScript(entries: ReadonlyMap<string, Entry>, root: string): boolean {
  return (
    entries.has(`${root}constants.pkl`) || [...entries.keys()].some((name) => name.startsWith(`${root}code/`))
  )
}

/** Enough for "little" and "big". */
const byteOrderLength = 16

async function requireLittleEndian(
  source: ByteSource,
  zip: ZipFile,
  entry: Entry | undefined,
  file: string,
): Promise<void> {
  if (entry === undefined) return
  const { at, length } = await extentOf(zip, entry, file)
  const order = (await source.read(at, Math.min(length, byteOrderLength))).toString('latin1')
  if (order !== 'little') throw torchMalformed(file, 'big-endian', shortened(entry.fileName, maxShown))
}

async function extentOf(zip: ZipFile, entry: Entry, file: string): Promise<Extent> {
  const name = shortened(entry.fileName, maxShown)
  if (entry.isEncrypted()) throw torchMalformed(file, 'encrypted', name)
  if (entry.compressionMethod !== 0) throw torchMalformed(file, 'packing-unknown', name)
  const { fileDataStart } = await zip.readLocalFileHeaderPromise(entry, { minimal: true })
  return { at: fileDataStart, length: entry.uncompressedSize }
}

/** Serves what yauzl reads of an archive of which no entry is streamed. */
class SourceReader extends RandomAccessReader {
  constructor(private readonly source: ByteSource) {
    super()
  }

  override read(
    buffer: Buffer,
    offset: number,
    length: number,
    position: number,
    callback: (error: Error | null) => void,
  ): void {
    this.source.read(position, length).then(
      (bytes) => {
        bytes.copy(buffer, offset)
        callback(bytes.length < length ? new Error('cut short') : null)
      },
      (error: unknown) => callback(error instanceof Error ? error : new Error(String(error))),
    )
  }
}

/** Turns yauzl's errors into the lab's. */
async function asDamage<T>(file: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act()
  } catch (error) {
    if (error instanceof LabError) throw error
    throw torchMalformed(file, 'archive-damaged', 'zip')
  }
}
