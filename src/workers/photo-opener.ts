/** Reads image files for prediction: small ones in this process, others in decoder processes. */
import { promises as fs } from 'fs'
import { statOf } from '../data/file'
import { readHeader } from '../data/image-files'
import { mostTogether, refuseTooLarge, requireHeader } from '../data/image-header'
import type { ImageHeader } from '../data/image-kinds/kind'
import { type Photo, photoIn, readPhoto } from '../data/photo'
import { fileError } from '../files/file-error'
import { decodeImage } from './decode-image'
import { photoReaders } from './photo-readers'

/** Pixels of an image up to which decoding it takes less time than sending it from another process. */
const mostHere = 256 ** 2

/** Images whose reading begins ahead of their turn: decoders work while this process computes. */
const mostAhead = 64

/** Bytes of a file up to which all of it is read for its header. */
const mostAtOnce = 2 ** 16

/** The header of a file, and the whole file if it is small: opening it again takes as long as decoding it. */
async function begin(file: string): Promise<{ readonly bytes: Buffer | null; readonly header: ImageHeader }> {
  const stats = await statOf(file)
  if (!stats.isFile() || stats.size > mostAtOnce) return { bytes: null, header: await readHeader(file) }
  const bytes = await fs.readFile(file)
  const header = requireHeader(file, bytes)
  refuseTooLarge(file, header)
  return { bytes, header }
}

/** Reads image files, in decoders if there are many and they are not small. Large ones are read one at a time. */
export function photoOpener(count: number) {
  const readers = photoReaders(count)
  let large: Promise<unknown> = Promise.resolve()
  async function read(file: string): Promise<Photo> {
    const { bytes, header } = await begin(file)
    const { width, height, channels } = header
    const size = { width, height }
    const stated = { file, size, channels }
    const isHere = readers === null || width * height <= mostHere
    const work = () => {
      if (!isHere) return readers.read(stated, channels)
      return bytes === null
        ? readPhoto(stated, channels, decodeImage)
        : photoIn(bytes, stated, channels, decodeImage)
    }
    if (size.width * size.height <= mostTogether) return work()
    const photo = large.then(work)
    large = photo.catch(() => undefined)
    return photo
  }
  const readKnown = (file: string) =>
    read(file).catch((problem: unknown) => {
      throw fileError(problem, file)
    })
  return { read: readKnown, ahead: { count: mostAhead, isAlone: () => false } }
}
