/**
 * Reads a folder of IDX files named like MNIST's: `train-images-idx3-ubyte` with `train-labels-idx1-ubyte`, and the
 * test images under `t10k-` or `test-`. Names may have any prefix and the ending `.gz`. A folder with one pair of any
 * name is a dataset without test images.
 */
import { promises as fs } from 'fs'
import { join } from 'path'
import { labError } from '../../contract/errors'
import { equalImages, type ImageTable } from '../dataset'
import { type IdxImages, readIdxPair } from './idx'

const imagesName = /^(.*)images([-._])idx3([-._])ubyte(\.gz)?$/i
const testName = /(^|[-._])(t10k|test)[-._]/i

function isImages(file: string): boolean {
  return imagesName.test(file)
}

/** Whether a folder with these files is read as IDX files. */
export function holdsIdx(files: readonly string[]): boolean {
  return files.some(isImages)
}

/** The label file for an image file, packed or not. */
function labelsFor(images: string, files: readonly string[]): string {
  const name = images.replace(imagesName, '$1labels$2idx1$3ubyte')
  return [name, `${name}.gz`].find((candidate) => files.includes(candidate)) ?? name
}

async function readPair(
  folder: string,
  images: string,
  files: readonly string[],
  taken = 0,
): Promise<IdxImages> {
  return readIdxPair(join(folder, images), join(folder, labelsFor(images, files)), taken)
}

/**
 * The files together unpack to at most `maxBytes`.
 * @throws the errors of `readIdxPair`, `unequal-sizes`, and `unknown-format` if the roles of the pairs are unclear
 */
export async function readIdxFolder(folder: string): Promise<ImageTable> {
  const files = (await fs.readdir(folder)).sort()
  const all = files.filter(isImages)
  const tests = all.filter((file) => testName.test(file))
  const trains = all.filter((file) => !testName.test(file))
  const trainFile = trains[0] ?? tests[0]
  const testFile = trains.length === 0 ? undefined : tests[0]
  if (trainFile === undefined || trains.length > 1 || tests.length > 1) {
    throw labError('unknown-format', { file: folder })
  }
  const train = await readPair(folder, trainFile, files)
  const taken = train.pixels.length + train.labels.length
  const test = testFile === undefined ? null : await readPair(folder, testFile, files, taken)
  if (test !== null && (test.width !== train.width || test.height !== train.height)) {
    throw labError('unequal-sizes', {
      file: join(folder, testFile ?? ''),
      found: `${test.width} x ${test.height}`,
      expected: `${train.width} x ${train.height}`,
    })
  }
  return equalImages({ width: train.width, height: train.height, channels: 1, train, test })
}
