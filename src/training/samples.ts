/**
 * A domain's samples, from which steps and measurements take batches as float32. They are in memory, and a step gathers
 * its batch by indices; or they are too large for that, and each batch is read from the disk and is an input of its step.
 */
import * as tf from '@tensorflow/tfjs-core'
import { areStored, pixelsBetween, type Pixels, type StoredPixels } from '../data/pixels'
import { unnumbered } from '../graph/unnumbered'
import { nativeBackend } from '../native/backend'
import { packedBytes, unpackedBytes } from '../native/bytes'

/** A domain's samples, row after row: images, or vectors of one length. */
export type SampleArray = { readonly pixels: Pixels | StoredPixels; readonly count: number } & (
  | { readonly size: number; readonly channels: number }
  | { readonly length: number }
)

export interface Samples {
  readonly count: number
  /** Number of samples that one forward pass may take. */
  readonly passSize: number
  /** All samples, packed, a constant of compiled steps; null if they are read from the disk. */
  readonly resident: tf.Tensor | null
  /** What the batch of a step is taken from: the indices; or the samples, packed. */
  input(indices: Int32Array): tf.Tensor
  /** In a step: the samples of an `input`, `[batch, side, side, channels]` or `[batch, length]`. */
  batch(input: tf.Tensor): tf.Tensor
  /** The samples with these indices, outside of steps. */
  rows(indices: Int32Array): tf.Tensor
  /** Waits until the samples of the next `input` are read. */
  ready(indices: Int32Array): Promise<void>
  /** Begins to read the samples of a later `input`. */
  readAhead(indices: Int32Array): void
  dispose(): void
}

/**
 * Samples as one tensor: float32 as they are; or int32 `[rows, width]` with four bytes of a sample in each, to which
 * `unpacked` is the inverse.
 */
interface Packing {
  readonly packed: tf.Tensor
  readonly unpacked: (packed: tf.Tensor) => tf.Tensor
}

/** The shape of one sample. */
function shapeOf(samples: Omit<SampleArray, 'pixels'>): number[] {
  const { length, size, channels } = samples as Partial<Record<'length' | 'size' | 'channels', number>>
  return length === undefined ? [size ?? 0, size ?? 0, channels ?? 0] : [length]
}

function packingOf(pixels: Pixels, count: number, shape: readonly number[]): Packing {
  if (pixels instanceof Float32Array) {
    return { packed: tf.tensor(pixels, [count, ...shape]), unpacked: (packed) => packed }
  }
  const { bytes, values } = pixels
  const integers = packedBytes(bytes, count)
  const length = tf.util.sizeFromShape([...shape])
  return {
    packed: tf.tensor2d(integers, [count, integers.length / count]),
    unpacked: (packed) =>
      unnumbered(() =>
        tf.tidy(() => {
          const rows = unpackedBytes(packed as tf.Tensor2D, tf.tensor1d(values))
          const whole = rows.shape[1] === length ? rows : tf.slice(rows, [0, 0], [-1, length])
          return tf.reshape(whole, [rows.shape[0], ...shape])
        }),
      ),
  }
}

/** Images of 28 x 28 pixels, or vectors, in a forward pass: the first layer's output then takes 18 MB. */
const mostInPass = 250
const leastInPass = 10

/** Of larger images, fewer are in a pass, and it takes the same memory. */
export function passSizeOf(shape: readonly number[]): number {
  const [side = 28] = shape.length === 1 ? [] : shape
  return Math.min(mostInPass, Math.max(leastInPass, Math.floor((mostInPass * 28 ** 2) / side ** 2)))
}

/** Samples in memory are copied into TensorFlow immediately, so that the memory of the array can be freed. */
export function samplesIn(array: SampleArray): Samples {
  const { pixels } = array
  return areStored(pixels) ? storedSamples(pixels, array) : residentSamples(pixels, array)
}

function residentSamples(pixels: Pixels, array: SampleArray): Samples {
  const shape = shapeOf(array)
  const { packed: resident, unpacked } = packingOf(pixels, array.count, shape)
  nativeBackend().getInputTensorIds([resident])
  const input = (indices: Int32Array) => tf.tensor1d(indices, 'int32')
  const batch = (indices: tf.Tensor) => tf.tidy(() => unpacked(tf.gather(resident, indices as tf.Tensor1D)))
  return {
    count: array.count,
    passSize: passSizeOf(shape),
    resident,
    input,
    batch,
    rows: (indices) => tf.tidy(() => batch(input(indices))),
    ready: () => Promise.resolve(),
    readAhead: () => undefined,
    dispose: () => resident.dispose(),
  }
}

const allRows = ({ shape: [count = 0] }: tf.Tensor) => unnumbered(() => tf.range(0, count, 1, 'int32'))

/** Batches that are read before they are needed: that of the next step, and that of the one after. */
const mostAhead = 2

function storedSamples(pixels: StoredPixels, array: SampleArray): Samples {
  const shape = shapeOf(array)
  /** `unpacked` depends only on the shape and on what bytes stand for. */
  const { packed, unpacked } = packingOf(pixels.read(Int32Array.of(0)), 1, shape)
  packed.dispose()
  const begun = new Map<string, Promise<void>>()
  const read = new Map<string, Pixels>()
  const keyOf = (indices: Int32Array) => indices.join()

  async function reading(indices: Int32Array): Promise<void> {
    const found = await pixels.readAhead(indices)
    if (begun.has(keyOf(indices))) read.set(keyOf(indices), found)
  }

  function begin(indices: Int32Array): Promise<void> {
    const key = keyOf(indices)
    const promise = begun.get(key) ?? reading(indices)
    begun.set(key, promise)
    return promise
  }

  function input(indices: Int32Array): tf.Tensor {
    const key = keyOf(indices)
    const found = read.get(key) ?? pixels.read(indices)
    begun.delete(key)
    read.delete(key)
    return packingOf(found, indices.length, shape).packed
  }

  return {
    count: array.count,
    passSize: passSizeOf(shape),
    resident: null,
    input,
    // Gathered like samples in memory, so that the nodes of a step have the same numbers (graph/unnumbered.ts).
    batch: (input) => tf.tidy(() => unpacked(tf.gather(input, allRows(input)))),
    rows: (indices) => tf.tidy(() => unpacked(packingOf(pixels.read(indices), indices.length, shape).packed)),
    ready: begin,
    readAhead(indices) {
      // An error is thrown by `ready`, which returns the same promise.
      if (begun.size < mostAhead) begin(indices).catch(() => undefined)
    },
    dispose() {
      begun.clear()
      read.clear()
    },
  }
}

/** The first `count` samples of an array. */
export function firstSamples<Array extends SampleArray>(array: Array, count: number): Array {
  const { pixels } = array
  if (areStored(pixels)) return { ...array, count }
  return { ...array, count, pixels: pixelsBetween(pixels, 0, count * tf.util.sizeFromShape(shapeOf(array))) }
}
