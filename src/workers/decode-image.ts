/** Images of the user's, decoded by TensorFlow. Their size is looked at before, as strictly as it decodes. */
import type { Tensor } from '@tensorflow/tfjs-core'
import { labError } from '../contract/errors'
import { refuseTooLarge, type DecodeImage } from '../data/image-folder'
import { imageHeader, type ImageHeader } from '../data/image-header'
import { loadTensorFlow, type TensorFlow } from './native'

/** The backend itself: tfjs-node's own functions make four bytes of each value, too much for the largest images. */
interface Native {
  readonly binding: Readonly<Record<'TF_ATTR_TYPE' | 'TF_UINT8' | 'TF_INT32', number>>
  executeSingleOutput(
    op: string,
    attributes: { name: string; type: number; value: number }[],
    inputs: Tensor[],
  ): Tensor
  decodePng(bytes: Uint8Array, channels: number): Tensor
  decodeJpeg(bytes: Uint8Array, channels: number, ...options: readonly (number | boolean | string)[]): Tensor
  decodeBmp(bytes: Uint8Array, channels: number): Tensor
  decodeGif(bytes: Uint8Array): Tensor
}

/** As many channels as the file has. */
const asStored = 0
/** No reduction, smooth chroma, files that are cut short refused, TensorFlow's own choice of transform. */
const jpegOptions = [1, true, false, 1, ''] as const
const gifTrailer = 0x3b

function decode(native: Native, { format, end }: ImageHeader, bytes: Buffer): Tensor {
  switch (format) {
    case 'png':
      return native.decodePng(bytes, asStored)
    case 'jpeg':
      return native.decodeJpeg(bytes, asStored, ...jpegOptions)
    case 'bmp':
      return native.decodeBmp(bytes, asStored)
    case 'gif':
      // The first picture alone: all of them unpacked together would make much of a small file.
      return native.decodeGif(Buffer.concat([bytes.subarray(0, end), Buffer.of(gifTrailer)]))
  }
}

/**
 * The values of an image, which TensorFlow holds as bytes. The addon reads whole numbers of 32 bits only, so four
 * bytes are read as one of these; what is left at the end is read one by one.
 */
function bytesOf({ tensor1d }: TensorFlow, native: Native, image: Tensor): Uint8Array {
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

/** @throws `image-undecodable`, `image-too-large`, `native-missing` */
export const decodeImage: DecodeImage = async (file, path) => {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.length)
  const header = imageHeader(bytes)
  if (header === null) throw labError('image-undecodable', { file: path })
  refuseTooLarge(path, header)
  const { tf } = await loadTensorFlow(1)
  // Not `tidy`: it looks for tensors in what it gives back, value by value, which for an image takes a minute.
  tf.engine().startScope()
  try {
    const native = tf.backend() as unknown as Native
    const image = decode(native, header, bytes)
    // A GIF's pictures have an axis before the others, of length 1 here.
    const [height = 0, width = 0, channels = 0] = image.shape.slice(-3)
    return { width, height, channels, pixels: bytesOf(tf, native, image) }
  } finally {
    tf.engine().endScope()
  }
}
