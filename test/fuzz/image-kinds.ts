/**
 * The readers of each kind of image (src/data/image-kinds), in this process. JPEG and PNG are decoded by TensorFlow: of
 * them only the header is read here, and images.ts decodes them in the analyst.
 */
import { readdirSync, readFileSync } from 'fs'
import { join } from 'path'
import { labError, LabError } from '../../src/contract/errors'
import { refuseTooLarge, requireHeader } from '../../src/data/image-header'
import type { ImageKind, NativeDecoders } from '../../src/data/image-kinds/kind'
import { imageKindOf, imageKinds } from '../../src/data/image-kinds/registry'
import type { Hostile, Parser } from './fuzz'
import { mutateBytes, pick } from './mutations'

const file = 'file'
const folder = join(__dirname, '..', '..', 'test', 'fixtures', 'kinds')
const samples = readdirSync(folder)
  .filter((name) => !name.endsWith('.json'))
  .map((name) => readFileSync(join(folder, name)))

const nothing = { width: 0, height: 0, channels: 1, pixels: new Uint8Array(0) }
const native: NativeDecoders = { png: async () => nothing, jpeg: async () => nothing }

/** As src/data/photo.ts reads a file: any error of a decoder means that the image cannot be decoded. */
async function read(bytes: Uint8Array): Promise<unknown> {
  const whole = Buffer.from(bytes)
  const header = requireHeader(file, whole)
  refuseTooLarge(file, header)
  try {
    return await imageKindOf(whole)?.decode(whole, header, { native, least: Infinity })
  } catch (error) {
    if (error instanceof LabError) throw error
    throw labError('image-undecodable', { file })
  }
}

const latin = (text: string) => Buffer.from(text, 'latin1')

/** A TIFF of these tags, each one number; `behind` follows the directory. */
function tiffOf(tags: Readonly<Record<number, number>>, behind = Buffer.alloc(0)): Buffer {
  const entries = Object.entries(tags).map(([tag, value]) => {
    const entry = Buffer.alloc(12)
    entry.writeUInt16LE(Number(tag), 0)
    entry.writeUInt16LE(4, 2)
    entry.writeUInt32LE(1, 4)
    entry.writeUInt32LE(value, 8)
    return entry
  })
  const count = Buffer.of(entries.length, 0)
  return Buffer.concat([latin('II*\0\x08\0\0\0'), count, ...entries, Buffer.alloc(4), behind])
}

const hostile: Readonly<Record<string, readonly Hostile[]>> = {
  tiff: [
    {
      what: 'ten thousand megapixels of nothing',
      bytes: tiffOf({ 256: 10_000, 257: 10_000, 258: 16, 273: 8, 279: 8 }),
    },
    {
      what: 'a tile of 2^31 pixels',
      bytes: tiffOf({ 256: 8, 257: 8, 322: 2 ** 16, 323: 2 ** 15, 324: 8, 325: 8 }),
    },
    { what: 'a tile of no pixels', bytes: tiffOf({ 256: 8, 257: 8, 322: 0, 323: 0, 324: 8, 325: 8 }) },
    {
      what: 'strips of 2^32 rows',
      bytes: tiffOf({ 256: 8, 257: 8, 258: 8, 278: 2 ** 32 - 1, 273: 0, 279: 64 }, Buffer.alloc(64)),
    },
    { what: 'a directory in itself', bytes: latin('II*\0\x04\0\0\0\xff\xff\xff\xff') },
    { what: 'a directory of 65,535 entries', bytes: latin('II*\0\x08\0\0\0\xff\xff') },
  ],
  gif: [
    {
      what: 'a screen of 65,535 x 1,500',
      bytes: latin('GIF89a\xff\xff\xdc\x05\0\0\0,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;'),
    },
    {
      what: 'a picture of 65,535 x 65,535',
      bytes: latin('GIF89a\x01\0\x01\0\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\x02D\x01\0;'),
    },
    {
      what: 'nothing but extensions',
      bytes: Buffer.concat([latin('GIF89a\x01\0\x01\0\0\0\0'), latin('!\xfe\0'.repeat(300_000))]),
    },
  ],
  netpbm: [
    { what: 'a comment without end', bytes: Buffer.concat([latin('P5 #'), Buffer.alloc(1_000_000, 0x61)]) },
    { what: 'nothing but spaces', bytes: Buffer.concat([latin('P2\n'), Buffer.alloc(1_000_000, 0x20)]) },
    { what: 'sides of many digits', bytes: latin('P6 99999999999999999999 1 255\n') },
    { what: '100 megapixels of nothing', bytes: latin('P6 10000 10000 255\n') },
  ],
  bmp: [
    { what: 'run lengths of 100 megapixels', bytes: runLengths(10_000, 10_000) },
    { what: 'the least height there is', bytes: runLengths(1, -0x80000000) },
  ],
  avif: [
    {
      what: 'boxes without end',
      bytes: Buffer.concat([latin('\0\0\0\x10ftypavif\0\0\0\0'), latin('\0\0\0\x08free'.repeat(100_000))]),
    },
  ],
  webp: [{ what: 'chunks of no length', bytes: webpOfEmptyChunks() }],
}

function runLengths(width: number, height: number): Buffer {
  const bytes = Buffer.alloc(54 + 1024 + 2)
  bytes.write('BM')
  bytes.writeUInt32LE(1078, 10)
  bytes.writeUInt32LE(40, 14)
  bytes.writeInt32LE(width, 18)
  bytes.writeInt32LE(height, 22)
  bytes.writeUInt16LE(8, 28)
  bytes.writeUInt32LE(1, 30)
  bytes[1079] = 1
  return bytes
}

function webpOfEmptyChunks(): Buffer {
  const head = Buffer.alloc(30)
  head.write('RIFF\xff\xff\xff\x7fWEBPVP8X\x0a\0\0\0\x08', 'latin1')
  return Buffer.concat([head, latin('junk\0\0\0\0'.repeat(100_000))])
}

function parserOf(kind: ImageKind): Parser {
  const own = samples.filter((bytes) => imageKindOf(bytes) === kind)
  return {
    name: kind.id,
    usual: 20_000,
    hostile: () => hostile[kind.id] ?? [],
    mutated: (random) => mutateBytes(pick(random, own), random),
    read,
  }
}

export const imageKindParsers: readonly Parser[] = imageKinds.map(parserOf)
