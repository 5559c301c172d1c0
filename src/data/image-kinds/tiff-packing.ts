/** How TIFF packs bytes (TIFF 6.0, sections 9 and 13). Both give at most `length` bytes. */

export function unpackBits(packed: Uint8Array, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let [at, to] = [0, 0]
  while (to < length) {
    const count = packed[at++]
    if (count === undefined) throw new Error('cut short')
    if (count < 128) {
      const run = packed.subarray(at, at + Math.min(count + 1, length - to))
      if (run.length === 0) throw new Error('cut short')
      bytes.set(run, to)
      to += count + 1
      at += count + 1
    } else if (count > 128) {
      const value = packed[at++]
      if (value === undefined) throw new Error('cut short')
      bytes.fill(value, to, to + 257 - count)
      to += 257 - count
    }
  }
  return bytes
}

const clear = 256
const end = 257
const mostCodes = 4096

/** LZW with the highest bits first; the width of a code grows one code early. */
export function unpackLzw(packed: Uint8Array, length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  /** Where in `bytes` the string of a code lies, and how long it is. */
  const starts = new Uint32Array(mostCodes)
  const lengths = new Uint32Array(mostCodes)
  let [width, next, previous] = [9, end + 1, -1]
  let [held, heldBits, at, to, previousStart] = [0, 0, 0, 0, 0]
  while (to < length) {
    while (heldBits < width) {
      const byte = packed[at++]
      if (byte === undefined) throw new Error('cut short')
      held = ((held << 8) | byte) & 0xffffff
      heldBits += 8
    }
    const code = (held >> (heldBits - width)) & ((1 << width) - 1)
    heldBits -= width
    if (code === end) break
    if (code === clear) {
      ;[width, next, previous] = [9, end + 1, -1]
      continue
    }
    if (code > next || (code === next && previous < 0)) throw new Error('bad code')
    // A new string: the previous one and the first byte of this one, which lie side by side in `bytes`.
    if (previous >= 0 && next < mostCodes) {
      starts[next] = previousStart
      lengths[next] = to - previousStart + 1
      next += 1
    } else if (code >= next) throw new Error('bad code')
    const start = to
    if (code < clear) bytes[to++] = code
    else {
      const [from, count] = [starts[code] as number, lengths[code] as number]
      for (let k = 0; k < count && to < length; k++) bytes[to++] = bytes[from + k] as number
    }
    previous = code
    previousStart = start
    if (next >= (1 << width) - 1 && width < 12) width += 1
  }
  return bytes.subarray(0, to)
}
