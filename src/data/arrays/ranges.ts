/** What the values of pixels mean, and the values as the lab holds them: bytes, or floats from 0 (black) to 1 (white). */
import { labError, type ValueRange } from '../../contract/errors'
import { note, type Note } from '../../contract/note'
import { maxBytes, shareOfByte } from '../dataset'
import { tooLarge } from '../file'
import type { NumberArray, Numbers } from './array-file'
import { product } from './axes'

/** What the values of an array are, seen once. */
interface Seen {
  readonly least: number
  readonly most: number
  readonly areWhole: boolean
}

/** A share of the range by which rounding may lead outside it. */
const hair = 1e-3

interface RangeFacts {
  readonly black: number
  readonly white: number
}

const ranges: Readonly<Record<ValueRange, RangeFacts>> = {
  unit: { black: 0, white: 1 },
  symmetric: { black: -1, white: 1 },
  byte: { black: 0, white: 255 },
  'sixteen-bit': { black: 0, white: 65535 },
}

/** Where the pixels come from, for errors and notes. */
export interface PixelSource {
  readonly file: string
  readonly array: NumberArray
  /** 4: the last channel of each pixel is its opacity. */
  readonly channels: number
  readonly count: number
}

/** Throws `pixel-not-finite`. Opacity is not looked at. */
function seenIn({ file, array, channels, count }: PixelSource): Seen {
  const { values } = array
  let [least, most, areWhole] = [Infinity, -Infinity, true]
  const hasAlpha = channels === 4
  for (let i = 0; i < values.length; i++) {
    if (hasAlpha && i % 4 === 3) continue
    const value = values[i] ?? 0
    if (!Number.isFinite(value)) {
      const image = Math.floor((i * count) / values.length)
      throw labError('pixel-not-finite', { file, array: array.name, image, value: String(value) })
    }
    if (value < least) least = value
    if (value > most) most = value
    areWhole = areWhole && Number.isInteger(value)
  }
  return { least, most, areWhole }
}

const shown = (value: number): number => Number(value.toPrecision(8))

function within({ least, most }: Seen, range: ValueRange): boolean {
  const { black, white } = ranges[range]
  const slack = hair * (white - black)
  return least >= black - slack && most <= white + slack
}

/** Null: no range is known that fits. */
function rangeFor(type: string, seen: Seen): ValueRange | null {
  const { least, most, areWhole } = seen
  if (type === 'bool') return 'unit'
  if (!type.startsWith('float')) {
    if (least < 0) return null
    return most <= 255 ? 'byte' : most <= 65535 ? 'sixteen-bit' : null
  }
  if (within(seen, 'unit')) return 'unit'
  // Values that are hardly negative may have overshot 0, which no range explains.
  if (least <= -0.5 && within(seen, 'symmetric')) return 'symmetric'
  if (most >= 2 && within(seen, 'byte')) return 'byte'
  return areWhole && least >= 0 && most > 255 && most <= 65535 ? 'sixteen-bit' : null
}

/** How values become pixels; that of the training samples serves for the test samples too. */
export interface Scale {
  readonly range: ValueRange
  readonly black: number
  readonly white: number
  /** The array that it was taken from. */
  readonly first: string
}

/** The scale of the training samples, with notes. Throws `range-unknown`, `pixel-not-finite`. */
export function scaleOf(source: PixelSource, stretch: boolean): { scale: Scale; notes: Note[] } {
  const { name, type } = source.array
  const seen = seenIn(source)
  const [least, most] = [shown(seen.least), shown(seen.most)]
  const range = rangeFor(type, seen)
  if (range === null) throw labError('range-unknown', { file: source.file, array: name, type, least, most })
  const { black, white } = ranges[range]
  const notes: Note[] = []
  if (type !== 'uint8') notes.push(note('range-taken', { array: name, type, range }))
  if (stretch && seen.least < seen.most) {
    notes.push(note('range-stretched', { array: name, least, most }))
    return { scale: { range, black: seen.least, white: seen.most, first: name }, notes }
  }
  if (seen.most < black + (white - black) / 2) {
    notes.push(note('range-unused', { array: name, brightest: most, full: white }))
  }
  return { scale: { range, black, white, first: name }, notes }
}

/** Floats as the bytes that they exactly stand for; null if one is none. */
function asBytes(values: Float32Array): Uint8Array | null {
  const bytes = new Uint8Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0
    const byte = Math.round(value * 255)
    if (shareOfByte[byte] !== value) return null
    bytes[i] = byte
  }
  return bytes
}

function wholeBytes(values: Numbers): Uint8Array | null {
  if (values instanceof Uint8Array) return values
  const bytes = new Uint8Array(values.length)
  for (let i = 0; i < values.length; i++) {
    const value = values[i] ?? 0
    if (!Number.isInteger(value) || value < 0 || value > 255) return null
    bytes[i] = value
  }
  return bytes
}

/**
 * The pixels of an array on a scale, values a hair outside at its ends.
 * @throws `range-differs` if the values lie elsewhere
 */
export function scaledPixels(
  source: PixelSource,
  { range, black, white, first }: Scale,
): { pixels: Uint8Array | Float32Array; notes: Note[] } {
  const { file, array, channels } = source
  const { values, name } = array
  const seen = seenIn(source)
  const [least, most] = [shown(seen.least), shown(seen.most)]
  if (!within(seen, range)) throw labError('range-differs', { file, array: name, least, most, first, range })
  if (range === 'byte' && black === 0 && white === 255) {
    const bytes = wholeBytes(values)
    if (bytes !== null) return { pixels: bytes, notes: [] }
  }
  if (4 * product(array.shape) > maxBytes) throw tooLarge(file, 4 * product(array.shape))
  const pixels = new Float32Array(values.length)
  const span = white - black
  const ends = ranges[range]
  let count = 0
  for (let i = 0; i < values.length; i++) {
    const isAlpha = channels === 4 && i % 4 === 3
    const value = values[i] ?? 0
    const share = isAlpha ? (value - ends.black) / (ends.white - ends.black) : (value - black) / span
    // A NaN can only be an opacity.
    const kept = share >= 0 ? Math.min(share, 1) : 0
    if (kept !== share && !isAlpha) count += 1
    pixels[i] = kept
  }
  const notes = count === 0 ? [] : [note('range-clipped', { count, array: name, least, most })]
  return { pixels: asBytes(pixels) ?? pixels, notes }
}

/** Pixels with opacity, drawn on white. */
export function onWhite<P extends Uint8Array | Float32Array>(pixels: P): P {
  const full = pixels instanceof Uint8Array ? 255 : 1
  const Kind = pixels.constructor as new (length: number) => P
  const drawn = new Kind((pixels.length / 4) * 3)
  for (let from = 0, to = 0; from < pixels.length; from += 4) {
    const alpha = (pixels[from + 3] ?? 0) / full
    for (let i = from; i < from + 3; i++) {
      const value = alpha * (pixels[i] ?? 0) + (1 - alpha) * full
      drawn[to++] = full === 255 ? Math.round(value) : value
    }
  }
  return drawn
}
