/** The numbers of a domain's images: a byte each where every number is one of 256, otherwise a float32. */

export interface BytePixels {
  readonly bytes: Uint8Array
  /** `[256]`: the number that each byte stands for. */
  readonly values: Float32Array
}

export type Pixels = Float32Array | BytePixels

/** The pixels of a domain that is too large for memory: those of some images, by their positions in the domain. */
export interface StoredPixels {
  read(positions: Int32Array): Pixels
  /** The same pixels; files are read while the caller goes on. */
  readAhead(positions: Int32Array): Promise<Pixels>
}

export function areStored(pixels: Pixels | StoredPixels): pixels is StoredPixels {
  return 'read' in pixels
}

/** The numbers from `start` to before `end`. */
export function valuesBetween(pixels: Pixels, start: number, end: number): Float32Array {
  if (pixels instanceof Float32Array) return pixels.subarray(start, end)
  const { bytes, values } = pixels
  const result = new Float32Array(end - start)
  for (let i = 0; i < result.length; i++) result[i] = values[bytes[start + i] ?? 0] ?? 0
  return result
}

/** The same pixels from `start` to before `end`, without a copy. */
export function pixelsBetween(pixels: Pixels, start: number, end: number): Pixels {
  if (pixels instanceof Float32Array) return pixels.subarray(start, end)
  return { ...pixels, bytes: pixels.bytes.subarray(start, end) }
}
