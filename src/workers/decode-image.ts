/** Decodes the user's images. Their size is checked first, as strictly as the decoders read it. */
import type { Tensor } from '@tensorflow/tfjs-core'
import { labError } from '../contract/errors'
import { refuseTooLarge, requireHeader } from '../data/image-header'
import type { DecodedImage } from '../data/image-kinds/decoded-image'
import type { NativeDecoders } from '../data/image-kinds/kind'
import { imageKindOf } from '../data/image-kinds/registry'
import type { DecodeImage } from '../data/photo'
import { nativeBackend, type NativeBackend } from '../native/backend'
import { bytesOf } from '../native/bytes'
import { loadTensorFlow } from './native'

/** As many channels as the file has. */
const asStored = 0
/** Smooth chroma, truncated files refused, and the accurate transform, as libjpeg and Pillow decode by default. */
const jpegOptions = [true, false, 1, 'INTEGER_ACCURATE'] as const

async function image(decode: (native: NativeBackend) => Tensor): Promise<DecodedImage> {
  const { tf } = await loadTensorFlow(1)
  // Not `tidy`: it searches the result for tensors value by value, which takes a minute for an image.
  tf.engine().startScope()
  try {
    const decoded = decode(nativeBackend())
    const [height = 0, width = 0, channels = 0] = decoded.shape
    return { width, height, channels, pixels: bytesOf(decoded) }
  } finally {
    tf.engine().endScope()
  }
}

const native: NativeDecoders = {
  png: (bytes) => image((tf) => tf.decodePng(bytes, asStored)),
  jpeg: (bytes, ratio) => image((tf) => tf.decodeJpeg(bytes, asStored, ratio, ...jpegOptions)),
}

/** @throws `image-undecodable`, `image-kind-unread`, `image-too-large`, `native-missing` */
export const decodeImage: DecodeImage = async (file, path, least = Infinity) => {
  const bytes = Buffer.from(file.buffer, file.byteOffset, file.length)
  const header = requireHeader(path, bytes)
  refuseTooLarge(path, header)
  const kind = imageKindOf(bytes)
  if (kind === null) throw labError('image-undecodable', { file: path })
  return kind.decode(bytes, header, { native, least })
}
