/** Boxes of the ISO base media file format (ISO/IEC 14496-12), in which AVIF and HEIC are stored. */

export interface Box {
  readonly name: string
  /** What the box holds, after its length and name. */
  readonly body: Buffer
}

/** The boxes that lie one after another in these bytes; one that reaches beyond the end is left out. */
export function boxesIn(bytes: Buffer): Box[] {
  const boxes: Box[] = []
  let at = 0
  while (at + 8 <= bytes.length) {
    let length = bytes.readUInt32BE(at)
    let head = 8
    if (length === 0) length = bytes.length - at
    else if (length === 1) {
      // A length of 64 bits.
      if (at + 16 > bytes.length) break
      length = bytes.readUInt32BE(at + 8) * 2 ** 32 + bytes.readUInt32BE(at + 12)
      head = 16
    }
    if (length < head || at + length > bytes.length) break
    boxes.push({
      name: bytes.toString('latin1', at + 4, at + 8),
      body: bytes.subarray(at + head, at + length),
    })
    at += length
  }
  return boxes
}

/** The brands of a file: what it is, and what it is compatible with. None if it does not start with an `ftyp` box. */
export function brandsOf(head: Buffer): string[] {
  if (head.length < 16 || head.toString('latin1', 4, 8) !== 'ftyp') return []
  const end = Math.min(head.length, head.readUInt32BE(0))
  const brands = [head.toString('latin1', 8, 12)]
  for (let at = 16; at + 4 <= end; at += 4) brands.push(head.toString('latin1', at, at + 4))
  return brands
}
