/** A small dataset as an .npz file, as bytes or as floats of the same values. */
import { encodeNpz } from '../../../src/data/stored-arrays'
import { equalImages } from '../../../src/data/dataset'

export function sampleTable(type: 'bytes' | 'floats'): Uint8Array {
  const bytes = Uint8Array.from({ length: 4 * 6 * 5 }, (_, i) => (i * 37) % 256)
  const pixels = type === 'bytes' ? bytes : Float32Array.from(bytes, (byte) => byte / 255)
  const labels = Uint8Array.from([0, 1, 0, 1])
  return encodeNpz(equalImages({ width: 6, height: 5, channels: 1, train: { pixels, labels }, test: null }))
}
