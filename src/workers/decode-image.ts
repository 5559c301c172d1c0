/** Images of the user's, decoded by TensorFlow. The data room has looked at their size before. */
import type { Tensor3D } from '@tensorflow/tfjs-core'
import { labError } from '../contract/errors'
import type { DecodeImage } from '../data/image-folder'
import { loadTensorFlow } from './native'

/**
 * How the formats that are read begin. A GIF is not: all its pictures would be unpacked together, so a small
 * file could fill the memory.
 */
const magics: readonly (readonly number[])[] = [
  [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a], // PNG
  [0xff, 0xd8, 0xff], // JPEG
  [0x42, 0x4d], // BMP
]

function isKnown(bytes: Uint8Array): boolean {
  return magics.some((magic) => magic.every((byte, i) => bytes[i] === byte))
}

/** @throws `image-undecodable`, `native-missing` */
export const decodeImage: DecodeImage = async (bytes, file) => {
  if (!isKnown(bytes)) throw labError('image-undecodable', { file })
  const { tf } = await loadTensorFlow(1)
  return tf.tidy(() => {
    // Only a GIF, which is not read, has a fourth axis.
    const image = tf.node.decodeImage(bytes) as Tensor3D
    const [height, width, channels] = image.shape
    return { width, height, channels, pixels: Uint8Array.from(image.dataSync()) }
  })
}
