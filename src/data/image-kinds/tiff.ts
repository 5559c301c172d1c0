/** The first page of a TIFF (TIFF 6.0): strips and tiles, 1 to 16 bits, grey, RGB, palette and CMYK. */
import { unzlibSync } from 'fflate'
import type { DecodedImage } from './decoded-image'
import { headerFrom, type ImageHeader, type ImageKind, startsWith } from './kind'
import { orientationOf, orientationTag } from './orientation'
import { type TiffDirectory, tiffDirectory } from './tiff-directory'
import { unpackBits, unpackLzw } from './tiff-packing'

const tags = {
  kind: 254,
  width: 256,
  height: 257,
  bits: 258,
  packing: 259,
  photometric: 262,
  fillOrder: 266,
  stripOffsets: 273,
  samples: 277,
  stripRows: 278,
  stripBytes: 279,
  planar: 284,
  predictor: 317,
  palette: 320,
  tileWidth: 322,
  tileHeight: 323,
  tileOffsets: 324,
  tileBytes: 325,
  subDirectories: 330,
  extraSamples: 338,
  sampleFormat: 339,
  dngVersion: 50_706,
} as const

type Unpack = (packed: Buffer, length: number) => Uint8Array

const inflate: Unpack = (packed, length) => unzlibSync(packed, { out: new Uint8Array(length) })
const packings: Readonly<Record<number, Unpack>> = {
  1: (packed) => packed,
  5: unpackLzw,
  8: inflate,
  32_946: inflate,
  32_773: unpackBits,
}

const photometrics = { whiteIsZero: 0, blackIsZero: 1, rgb: 2, palette: 3, cmyk: 5 } as const
/** Alpha by which the colours are already multiplied, and alpha by which they are not. */
const alphas = { premultiplied: 1, separate: 2 } as const

interface Layout {
  readonly directory: TiffDirectory
  readonly width: number
  readonly height: number
  readonly bits: number
  readonly samples: number
  readonly photometric: number
  /** Samples of colour; 1: grey or an index. */
  readonly colours: 1 | 3 | 4
  readonly alpha: 0 | 1 | 2
  /** Each sample in a plane of its own. */
  readonly isPlanar: boolean
}

/** What this TIFF is called if it is of a kind that is not read; null if it is read, or is no TIFF. */
export function unreadTiff(bytes: Buffer): string | null {
  if (startsWith(bytes, 'II\x2b\0') || startsWith(bytes, 'MM\0\x2b')) return 'BigTIFF'
  const directory = tiffDirectory(bytes)
  if (directory === null) return null
  const at = (tag: number, otherwise: number) => directory.number(tag) ?? otherwise
  if (directory.numbers(tags.dngVersion) !== null) return 'RAW (DNG)'
  // The first directory of a camera's raw file is a small preview.
  if (at(tags.kind, 0) % 2 === 1 && directory.numbers(tags.subDirectories) !== null) return 'RAW (TIFF/EP)'
  const packing = at(tags.packing, 1)
  if (!(packing in packings))
    return packing === 6 || packing === 7 ? 'TIFF (JPEG)' : `TIFF (compression ${packing})`
  if (at(tags.sampleFormat, 1) !== 1) return at(tags.sampleFormat, 1) === 3 ? 'TIFF (float)' : 'TIFF (signed)'
  const bits = at(tags.bits, 1)
  if (![1, 2, 4, 8, 16].includes(bits)) return `TIFF (${bits} bit)`
  const photometric = at(tags.photometric, 1)
  return (Object.values(photometrics) as number[]).includes(photometric)
    ? null
    : `TIFF (photometric ${photometric})`
}

function layoutOf(bytes: Buffer): Layout | null {
  const directory = tiffDirectory(bytes)
  if (directory === null) return null
  const [width, height] = [directory.number(tags.width), directory.number(tags.height)]
  if (width === null || height === null) return null
  const depths = directory.numbers(tags.bits) ?? [1]
  const bits = depths[0] ?? 1
  const samples = directory.number(tags.samples) ?? 1
  const photometric = directory.number(tags.photometric) ?? 1
  const colours = photometric === photometrics.rgb ? 3 : photometric === photometrics.cmyk ? 4 : 1
  if (unreadTiff(bytes) !== null || depths.some((depth) => depth !== bits)) return null
  if (samples < colours || samples > 8 || (photometric > 1 && photometric !== 3 && bits < 8)) return null
  if (photometric === photometrics.palette && bits > 8) return null
  const extra = directory.number(tags.extraSamples)
  const alpha = samples > colours && (extra === 1 || extra === 2) && colours !== 4 ? extra : 0
  const isPlanar = directory.number(tags.planar) === 2 && samples > 1
  return { directory, width, height, bits, samples, photometric, colours, alpha, isPlanar }
}

function readHeader(bytes: Buffer): ImageHeader | null {
  const layout = layoutOf(bytes)
  if (layout === null) return null
  const { directory, width, height, photometric, bits } = layout
  return headerFrom({
    kind: 'tiff',
    width,
    height,
    channels: photometric <= photometrics.blackIsZero ? 1 : 3,
    isDeep: bits === 16,
    orientation: orientationOf(directory.number(orientationTag)),
    end: bytes.length,
  })
}

/** The rectangles in which the samples are packed: strips as wide as the picture, or tiles that may reach beyond it. */
interface Blocks {
  readonly width: number
  readonly height: number
  readonly offsets: readonly number[]
  readonly lengths: readonly number[]
}

/** No packing here makes more bytes of one: nothing is allocated for a file that cannot hold the samples. */
const mostDense = 4096

/** A tile of more pixels than this would need much memory for a small picture. */
const mostInTile = 2 ** 24

function blocksOf({ directory, width, height }: Layout): Blocks {
  const tileWidth = directory.number(tags.tileWidth)
  const isTiled = tileWidth !== null
  const offsets = directory.numbers(isTiled ? tags.tileOffsets : tags.stripOffsets) ?? []
  const lengths = directory.numbers(isTiled ? tags.tileBytes : tags.stripBytes) ?? []
  const rows = directory.number(isTiled ? tags.tileHeight : tags.stripRows) ?? height
  const block = isTiled ? { width: tileWidth, height: rows } : { width, height: Math.min(rows, height) }
  if (block.width < 1 || block.height < 1 || (isTiled && block.width * block.height > mostInTile)) {
    throw new Error('tiles')
  }
  return { ...block, offsets, lengths }
}

/** All samples with their full number of bits, `[height, width, samples]`. */
function samplesOf(bytes: Buffer, layout: Layout): Uint8Array | Uint16Array {
  const { directory, width, height, bits, samples, isPlanar } = layout
  const blocks = blocksOf(layout)
  const unpack = packings[directory.number(tags.packing) ?? 1]
  if (unpack === undefined || directory.number(tags.fillOrder) === 2) throw new Error('packing')
  const isPredicted = directory.number(tags.predictor) === 2
  const perPixel = isPlanar ? 1 : samples
  const rowBytes = Math.ceil((blocks.width * perPixel * bits) / 8)
  const across = Math.ceil(width / blocks.width)
  const down = Math.ceil(height / blocks.height)
  const needed = rowBytes * blocks.height * across * down * (isPlanar ? samples : 1)
  if (needed > bytes.length * mostDense) throw new Error('cut short')
  const result = new (bits === 16 ? Uint16Array : Uint8Array)(width * height * samples)
  for (let n = 0; n < across * down * (isPlanar ? samples : 1); n++) {
    const [left, top] = [(n % across) * blocks.width, (Math.floor(n / across) % down) * blocks.height]
    const plane = Math.floor(n / (across * down))
    const isStrip = directory.number(tags.tileWidth) === null
    const rows = isStrip ? Math.min(blocks.height, height - top) : blocks.height
    const offset = blocks.offsets[n] ?? -1
    const length = blocks.lengths[n] ?? (blocks.offsets.length === 1 ? bytes.length - offset : 0)
    if (offset < 0 || offset + length > bytes.length) throw new Error('cut short')
    const block = unpack(bytes.subarray(offset, offset + length), rows * rowBytes)
    if (block.length < rows * rowBytes) throw new Error('cut short')
    for (let row = 0; row < Math.min(rows, height - top); row++) {
      const line = block.subarray(row * rowBytes, (row + 1) * rowBytes)
      const values = valuesOf(line, bits, directory.littleEndian)
      if (isPredicted) undoDifferences(values, perPixel, blocks.width * perPixel)
      const count = Math.min(blocks.width, width - left)
      for (let x = 0; x < count; x++) {
        const to = ((top + row) * width + left + x) * samples + plane
        for (let k = 0; k < perPixel; k++) result[to + k] = values[x * perPixel + k] as number
      }
    }
  }
  return result
}

function valuesOf(line: Uint8Array, bits: number, littleEndian: boolean): Uint8Array | Uint16Array {
  if (bits === 8) return Uint8Array.from(line)
  if (bits === 16) {
    const [low, high] = littleEndian ? [0, 1] : [1, 0]
    return Uint16Array.from(
      { length: line.length / 2 },
      (_, i) => (line[2 * i + low] ?? 0) | ((line[2 * i + high] ?? 0) << 8),
    )
  }
  const perByte = 8 / bits
  const most = 2 ** bits - 1
  return Uint8Array.from(
    { length: line.length * perByte },
    (_, i) => ((line[Math.floor(i / perByte)] ?? 0) >> (8 - bits - bits * (i % perByte))) & most,
  )
}

/** Each sample was stored as the difference from the one before it; sums wrap around. */
function undoDifferences(values: Uint8Array | Uint16Array, distance: number, count: number): void {
  for (let i = distance; i < count; i++) values[i] = (values[i] as number) + (values[i - distance] as number)
}

function decode(bytes: Buffer): DecodedImage {
  const layout = layoutOf(bytes)
  if (layout === null) throw new Error('no header')
  const { width, height, bits, samples, photometric, colours, alpha, directory } = layout
  const values = samplesOf(bytes, layout)
  const to8 = bits === 16 ? (value: number) => value >> 8 : (value: number) => (value * 255) / (2 ** bits - 1)
  const palette = photometric === photometrics.palette ? directory.numbers(tags.palette) : null
  if (photometric === photometrics.palette && palette?.length !== 3 * 2 ** bits) throw new Error('palette')
  const stored = palette !== null || colours === 4 ? 3 : colours
  const channels = stored + (alpha === 0 ? 0 : 1)
  const pixels = new Uint8Array(width * height * channels)
  const colour = [0, 0, 0]
  for (let from = 0, to = 0; from < values.length; from += samples, to += channels) {
    const value = (k: number) => to8(values[from + k] as number)
    if (palette !== null) {
      const index = values[from] as number
      for (let k = 0; k < 3; k++) colour[k] = (palette[k * 2 ** bits + index] ?? 0) >> 8
    } else if (colours === 4) {
      for (let k = 0; k < 3; k++) colour[k] = withoutBlack(value(k), value(3))
    } else {
      for (let k = 0; k < colours; k++)
        colour[k] = photometric === photometrics.whiteIsZero ? 255 - value(k) : value(k)
    }
    const opacity = alpha === 0 ? 255 : value(colours)
    for (let k = 0; k < stored; k++) {
      pixels[to + k] =
        alpha === alphas.premultiplied ? separated(colour[k] as number, opacity) : (colour[k] as number)
    }
    if (alpha !== 0) pixels[to + stored] = opacity
  }
  return { width, height, channels, pixels }
}

/** A colour of CMYK without a profile, as Pillow converts it. */
function withoutBlack(ink: number, black: number): number {
  const white = 255 - black
  const product = ink * white + 128
  return Math.max(0, white - (((product >> 8) + product) >> 8))
}

const separated = (value: number, opacity: number): number =>
  opacity === 0 || opacity === 255 ? value : Math.min(255, Math.floor((255 * value) / opacity))

export const tiff: ImageKind = {
  id: 'tiff',
  title: 'TIFF',
  matches: (head) => startsWith(head, 'II*\0') || startsWith(head, 'MM\0*'),
  header: readHeader,
  decode: (bytes) => decode(bytes),
}
