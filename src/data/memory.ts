/** Limits on the memory of datasets and domains. */
import { totalmem } from 'os'
import { labError } from '../contract/errors'
import type { ModelOptions } from '../contract/experiment'
import { inWords } from '../files/free-space'
import type { Size } from './sizes'

/** The largest file that Node reads at once; on a small machine, half of its memory. */
const maxHeld = Math.min(2 ** 31 - 1, Math.floor(totalmem() / 2))

/**
 * Bytes of pixels, of a dataset or of an experiment's domain, up to which they are held in memory: as much as a dataset of
 * arrays may have; on a small machine, an eighth of its memory. Of more, parts are read from the disk as they are
 * needed.
 */
export const mostResident = Math.min(2 ** 29, Math.floor(totalmem() / 8))

/**
 * Bytes of pixels of a dataset that the analyst holds while it answers a question. Larger datasets are read from the disk in
 * batches.
 */
export const mostForQuestion = 2 ** 26

/** Bytes of a dataset's pixels to hold: a backbone reads only the images whose features are not kept yet. */
export function mostHeldFor({ backbone }: Pick<ModelOptions, 'backbone'>, most?: number): number | undefined {
  return backbone === null ? most : 0
}

/** Throws `image-beyond-memory` if decoding an image would take `needed` bytes, and that is more than `most`. */
export function refuseImageBeyondMemory(file: string, size: Size, needed: number, most = maxHeld): void {
  if (needed <= most) return
  const { width, height } = size
  throw labError('image-beyond-memory', { file, width, height, needed: inWords(needed), most: inWords(most) })
}

/**
 * For a folder of images that is read without being imported. Throws `dataset-beyond-memory` with the number of samples
 * of this kind that would fit.
 */
export function refuseBeyondMemory(
  file: string,
  { bytes, count }: { readonly bytes: number; readonly count: number },
  most = maxHeld,
): void {
  if (bytes <= most) return
  throw labError('dataset-beyond-memory', {
    file,
    needed: inWords(bytes),
    most: inWords(most),
    samples: count,
    fit: Math.floor((count * most) / bytes),
  })
}
