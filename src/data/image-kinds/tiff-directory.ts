/** The first directory of a TIFF, in which EXIF keeps its tags too (TIFF 6.0, section 2). */

export interface TiffDirectory {
  readonly littleEndian: boolean
  /** The numbers of a tag; null if the tag is absent, no number, or outside the bytes. */
  numbers(tag: number): number[] | null
  /** The first number of a tag. */
  number(tag: number): number | null
}

/** Bytes of a value by type: 1 byte, 3 short, 4 long. Orientation is stored as any of them. */
const widths: Readonly<Record<number, 1 | 2 | 4>> = { 1: 1, 3: 2, 4: 4 }
const entryBytes = 12
/** More than the strips, tiles and colours of any image that is read. */
const mostNumbers = 2 ** 22

/** Null if the bytes do not start with a TIFF header, or end within the directory. */
export function tiffDirectory(bytes: Buffer): TiffDirectory | null {
  const order = bytes.toString('latin1', 0, 2)
  if (bytes.length < 8 || (order !== 'II' && order !== 'MM')) return null
  const littleEndian = order === 'II'
  const read = (at: number, width: 1 | 2 | 4) =>
    littleEndian ? bytes.readUIntLE(at, width) : bytes.readUIntBE(at, width)
  if (read(2, 2) !== 42) return null
  const start = read(4, 4)
  if (start + 2 > bytes.length) return null
  const count = read(start, 2)
  if (start + 2 + count * entryBytes > bytes.length) return null
  const entries = new Map<number, number>()
  for (let at = start + 2; at < start + 2 + count * entryBytes; at += entryBytes) {
    const tag = read(at, 2)
    if (!entries.has(tag)) entries.set(tag, at)
  }

  /** At most `most` of them: a tag may hold as many numbers as the file has bytes. */
  function numbers(tag: number, most = mostNumbers): number[] | null {
    const at = entries.get(tag)
    if (at === undefined) return null
    const width = widths[read(at + 2, 2)]
    if (width === undefined) return null
    const length = read(at + 4, 4)
    const from = length * width <= 4 ? at + 8 : read(at + 8, 4)
    if (from + length * width > bytes.length) return null
    return Array.from({ length: Math.min(length, most) }, (_, index) => read(from + index * width, width))
  }
  return { littleEndian, numbers: (tag) => numbers(tag), number: (tag) => numbers(tag, 1)?.[0] ?? null }
}
