/**
 * The analyst in the Electron that is here, run as Node as the desktop program runs it: under Electron 9.4.1 that is Node
 * 12, without SIMD for WebAssembly. Every format leaves the bytes that the analyst leaves under this Node.
 */
import { createHash } from 'crypto'
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'fs'
import { join } from 'path'
import { unzipSync } from 'fflate'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { cacheFolder, checkout } from '../../build/machine.mjs'
import { findElectron } from '../../build/electron.mjs'
import { encodeIdx } from '../../src/data/codecs/idx'
import { createLab, type OpenLab } from '../../src/lab/create-lab'
import { temporaryFolder, useProgramsInFile } from './programs'

const programs = useProgramsInFile()
const fixtures = join(__dirname, '../fixtures')

interface Reader {
  readonly lab: OpenLab
  readonly datasets: string
}
let readers: readonly Reader[] = []

async function readerUnder(execPath: string): Promise<Reader> {
  const dataFolder = temporaryFolder()
  return {
    lab: await createLab({ dataFolder, workers: programs, execPath }),
    datasets: join(dataFolder, 'datasets'),
  }
}

beforeAll(async () => {
  const electron = findElectron(checkout, cacheFolder())
  if (electron === null) throw new Error('Electron is not there: npm run setup')
  readers = await Promise.all([process.execPath, electron.program].map(readerUnder))
})
afterAll(async () => {
  for (const { lab } of readers) await lab.close()
})

/** A folder with one class of all fixtures of these endings. */
function imagesOf(...endings: string[]): string {
  const folder = join(temporaryFolder(), 'images')
  const kinds = join(fixtures, 'kinds')
  for (const name of ['a', 'b']) mkdirSync(join(folder, name), { recursive: true })
  const names = readdirSync(kinds).filter((name) => endings.some((ending) => name.endsWith(ending)))
  names.forEach((name, index) => copyFileSync(join(kinds, name), join(folder, index % 2 ? 'a' : 'b', name)))
  return folder
}

function written(name: string, content: string | Buffer): string {
  const path = join(temporaryFolder(), name)
  writeFileSync(path, content)
  return path
}

const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

/** Of the file, or of the arrays in an archive, which also holds the time. */
function digestsOf(file: string, bytes: Buffer): [name: string, digest: string][] {
  if (!file.endsWith('.npz')) return [[file, digestOf(bytes)]]
  return Object.entries(unzipSync(bytes)).map(([name, array]) => [name, digestOf(array)])
}

const pixels = Buffer.from(Uint8Array.from({ length: 6 * 64 }, (_, index) => (index * 7) % 256))
const layout = { layout: 'nhw' as const }

it.each<[string, () => string, object]>([
  ['MATLAB', () => join(fixtures, 'imports/digits.mat'), {}],
  ['HDF5', () => join(fixtures, 'imports/digits.h5'), {}],
  ['MATLAB 7.3', () => join(fixtures, 'containers/version73.mat'), layout],
  ['CSV', () => written('table.csv', 'long,wide,kind\n1.5,2,cat\n3,4.25,dog\n5,6,猫\n'), {}],
  ['IDX', () => written('x-images-idx3-ubyte', encodeIdx([6, 8, 8], pixels)), {}],
  ['PNG', () => imagesOf('.png'), {}],
  ['JPEG', () => imagesOf('.jpg'), {}],
  ['AVIF', () => imagesOf('.avif'), {}],
  ['WebP', () => imagesOf('.webp'), {}],
  ['TIFF', () => imagesOf('.tif'), {}],
  ['BMP, GIF, PGM', () => imagesOf('.bmp', '.gif', '.pgm', '.ppm', '.pbm'), {}],
])('%s', async (name, make, choices) => {
  const path = make()
  const kept = await Promise.all(
    readers.map(async ({ lab, datasets }) => {
      const id = name.replace(/\W+/g, '-').toLowerCase()
      const { counts, classNames } = await lab.call('importDataset', { path, name: id, choices })
      const files = readdirSync(datasets).filter(
        (file) => file.startsWith(`${id}.`) && !file.endsWith('.json'),
      )
      const digests = files.flatMap((file) => digestsOf(file, readFileSync(join(datasets, file))))
      return { counts, classNames, digests }
    }),
  )
  expect(kept[0]?.digests.length).toBeGreaterThan(0)
  expect(kept[1]).toEqual(kept[0])
})
