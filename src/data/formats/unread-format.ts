/** Recognises well-known formats that are not read, by their content, so that an error can call them by name. */
import type { UnreadFormat } from '../../contract/errors'
import { isZip, namesInZip } from '../codecs/zip-names'
import { isGzip, unpackedStart } from '../file'
import { startsWith } from '../image-kinds/kind'
import type { Glimpse } from './glimpse'

const begins =
  (...magics: string[]) =>
  (head: Buffer): boolean =>
    magics.some((magic) => startsWith(head, magic))

/** The start of files that PyTorch wrote before it used zip: a pickle of its magic number. */
const isOldTorch = begins('\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19')

/** What a pickle of protocol 2 to 5 goes on with: a frame, or the first value of an object. */
const opcodes = '\x95}](cX\x8c\x8dKJMGNBCU\x88\x89\x8a\x8b\x8e\x8f'

const isPickle = ([mark = 0, protocol = 0, opcode = 0]: Buffer): boolean =>
  mark === 0x80 && protocol >= 2 && protocol <= 5 && opcodes.includes(String.fromCharCode(opcode))

const isTar = (head: Buffer): boolean => startsWith(head, 'ustar', 257)

/** CRC-32C, by which TFRecord guards the lengths of its records. */
function crc32c(bytes: Buffer): number {
  let crc = 0xffffffff
  for (const byte of bytes) {
    crc ^= byte
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0x82f63b78 : 0)
  }
  return (crc ^ 0xffffffff) >>> 0
}

function isTfRecord(head: Buffer): boolean {
  if (head.length < 12) return false
  const crc = crc32c(head.subarray(0, 8))
  const masked = ((((crc >>> 15) | (crc << 17)) >>> 0) + 0xa282ead8) >>> 0
  return head.readUInt32LE(8) === masked
}

type Test = readonly [kind: UnreadFormat, test: (head: Buffer) => boolean]

/** Those that may also lie in gzip. */
const plain: readonly Test[] = [
  ['torch', isOldTorch],
  ['pickle', isPickle],
  ['tar', isTar],
  ['tfrecord', isTfRecord],
  ['seven-zip', begins("7z\xbc\xaf'\x1c")],
  ['rar', begins('Rar!\x1a\x07')],
  ['bzip2', begins('BZh')],
  ['xz', begins('\xfd7zXZ\x00')],
  ['zstandard', begins('\x28\xb5\x2f\xfd')],
  ['parquet', begins('PAR1', 'PARE')],
  ['arrow', begins('ARROW1', 'FEA1')],
  ['sqlite', begins('SQLite format 3\x00')],
  ['office-97', begins('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')],
]

const kindOf = (head: Buffer): UnreadFormat | null => plain.find(([, test]) => test(head))?.[0] ?? null

/** Where Office, PyTorch and others have their own files in a zip. */
const inZip: readonly (readonly [kind: UnreadFormat, name: RegExp])[] = [
  ['torch', /(^|\/)data\.pkl$/],
  ['word', /^word\//],
  ['excel', /^xl\//],
  ['powerpoint', /^ppt\//],
  ['opendocument', /^META-INF\/manifest\.xml$/],
]

async function kindOfZip(path: string): Promise<UnreadFormat | null> {
  const names = await namesInZip(path)
  const found = inZip.find(([, pattern]) => names.some((name) => pattern.test(name)))
  if (found !== undefined) return found[0]
  // An archive of which no name can be read is damaged.
  return names.length === 0 || names.some((name) => name.endsWith('.npy')) ? null : 'zip'
}

/** Null for a folder, and for a file that is none of these. */
export async function unreadFormatOf(seen: Glimpse): Promise<UnreadFormat | null> {
  if (seen.kind !== 'file') return null
  const { head, path } = seen
  if (isZip(head)) return kindOfZip(path)
  if (isGzip(head)) return kindOf(unpackedStart(head)) ?? 'gzip'
  const kind = kindOf(head)
  if (kind !== null) return kind
  // The protocols of Python 2 have no mark of their own.
  return /\.(pkl|pickle|p)$/i.test(path) ? 'pickle' : null
}
