/** Images of the user's, decoded by TensorFlow. Their size is looked at before, as strictly as it decodes. */
import type { Tensor } from '@tensorflow/tfjs-core'
import { labError } from '../contract/errors'
import { refuseTooLarge, type DecodeImage } from '../data/image-folder'
import { imageHeader, type ImageHeader } from '../data/image-header'
import { nativeBackend, type NativeBackend } from '../native/backend'
import { bytesOf } from '../native/bytes'
import { loadTensorFlow } from './native'

/** As many channels as the file has. */
const asStored = 0
/** No reduction, smooth chroma, files that are cut short refused, TensorFlow's own choice of transform. */
const jpegOptions = [1, true, false, 1, ''] as const
const gifTrailer = 0x3b

function decode(native: NativeBackend, { format, end }: ImageHeader, bytes: Buffer): Tensor {
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
    const image = decode(nativeBackend(), header, bytes)
    // A GIF's pictures have an axis before the others, of length 1 here.
    const [height = 0, width = 0, channels = 0] = image.shape.slice(-3)
    return { width, height, channels, pixels: bytesOf(image) }
  } finally {
    tf.engine().endScope()
  }
}
