/** Byte tensors, a type that tfjs lacks. */
import { tensor1d, type Tensor } from '@tensorflow/tfjs-core'
import { nativeBackend } from './backend'

/**
 * The values of an image, which TensorFlow holds as bytes. The addon can only read 32-bit integers, so four bytes are
 * read as one integer; the remaining bytes are read one by one.
 */
export function bytesOf(image: Tensor): Uint8Array {
  const native = nativeBackend()
  const { TF_ATTR_TYPE: type, TF_UINT8, TF_INT32 } = native.binding
  const run = (op: string, types: Readonly<Record<string, number>>, ...inputs: Tensor[]) => {
    const attributes = Object.entries(types).map(([name, value]) => ({ name, type, value }))
    return native.executeSingleOutput(op, attributes, inputs)
  }
  const numbers = (...values: number[]) => tensor1d(values, 'int32')
  const reshape = (tensor: Tensor, ...shape: number[]) =>
    run('Reshape', { T: TF_UINT8, Tshape: TF_INT32 }, tensor, numbers(...shape))
  const flat = reshape(image, -1)
  const slice = (start: number, count: number) =>
    run('Slice', { T: TF_UINT8, Index: TF_INT32 }, flat, numbers(start), numbers(count))

  const left = image.size % 4
  const whole = image.size - left
  const bytes = new Uint8Array(image.size)
  if (whole > 0) {
    const fours = reshape(slice(0, whole), whole / 4, 4)
    const read = run('Bitcast', { T: TF_UINT8, type: TF_INT32 }, fours).dataSync()
    bytes.set(new Uint8Array(read.buffer, read.byteOffset, read.byteLength))
  }
  if (left > 0) {
    bytes.set(run('Cast', { SrcT: TF_UINT8, DstT: TF_INT32 }, slice(whole, left)).dataSync(), whole)
  }
  return bytes
}
