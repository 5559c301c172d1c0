/** Decodes the user's images with TensorFlow. Their size is checked first, as strictly as TensorFlow decodes. */
import type { Tensor } from '@tensorflow/tfjs-core'
import { labError } from '../contract/errors'
import { refuseTooLarge } from '../data/image-files'
import type { DecodeImage } from '../data/image-folder'
import { imageHeader, type ImageHeader } from '../data/image-header'
import { nativeBackend, type NativeBackend } from '../native/backend'
import { bytesOf } from '../native/bytes'
import { loadTensorFlow } from './native'

/** As many channels as the file has. */
const asStored = 0
/** No reduction, smooth chroma, truncated files refused, TensorFlow's default transform. */
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
      // Only the first frame: decoding all of them could use much memory for a small file.
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
  // Not `tidy`: it searches the result for tensors value by value, which takes a minute for an image.
  tf.engine().startScope()
  try {
    const image = decode(nativeBackend(), header, bytes)
    // A GIF has a leading axis for frames, here of length 1.
    const [height = 0, width = 0, channels = 0] = image.shape.slice(-3)
    return { width, height, channels, pixels: bytesOf(image) }
  } finally {
    tf.engine().endScope()
  }
}
