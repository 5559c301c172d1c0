/**
 * Images, each in a folder of one class, read by the real analyst process, so that a crash does not end this process.
 */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { crc32, deflateSync } from 'zlib'
import type { Random } from '../../src/data/random'
import { createAnalyst } from '../../src/lab/analyst'
import { childrenOf } from '../process-tree'
import type { Hostile, Parser } from './fuzz'
import { mutateBytes, pick } from './mutations'

const checkout = join(__dirname, '..', '..')
const fixtures = join(checkout, 'test', 'fixtures', 'images')
const valid = readdirSync(fixtures).map((name) => readFileSync(join(fixtures, name)))
const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

function chunk(name: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(name, 'latin1'), data])
  const frame = Buffer.alloc(8)
  frame.writeUInt32BE(data.length, 0)
  frame.writeUInt32BE(crc32(body), 4)
  return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
}

function header(width: number, height: number, colour: number, depth = 8): Buffer {
  const bytes = Buffer.alloc(13)
  bytes.writeUInt32BE(width, 0)
  bytes.writeUInt32BE(height, 4)
  bytes.set([depth, colour, 0, 0, 0], 8)
  return bytes
}

const png = (...chunks: readonly Buffer[]) =>
  Buffer.concat([signature, ...chunks, chunk('IEND', Buffer.alloc(0))])
/** A PNG of one colour, as small as a file of these dimensions can be. Colour 2 is RGB, 6 has an alpha channel. */
const plainPng = (width: number, height: number, colour: 2 | 6) =>
  png(
    chunk('IHDR', header(width, height, colour)),
    chunk('IDAT', deflateSync(Buffer.alloc(height * (1 + width * (colour === 2 ? 3 : 4))))),
  )

/** The chunks of a PNG with one of them changed and its checksum corrected. */
function mutatedPng(bytes: Buffer, random: Random): Buffer {
  const chunks: Buffer[] = []
  for (let at = 8; at + 12 <= bytes.length;) {
    const length = bytes.readUInt32BE(at)
    const data = bytes.subarray(at + 8, at + 8 + length)
    const changed = random.integer(3) === 0 ? mutateBytes(data, random) : data
    chunks.push(chunk(bytes.toString('latin1', at + 4, at + 8), changed))
    at += 12 + length
  }
  return Buffer.concat([signature, ...chunks])
}

const jpeg = readFileSync(join(fixtures, 'baseline.jpg'))
const gif = readFileSync(join(fixtures, 'still.gif'))
const bmp = readFileSync(join(fixtures, 'rgb.bmp'))

/** A JPEG whose frame header has another size. */
function jpegClaiming(width: number, height: number): Buffer {
  const bytes = Buffer.from(jpeg)
  const frame = bytes.indexOf(Buffer.from([0xff, 0xc0]))
  bytes.writeUInt16BE(height, frame + 5)
  bytes.writeUInt16BE(width, frame + 7)
  return bytes
}

/** A JPEG with another, small frame before the real one, in a segment that decoders skip. */
function jpegOfTwoSizes(): Buffer {
  const big = jpegClaiming(65_000, 65_000)
  const small = Buffer.from([
    0xff, 0xc0, 0x00, 0x11, 0x08, 0x00, 0x08, 0x00, 0x08, 0x03, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1,
  ])
  const comment = Buffer.concat([Buffer.from([0xff, 0xfe, 0x00, small.length + 2]), small])
  const garbage = Buffer.concat([big.subarray(0, 2), Buffer.from([0x00, 0x00]), small, big.subarray(2)])
  return Buffer.concat([garbage.subarray(0, 2), comment, garbage.subarray(2)])
}

function gifClaiming(width: number, height: number): Buffer {
  const bytes = Buffer.from(gif)
  bytes.writeUInt16LE(width, 6)
  bytes.writeUInt16LE(height, 8)
  return bytes
}

/** A GIF that repeats the same image; a decoder that unpacks all of them needs memory for each. */
function longGif(pictures: number): Buffer {
  const start = gif.indexOf(0x2c, 13 + 3 * 2 ** (((gif[10] ?? 0) & 7) + 1))
  const picture = gif.subarray(start, gif.length - 1)
  return Buffer.concat([
    gif.subarray(0, start),
    ...Array.from({ length: pictures }, () => picture),
    Buffer.of(0x3b),
  ])
}

function bmpClaiming(width: number, height: number): Buffer {
  const bytes = Buffer.from(bmp)
  bytes.writeInt32LE(width, 18)
  bytes.writeInt32LE(height, 22)
  return bytes
}

function* hostileImages(): Iterable<Hostile> {
  yield { what: 'empty', bytes: Buffer.alloc(0) }
  yield { what: 'the largest PNG that is read', bytes: plainPng(4096, 4096, 6) }
  yield { what: 'a PNG one pixel wider', bytes: plainPng(4097, 1, 2) }
  yield {
    what: 'a PNG that claims 2^62 pixels',
    bytes: png(
      chunk('IHDR', header(0x7fffffff, 0x7fffffff, 2)),
      chunk('IDAT', deflateSync(Buffer.alloc(100))),
    ),
  }
  yield {
    what: 'a PNG with a bomb behind its pixels',
    bytes: png(chunk('IHDR', header(4, 4, 2)), chunk('IDAT', deflateSync(Buffer.alloc(200_000_000)))),
  }
  yield {
    what: 'a PNG with a bomb in its text',
    bytes: png(
      chunk('IHDR', header(4, 4, 2)),
      chunk('zTXt', Buffer.concat([Buffer.from('a\0\0'), deflateSync(Buffer.alloc(200_000_000))])),
      chunk('IDAT', deflateSync(Buffer.alloc(52))),
    ),
  }
  yield {
    what: 'a PNG of no pixels',
    bytes: png(chunk('IHDR', header(0, 0, 2)), chunk('IDAT', deflateSync(Buffer.alloc(0)))),
  }
  yield {
    what: 'a PNG whose size stands in the place of another format',
    bytes: Buffer.concat([
      signature,
      chunk('CgBI', Buffer.alloc(4)),
      chunk('IHDR', header(60_000, 60_000, 2)),
      chunk('IDAT', deflateSync(Buffer.alloc(52))),
    ]),
  }
  yield { what: 'a JPEG of 65,500 x 65,500', bytes: jpegClaiming(65_500, 65_500) }
  yield { what: 'a JPEG that claims 4096 x 4096', bytes: jpegClaiming(4096, 4096) }
  yield { what: 'a JPEG of two sizes', bytes: jpegOfTwoSizes() }
  yield { what: 'a JPEG of no rows', bytes: jpegClaiming(12, 0) }
  yield { what: 'a GIF of 65,535 x 65,535', bytes: gifClaiming(65_535, 65_535) }
  yield { what: 'a GIF on a screen of 4096 x 4096', bytes: gifClaiming(4096, 4096) }
  yield { what: 'a GIF of a hundred thousand pictures', bytes: longGif(100_000) }
  yield { what: 'a BMP of 2^31 x 2^31', bytes: bmpClaiming(0x7fffffff, 0x7fffffff) }
  yield { what: 'a BMP that claims 4096 x 4096', bytes: bmpClaiming(4096, 4096) }
  yield { what: 'a BMP of negative width', bytes: bmpClaiming(-4096, 4096) }
  yield { what: 'a BMP of the least height there is', bytes: bmpClaiming(1, -0x80000000) }
  yield { what: 'another format', bytes: Buffer.from('RIFF\x24\0\0\0WEBPVP8 ') }
}

export function imageParser(): Parser {
  const folder = mkdtempSync(join(tmpdir(), 'dalab-fuzz-image-'))
  const file = join(folder, 'class', 'image')
  mkdirSync(join(folder, 'class'))
  const analyst = createAnalyst(
    { workers: join(checkout, 'dist'), execPath: process.execPath },
    { log: () => undefined, crashed: () => undefined },
  )
  return {
    name: 'image',
    usual: 2000,
    hostile: hostileImages,
    mutated(random) {
      const original = pick(random, valid)
      const isPng = original.subarray(0, 8).equals(signature)
      return isPng && random.integer(2) === 0 ? mutatedPng(original, random) : mutateBytes(original, random)
    },
    read(bytes) {
      writeFileSync(file, bytes)
      return analyst.ask('previewDataset', { path: folder })
    },
    reader: () => childrenOf(process.pid, 'analyst.cjs')[0] ?? null,
    async close() {
      await analyst.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
