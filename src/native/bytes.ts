/** Byte tensors, a type that tfjs lacks. */
import {
  reshape,
  scalar,
  tensor1d,
  tidy,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core'
import { nativeBackend } from './backend'

/** Runs one operation whose attributes are element types. */
function run(op: string, types: Readonly<Record<string, number>>, ...inputs: Tensor[]): Tensor {
  const native = nativeBackend()
  const { TF_ATTR_TYPE: type } = native.binding
  const attributes = Object.entries(types).map(([name, value]) => ({ name, type, value }))
  return native.executeSingleOutput(op, attributes, inputs)
}

const numbers = (...values: number[]) => tensor1d(values, 'int32')

/** Four bytes in each integer, row after row; the last integer of a row may be filled up with zeros. */
export function packedBytes(bytes: Uint8Array, rows: number): Int32Array {
  const length = bytes.length / rows
  const width = Math.ceil(length / 4)
  const packed = new Int32Array(rows * width)
  const to = new Uint8Array(packed.buffer)
  if (length % 4 === 0) to.set(bytes)
  else
    for (let row = 0; row < rows; row++)
      to.set(bytes.subarray(row * length, (row + 1) * length), 4 * width * row)
  return packed
}

/**
 * What the bytes in packed rows `[rows, width]` stand for: `[rows, 4 width]`. Numbers from a table are the same bits in
 * every graph, where TensorFlow would replace a division by a constant with a multiplication.
 * @param values `[256]`: the number that each byte stands for
 */
export function unpackedBytes(packed: Tensor2D, values: Tensor1D): Tensor2D {
  const { TF_UINT8, TF_INT32, TF_FLOAT } = nativeBackend().binding
  const [rows, width] = packed.shape
  return tidy(() => {
    const bytes = run('Bitcast', { T: TF_INT32, type: TF_UINT8 }, packed)
    const indices = run('Cast', { SrcT: TF_UINT8, DstT: TF_INT32 }, bytes)
    const types = { Tparams: TF_FLOAT, Tindices: TF_INT32, Taxis: TF_INT32 }
    return reshape(run('GatherV2', types, values, indices, scalar(0, 'int32')), [rows, 4 * width])
  })
}

/**
 * The values of an image, which TensorFlow holds as bytes. The addon can only read 32-bit integers, so four bytes are
 * read as one integer; the remaining bytes are read one by one.
 */
export function bytesOf(image: Tensor): Uint8Array {
  const { TF_UINT8, TF_INT32 } = nativeBackend().binding
  const reshaped = (tensor: Tensor, ...shape: number[]) =>
    run('Reshape', { T: TF_UINT8, Tshape: TF_INT32 }, tensor, numbers(...shape))
  const flat = reshaped(image, -1)
  const slice = (start: number, count: number) =>
    run('Slice', { T: TF_UINT8, Index: TF_INT32 }, flat, numbers(start), numbers(count))

  const left = image.size % 4
  const whole = image.size - left
  if (left === 0) {
    // Most images; without copies of a photograph.
    const read = run('Bitcast', { T: TF_UINT8, type: TF_INT32 }, reshaped(image, whole / 4, 4)).dataSync()
    return new Uint8Array(read.buffer, read.byteOffset, read.byteLength)
  }
  const bytes = new Uint8Array(image.size)
  if (whole > 0) {
    const fours = reshaped(slice(0, whole), whole / 4, 4)
    const read = run('Bitcast', { T: TF_UINT8, type: TF_INT32 }, fours).dataSync()
    bytes.set(new Uint8Array(read.buffer, read.byteOffset, read.byteLength))
  }
  if (left > 0) {
    bytes.set(run('Cast', { SrcT: TF_UINT8, DstT: TF_INT32 }, slice(whole, left)).dataSync(), whole)
  }
  return bytes
}
