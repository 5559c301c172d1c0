import { promises as fs } from 'fs'
import { join } from 'path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { noChoices } from '../../../src/contract/reading'
import { datasetSummarySchema } from '../../../src/contract/dataset'
import { encodeNpz } from '../../../src/data/stored-arrays'
import { equalImages, imagesOf } from '../../../src/data/dataset'
import { readPath } from '../../../src/data/formats/read'
import { builtIns, listDatasets, openDataset, summaryOf } from '../../../src/data/open-dataset'
import { encodeIdx } from '../../../src/data/codecs/idx'
import { importDataset } from '../../../src/data/import-dataset'
import { samplePictures } from '../../../src/data/pictures'
import { assetsFolder } from '../../../src/data/bundled'
import { summarise } from '../../../src/data/summary'
import { bitmap, decodeBitmap, newFolder, refusalOf } from './support'

const reading = { decode: decodeBitmap, choices: noChoices }

/** Ten training images of 2x2, five for each of two classes, and two test images. */
const npz = encodeNpz(
  equalImages({
    width: 2,
    height: 2,
    channels: 1,
    train: {
      pixels: Uint8Array.from({ length: 40 }, (_, i) => i),
      labels: Uint8Array.from([0, 1, 0, 1, 0, 1, 0, 1, 0, 1]),
    },
    test: { pixels: Uint8Array.from({ length: 8 }, (_, i) => 200 + i), labels: Uint8Array.from([0, 1]) },
  }),
)

async function npzFile(): Promise<string> {
  const file = join(await newFolder(), 'mine.npz')
  await fs.writeFile(file, npz)
  return file
}

describe('the datasets that come with the lab', () => {
  it.each(builtIns)('$id holds what its summary says, unread', async ({ id }) => {
    const { summary, samples } = await openDataset(id, 'nowhere')
    expect(datasetSummarySchema.parse(summary)).toEqual(summary)
    expect(summary).toEqual(summarise(samples, summary.classNames, summary))
  })

  it('are MNIST with 60,000 and 10,000 images, and USPS', async () => {
    const [mnist, usps] = await listDatasets('nowhere')
    expect(mnist).toMatchObject({
      id: 'mnist',
      width: 28,
      path: null,
      classNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
    })
    expect(mnist?.counts).toMatchObject({ 'original/train': 60_000, 'original/test': 10_000 })
    expect(usps).toMatchObject({ id: 'usps', width: 16, height: 16, channels: 1 })
  })

  it('are refused where a file is not the one known', async () => {
    const assets = await newFolder()
    await fs.mkdir(join(assets, 'usps'))
    const names = await fs.readdir(join(assetsFolder(), 'usps'))
    for (const name of names)
      await fs.copyFile(join(assetsFolder(), 'usps', name), join(assets, 'usps', name))
    const labels = join(assets, 'usps', 'usps-test-labels-idx1-ubyte.gz')
    const bytes = await fs.readFile(labels)
    bytes[500] = (bytes[500] ?? 0) ^ 1
    await fs.writeFile(labels, bytes)
    process.env.DALAB_ASSETS = assets
    onTestFinished(() => {
      delete process.env.DALAB_ASSETS
    })
    expect(await refusalOf(() => openDataset('usps', 'nowhere'))).toEqual({
      code: 'download-damaged',
      params: { file: labels },
    })
  })
})

describe('a dataset by its path', () => {
  it('is an .npz, a folder of IDX files or of .npy files', async () => {
    const file = await npzFile()
    expect((await openDataset(file, 'nowhere')).summary).toEqual({
      id: file,
      title: 'mine',
      kind: 'image',
      length: null,
      path: file,
      width: 2,
      height: 2,
      channels: 1,
      classNames: ['0', '1'],
      counts: { 'original/train': 10, 'original/test': 2, 'pooled/train': 10, 'pooled/test': 2 },
      classCounts: {
        'original/train': [5, 5],
        'original/test': [1, 1],
        'pooled/train': [5, 5],
        'pooled/test': [1, 1],
      },
      licence: '',
      reduced: 0,
      notes: [{ code: 'range-unused', params: { array: 'images', brightest: 39, full: 255 } }],
      from: null,
    })
    const folder = await newFolder()
    await fs.writeFile(join(folder, 'train-images-idx3-ubyte'), encodeIdx([1, 2, 2], new Uint8Array(4)))
    await fs.writeFile(join(folder, 'train-labels-idx1-ubyte'), encodeIdx([1], Uint8Array.from([3])))
    expect(await summaryOf(folder, 'nowhere')).toMatchObject({
      classNames: ['3'],
      classCounts: { 'original/train': [1] },
    })
  })

  it('is a folder of images only where images can be decoded', async () => {
    const folder = await newFolder()
    await fs.mkdir(join(folder, 'cats'))
    await fs.writeFile(join(folder, 'cats', '1.bmp'), bitmap(1, 1, [5]))
    expect(await refusalOf(() => openDataset(folder, 'nowhere'))).toEqual({
      code: 'images-not-imported',
      params: { folder },
    })
    expect((await openDataset(folder, 'nowhere', { decode: decodeBitmap })).summary.classNames).toEqual([
      'cats',
    ])
  })

  it('is refused where there is nothing, or something else', async () => {
    const folder = await newFolder()
    const missing = join(folder, 'missing.npz')
    expect(await refusalOf(() => openDataset(missing, 'nowhere'))).toEqual({
      code: 'file-not-found',
      params: { file: missing },
    })
    const text = join(folder, 'notes.txt')
    await fs.writeFile(text, 'x')
    expect(await refusalOf(() => openDataset(text, 'nowhere'))).toEqual({
      code: 'unknown-format',
      params: { file: text },
    })
  })
})

describe('an imported dataset', () => {
  it('is kept as .npz with a description, listed and opened by name', async () => {
    const datasets = join(await newFolder(), 'datasets')
    const summary = await importDataset(await npzFile(), 'my digits', datasets, reading)
    expect(summary).toMatchObject({
      id: 'my digits',
      title: 'my digits',
      path: join(datasets, 'my digits.npz'),
    })
    expect((await fs.readdir(datasets)).sort()).toEqual(['my digits.json', 'my digits.npz'])
    expect((await listDatasets(datasets)).map(({ id }) => id)).toEqual(['mnist', 'usps', 'my digits'])
    const opened = await openDataset('my digits', datasets)
    expect(opened.summary).toEqual(summary)
    expect(Array.from(imagesOf(opened).train.pixels)).toEqual(Array.from({ length: 40 }, (_, i) => i))
    expect(await summaryOf('my digits', datasets)).toEqual(summary)
  })

  it('removes what a killed import has left, and nothing that is being written', async () => {
    const datasets = await newFolder()
    const [left, beingWritten] = ['.a.npz.17-1.tmp', '.b.npz.18-1.tmp'].map((name) => join(datasets, name))
    for (const path of [left!, beingWritten!]) await fs.writeFile(path, '')
    const twoHoursAgo = new Date(Date.now() - 7_200_000)
    await fs.utimes(left!, twoHoursAgo, twoHoursAgo)
    await importDataset(await npzFile(), 'digits', datasets, reading)
    expect((await fs.readdir(datasets)).sort()).toEqual(['.b.npz.18-1.tmp', 'digits.json', 'digits.npz'])
  })

  it('is one under either way of composing its name', async () => {
    const [composed, decomposed] = ['café', 'café'].map((name, i) => name.normalize(i === 0 ? 'NFC' : 'NFD'))
    const datasets = await newFolder()
    const file = await npzFile()
    const { id, title } = await importDataset(file, decomposed!, datasets, reading)
    expect([id, title]).toEqual([composed, composed])
    for (const name of [composed!, decomposed!]) {
      expect((await refusalOf(() => importDataset(file, name, datasets, reading))).code).toBe(
        'dataset-exists',
      )
      expect((await openDataset(name, datasets)).summary.id).toBe(composed)
      expect((await summaryOf(name, datasets)).id).toBe(composed)
    }
  })

  it('keeps the class names of its folders', async () => {
    const folder = await newFolder()
    for (const name of ['cat', 'dog']) {
      await fs.mkdir(join(folder, name))
      await fs.writeFile(join(folder, name, '1.bmp'), bitmap(1, 1, [5]))
    }
    const datasets = await newFolder()
    await importDataset(folder, 'pets', datasets, reading)
    expect((await openDataset('pets', datasets)).summary.classNames).toEqual(['cat', 'dog'])
  })

  it('is refused under a name that is taken, letter case aside', async () => {
    const datasets = await newFolder()
    const file = await npzFile()
    await importDataset(file, 'mine', datasets, reading)
    for (const name of ['mine', 'Mine', 'mnist', 'USPS']) {
      expect(await refusalOf(() => importDataset(file, name, datasets, reading))).toEqual({
        code: 'dataset-exists',
        params: { name },
      })
    }
  })

  it('is refused under a name that is no file name everywhere', async () => {
    const datasets = await newFolder()
    const file = await npzFile()
    for (const name of [
      '../out',
      'a/b',
      'a\\b',
      '.hidden',
      'con',
      'trailing.',
      'a:b',
      'a,b',
      '-x',
      'x'.repeat(61),
      '',
      'line\nbreak',
      'gnp.\u202eexe',
      '\ud800',
    ]) {
      expect(await refusalOf(() => importDataset(file, name, datasets, reading))).toEqual({
        code: 'dataset-name-invalid',
        params: { name },
      })
    }
    const long = await refusalOf(() => importDataset('/nowhere.npz', 'x'.repeat(300), datasets, reading))
    expect(long).toEqual({ code: 'dataset-name-invalid', params: { name: `${'x'.repeat(100)}…` } })
    for (const name of ['数据集 1', 'Photos of shapes (studio)', '图片（一）', "_Ann's 50% & more!"]) {
      await importDataset(file, name, datasets, reading)
      expect((await openDataset(name, datasets)).summary.id).toBe(name)
    }
  })

  it('leaves nothing behind where what is brought is wrong', async () => {
    const folder = await newFolder()
    const datasets = join(folder, 'datasets')
    const damaged = join(folder, 'damaged.npz')
    await fs.writeFile(damaged, npz.subarray(0, npz.length - 40))
    expect((await refusalOf(() => importDataset(damaged, 'mine', datasets, reading))).code).toBe(
      'npz-damaged',
    )
    expect(await fs.readdir(folder)).toEqual(['damaged.npz'])
  })

  it('is refused with a flipped byte, which the digest catches', async () => {
    const datasets = await newFolder()
    await importDataset(await npzFile(), 'mine', datasets, reading)
    const file = join(datasets, 'mine.npz')
    const bytes = await fs.readFile(file)
    const middle = Math.floor(bytes.length / 2)
    bytes[middle] = (bytes[middle] ?? 0) ^ 1
    await fs.writeFile(file, bytes)
    expect(await refusalOf(() => openDataset('mine', datasets))).toEqual({
      code: 'npz-damaged',
      params: { file },
    })
  })

  it('with a damaged description does not hide the others, and says so when opened', async () => {
    const datasets = await newFolder()
    await importDataset(await npzFile(), 'good', datasets, reading)
    const file = join(datasets, 'bad.json')
    await fs.writeFile(file, '{"schema": 1')
    expect((await listDatasets(datasets)).map(({ id }) => id)).toEqual(['mnist', 'usps', 'good'])
    expect(await refusalOf(() => openDataset('bad', datasets))).toMatchObject({
      code: 'malformed-config',
      params: { file },
    })
  })

  it('with a description larger than any is read no further, and says so when opened', async () => {
    const datasets = await newFolder()
    const file = join(datasets, 'vast.json')
    await fs.writeFile(file, '')
    await fs.truncate(file, 2 ** 22 + 1)
    expect((await listDatasets(datasets)).map(({ id }) => id)).toEqual(['mnist', 'usps'])
    expect(await refusalOf(() => openDataset('vast', datasets))).toEqual({
      code: 'file-too-large',
      params: { file, megabytes: 5, most: 4 },
    })
  })
})

describe('a dataset looked at', () => {
  it('shows a sample and is not kept', async () => {
    const dataset = await readPath(await npzFile(), reading)
    const sample = samplePictures(dataset, 5)
    expect([sample.width, sample.height, sample.channels, sample.labels.length]).toEqual([2, 2, 1, 5])
    const pixels = Buffer.from(sample.pixels, 'base64')
    sample.labels.forEach((label, i) => {
      const first = pixels[4 * i] ?? NaN
      expect(first < 200 ? (first / 4) % 2 : (first - 200) / 4).toBe(label)
    })
    expect(dataset.summary.notes.map(({ code }) => code)).toEqual(['range-unused'])
  })

  it('is unknown by a name that nothing has, with the nearest', async () => {
    for (const act of [openDataset, summaryOf]) {
      expect(await refusalOf(() => act('mnits', 'nowhere'))).toEqual({
        code: 'unknown-dataset',
        params: { name: 'mnits', nearest: 'mnist' },
      })
    }
  })
})
