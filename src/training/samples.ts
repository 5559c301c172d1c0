/** A domain's samples in memory, from which steps and measurements take batches as float32. */
import * as tf from '@tensorflow/tfjs-core'
import { pixelsBetween, type BytePixels, type Pixels } from '../data/pixels'
import { nativeBackend } from '../native/backend'
import { packedBytes, unpackedBytes } from '../native/bytes'

/** A domain's samples as an array, row after row: images, or vectors of one length. */
export type SampleArray = { readonly pixels: Pixels; readonly count: number } & (
  { readonly size: number; readonly channels: number } | { readonly length: number }
)

export interface Samples {
  readonly count: number
  /** The tensor that compiled steps hold: float32 as the samples are, or int32 `[count, width]`, four bytes in each. */
  readonly resident: tf.Tensor
  /** The samples with these indices, `[indices, side, side, channels]` or `[indices, length]`. */
  batch(indices: tf.Tensor1D): tf.Tensor
  dispose(): void
}

/** The shape of one sample. */
function shapeOf(samples: SampleArray): number[] {
  return 'length' in samples ? [samples.length] : [samples.size, samples.size, samples.channels]
}

/** Copies the samples into TensorFlow immediately, so that the memory of the array can be freed. */
export function residentSamples(array: SampleArray): Samples {
  const { pixels } = array
  const samples = pixels instanceof Float32Array ? ofFloats(pixels, array) : ofBytes(pixels, array)
  nativeBackend().getInputTensorIds([samples.resident])
  return samples
}

function ofFloats(pixels: Float32Array, array: SampleArray): Samples {
  const resident = tf.tensor(pixels, [array.count, ...shapeOf(array)])
  return {
    count: array.count,
    resident,
    batch: (indices) => tf.gather(resident, indices),
    dispose: () => resident.dispose(),
  }
}

function ofBytes({ bytes, values }: BytePixels, array: SampleArray): Samples {
  const packed = packedBytes(bytes, array.count)
  const resident = tf.tensor2d(packed, [array.count, packed.length / array.count])
  const shape = shapeOf(array)
  const length = tf.util.sizeFromShape(shape)
  return {
    count: array.count,
    resident,
    batch: (indices) =>
      tf.tidy(() => {
        const rows = unpackedBytes(tf.gather(resident, indices), tf.tensor1d(values))
        const whole = rows.shape[1] === length ? rows : tf.slice(rows, [0, 0], [-1, length])
        return tf.reshape(whole, [indices.shape[0], ...shape])
      }),
    dispose: () => resident.dispose(),
  }
}

/** The first `count` samples of an array. */
export function firstSamples<Array extends SampleArray>(array: Array, count: number): Array {
  return {
    ...array,
    count,
    pixels: pixelsBetween(array.pixels, 0, count * tf.util.sizeFromShape(shapeOf(array))),
  }
}
