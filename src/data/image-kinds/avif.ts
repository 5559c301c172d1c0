/** AVIF: a picture coded as a frame of AV1 in boxes. Its properties lie in `meta`, and are matched to it by number. */
import { type Box, boxesIn, brandsOf } from './boxes'
import { headerFrom, type ImageHeader, type ImageKind } from './kind'
import { asGrey, withoutOpaque } from './opaque'
import type { Orientation } from './orientation'
import { wasmDecoder } from './wasm'

const named = (boxes: readonly Box[], name: string): Buffer | null =>
  boxes.find((box) => box.name === name)?.body ?? null

/** Version and flags at the start of many boxes. */
const fullBytes = 4

/** The properties of the primary picture, in order. */
function propertiesIn(meta: Buffer): Box[] | null {
  const boxes = boxesIn(meta.subarray(fullBytes))
  const primary = named(boxes, 'pitm')
  const properties = named(boxes, 'iprp')
  if (primary === null || properties === null || primary.length < 6) return null
  const id = primary[0] === 0 ? primary.readUInt16BE(4) : primary.length < 8 ? 0 : primary.readUInt32BE(4)
  const inside = boxesIn(properties)
  const all = boxesIn(named(inside, 'ipco') ?? Buffer.alloc(0))
  const links = named(inside, 'ipma')
  return links === null ? null : (linksTo(links, id)?.flatMap((number) => all[number - 1] ?? []) ?? null)
}

/** The numbers of an item's properties, from 1. */
function linksTo(links: Buffer, id: number): number[] | null {
  if (links.length < 8) return null
  const [isLongId, isLongNumber] = [links[0] !== 0, ((links[3] ?? 0) & 1) === 1]
  const width = isLongNumber ? 2 : 1
  let at = 8
  for (let left = links.readUInt32BE(4); left > 0; left--) {
    if (at + (isLongId ? 5 : 3) > links.length) return null
    const item = isLongId ? links.readUInt32BE(at) : links.readUInt16BE(at)
    at += isLongId ? 4 : 2
    const count = links[at++] ?? 0
    if (at + count * width > links.length) return null
    // The highest bit says whether the property is essential.
    const number = (k: number) => links.readUIntBE(at + k * width, width) & (isLongNumber ? 0x7fff : 0x7f)
    if (item === id) return Array.from({ length: count }, (_, k) => number(k))
    at += count * width
  }
  return null
}

/** EXIF's number for a mirroring (0: top and bottom, 1: left and right) after a turn by quarters, counter-clockwise. */
const orientations: Readonly<Record<string, Orientation>> = {
  '0': 1,
  '1': 8,
  '2': 3,
  '3': 6,
  '0 0': 4,
  '0 1': 2,
  '1 0': 5,
  '1 1': 7,
  '2 0': 2,
  '2 1': 4,
  '3 0': 7,
  '3 1': 5,
}

function orientationOf(properties: readonly Box[]): Orientation {
  const turn = (named(properties, 'irot')?.[0] ?? 0) & 3
  const mirror = named(properties, 'imir')?.[0]
  return orientations[mirror === undefined ? `${turn}` : `${turn} ${mirror & 1}`] ?? 1
}

/** Bits of the third byte of `av1C`. */
const isDeep = 0x40
const isMonochrome = 0x10

function readHeader(bytes: Buffer): ImageHeader | null {
  const meta = named(boxesIn(bytes), 'meta')
  const properties = meta === null ? null : propertiesIn(meta)
  const size = properties === null ? null : named(properties, 'ispe')
  if (properties === null || size === null || size.length < 12) return null
  const coding = named(properties, 'av1C')?.[2] ?? 0
  return headerFrom({
    kind: 'avif',
    width: size.readUInt32BE(4),
    height: size.readUInt32BE(8),
    channels: (coding & isMonochrome) === 0 ? 3 : 1,
    orientation: orientationOf(properties),
    isDeep: (coding & isDeep) !== 0,
    end: bytes.length,
  })
}

const decode = wasmDecoder(
  () => import('@jsquash/avif/codec/dec/avif_dec.js'),
  '@jsquash/avif/codec/dec',
  'avif_dec.wasm',
  8,
)

const brands = ['avif', 'avis']

export const avif: ImageKind = {
  id: 'avif',
  title: 'AVIF',
  matches: (head) => brandsOf(head).some((brand) => brands.includes(brand)),
  header: readHeader,
  decode: async (bytes, { channels }) => {
    const image = withoutOpaque(await decode(bytes))
    return channels === 1 ? asGrey(image) : image
  },
}
