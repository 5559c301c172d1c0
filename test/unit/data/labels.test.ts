/** Labels given to samples of a dataset: beside it as a CSV that people edit, in the trash with it, kept by an import. */
import { spawn } from 'child_process'
import { once } from 'events'
import { promises as fs } from 'fs'
import { join } from 'path'
import { beforeEach, describe, expect, it } from 'vitest'
import { noChoices } from '../../../src/contract/reading'
import { restoreDataset, trashDataset } from '../../../src/data/dataset-trash'
import { equalImages } from '../../../src/data/dataset'
import { importDataset } from '../../../src/data/import-dataset'
import { giveLabels, importLabels, readLabels } from '../../../src/data/labels'
import { encodeNpz } from '../../../src/data/stored-arrays'
import { bitmap, decodeBitmap, newFolder, refusalOf } from './support'

const reading = { decode: decodeBitmap, choices: noChoices }
const names = ['a, b.bmp', '猫.bmp', 'plain.bmp', 'quote"s.bmp']
let photos: string
let datasets: string

async function put(name: string, value: number): Promise<void> {
  await fs.writeFile(join(photos, name), bitmap(2, 2, [value, value, value, value]))
}

const bring = (options: object = {}) => importDataset(photos, 'pets', datasets, { ...reading, ...options })
const table = () => join(datasets, 'pets.labels.csv')
const read = () => readLabels('pets', datasets)

beforeEach(async () => {
  photos = await newFolder()
  datasets = join(await newFolder(), 'datasets')
  for (const [index, name] of names.entries()) await put(name, 10 * index)
  await bring()
})

describe('labels of images in a flat folder', () => {
  it('are none at first, and lie beside the dataset when they are given', async () => {
    expect(await read()).toEqual({ file: null, labels: [], files: [] })
    const given = await giveLabels(
      'pets',
      [
        { sample: 3, class: 'dog, big' },
        { sample: 0, class: 'cat' },
      ],
      datasets,
    )
    expect(given).toEqual({
      file: table(),
      labels: [
        { sample: 3, class: 'dog, big' },
        { sample: 0, class: 'cat' },
      ],
      files: ['猫.bmp', 'a, b.bmp'],
    })
    expect(await fs.readFile(table(), 'utf8')).toBe('file,label\n猫.bmp,"dog, big"\n"a, b.bmp",cat\n')
    expect(await read()).toEqual(given)
  })

  it('are corrected in their place, and taken away', async () => {
    await giveLabels(
      'pets',
      [0, 1, 2].map((sample) => ({ sample, class: 'cat' })),
      datasets,
    )
    await giveLabels('pets', [{ sample: 1, class: 'dog' }], datasets)
    expect((await read()).labels.map((label) => label.class)).toEqual(['cat', 'dog', 'cat'])
    await giveLabels(
      'pets',
      [0, 2].map((sample) => ({ sample, class: null })),
      datasets,
    )
    expect((await read()).labels).toEqual([{ sample: 1, class: 'dog' }])
    expect(await giveLabels('pets', [{ sample: 1, class: null }], datasets)).toMatchObject({ file: null })
    expect(await fs.readdir(datasets)).not.toContain('pets.labels.csv')
  })

  it.each([
    ['a byte order mark, CRLF and semicolons', '\ufefffile;label\r\n猫.bmp;cat\r\nplain.bmp;\r\n'],
    ['tabs and other cases of letters', 'Label\tFILE\ncat\t猫.bmp\n'],
    ['a space behind the comma, and an empty line', 'file, label\n猫.bmp, cat\n\n'],
  ])('are read as people save them: %s', async (_, text) => {
    await fs.writeFile(table(), text)
    expect((await read()).labels).toEqual([{ sample: 3, class: 'cat' }])
  })

  it('have no cell of a file that a spreadsheet runs, and name the same file', async () => {
    await put('=1+1.bmp', 60)
    await bring({ replace: true })
    const given = await giveLabels('pets', [{ sample: 0, class: 'cat' }], datasets)
    expect(given.files).toEqual(['=1+1.bmp'])
    expect(await fs.readFile(table(), 'utf8')).toBe('file,label\n./=1+1.bmp,cat\n')
    expect(await read()).toEqual(given)
  })

  it('in UTF-16 are read too', async () => {
    await fs.writeFile(table(), Buffer.from('\ufefffile\tlabel\n猫.bmp\tcat\n', 'utf16le'))
    expect((await read()).labels).toEqual([{ sample: 3, class: 'cat' }])
  })

  it('are no formula for a spreadsheet, and still name the file', async () => {
    await put('=1+1.bmp', 99)
    await bring({ replace: true })
    await giveLabels('pets', [{ sample: 0, class: 'cat' }], datasets)
    expect(await fs.readFile(table(), 'utf8')).toBe('file,label\n./=1+1.bmp,cat\n')
    expect((await read()).files).toEqual(['=1+1.bmp'])
    await fs.writeFile(table(), 'file,label\n=1+1.bmp,dog\n')
    expect((await read()).labels).toEqual([{ sample: 0, class: 'dog' }])
  })

  it('name no class that a spreadsheet runs, and are read back as they are', async () => {
    await giveLabels('pets', [{ sample: 0, class: '=1+1' }], datasets)
    expect(await fs.readFile(table(), 'utf8')).toBe(`file,label\n"a, b.bmp",'=1+1\n`)
    expect((await read()).labels).toEqual([{ sample: 0, class: '=1+1' }])
  })

  it('leave what else the table holds as it is', async () => {
    await fs.writeFile(table(), 'note,file,label\nblurred,plain.bmp,\nsure,猫.bmp,cat\n')
    await giveLabels('pets', [{ sample: 0, class: 'dog' }], datasets)
    await giveLabels('pets', [{ sample: 3, class: null }], datasets)
    expect(await fs.readFile(table(), 'utf8')).toBe(
      'note,file,label\nblurred,plain.bmp,\nsure,猫.bmp,\n,"a, b.bmp",dog\n',
    )
  })

  it('go to the trash with the dataset and come back', async () => {
    await giveLabels('pets', [{ sample: 1, class: 'cat' }], datasets)
    const before = await read()
    await trashDataset('pets', datasets)
    expect(await fs.readdir(datasets)).not.toContain('pets.labels.csv')
    expect(await refusalOf(read)).toEqual({ code: 'dataset-in-trash', params: { name: 'pets' } })
    await restoreDataset('pets', datasets)
    expect(await read()).toEqual(before)
  })
})

describe('labels that are given at once', () => {
  it('are all kept', async () => {
    const give = (sample: number) => giveLabels('pets', [{ sample, class: 'cat' }], datasets)
    await Promise.all([0, 1, 2, 3].map(give))
    expect((await read()).labels.map(({ sample }) => sample).sort()).toEqual([0, 1, 2, 3])
    expect((await fs.readdir(datasets)).filter((name) => name.endsWith('.lock'))).toEqual([])
  })

  it('wait for another process that changes them, and not for one that has died', async () => {
    const lock = join(datasets, '.pets.labels.lock')
    const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    await once(other, 'spawn')
    await fs.writeFile(lock, JSON.stringify({ pid: other.pid, started: null }))
    const given = giveLabels('pets', [{ sample: 0, class: 'cat' }], datasets)
    // The other process writes its label meanwhile.
    await fs.writeFile(table(), 'file,label\nplain.bmp,dog\n')
    other.kill('SIGKILL')
    await once(other, 'exit')
    expect((await given).files).toEqual(['plain.bmp', 'a, b.bmp'])
  })
})

describe('an import in place of the dataset', () => {
  beforeEach(async () => {
    await giveLabels(
      'pets',
      [0, 1, 2, 3].map((sample) => ({ sample, class: 'cat' })),
      datasets,
    )
  })

  it('keeps the labels of files that are the same, and says how many', async () => {
    await put('plain.bmp', 200)
    await fs.unlink(join(photos, '猫.bmp'))
    await put('0.bmp', 7)
    const { notes } = await bring({ replace: true })
    expect(notes).toContainEqual({ code: 'given-labels-kept', params: { count: 4, kept: 2 } })
    expect((await read()).files).toEqual(['a, b.bmp', 'quote"s.bmp'])
    expect((await read()).labels.map(({ sample }) => sample)).toEqual([1, 3])
  })

  it('says nothing where there are no labels', async () => {
    await giveLabels(
      'pets',
      [0, 1, 2, 3].map((sample) => ({ sample, class: null })),
      datasets,
    )
    const { notes } = await bring({ replace: true })
    expect(notes.map(({ code }) => code)).not.toContain('given-labels-kept')
  })
})

describe('labels of arrays', () => {
  const rows = (value: number) => {
    const train = { pixels: Uint8Array.of(value, 9, 5), labels: Uint8Array.of(0, 1, 1) }
    return encodeNpz(equalImages({ width: 1, height: 1, channels: 1, train, test: null }))
  }
  const bringRows = async (value: number, options: object = {}) => {
    const file = join(photos, 'rows.npz')
    await fs.writeFile(file, rows(value))
    return importDataset(file, 'rows', datasets, { ...reading, ...options })
  }

  it('name the row, counted from 0, and are kept only by the same arrays', async () => {
    await bringRows(1)
    await giveLabels('rows', [{ sample: 2, class: '7' }], datasets)
    expect(await fs.readFile(join(datasets, 'rows.labels.csv'), 'utf8')).toBe('file,label\n2,7\n')
    const same = await bringRows(1, { replace: true })
    expect(same.notes).toContainEqual({ code: 'given-labels-kept', params: { count: 1, kept: 1 } })
    expect((await readLabels('rows', datasets)).labels).toEqual([{ sample: 2, class: '7' }])
    const other = await bringRows(2, { replace: true })
    expect(other.notes).toContainEqual({ code: 'given-labels-kept', params: { count: 1, kept: 0 } })
    expect((await readLabels('rows', datasets)).file).toBeNull()
  })

  it('may be given to the datasets that come with the lab', async () => {
    expect((await giveLabels('usps', [{ sample: 9297, class: '3' }], datasets)).files).toEqual(['9297'])
    expect(await refusalOf(() => giveLabels('usps', [{ sample: 9298, class: '3' }], datasets))).toEqual({
      code: 'label-outside-dataset',
      params: { dataset: 'usps', sample: 9298, samples: 9298 },
    })
  })
})

describe('a table that cannot be used is refused, and nothing changes', () => {
  const given = async (text: string) => {
    const file = join(photos, 'mine.csv')
    await fs.writeFile(file, text)
    return file
  }
  const asked = async (text: string) => {
    const file = await given(text)
    return refusalOf(() => importLabels('pets', file, ['cat', 'dog'], datasets))
  }

  it('with files that the dataset does not have: how many, and the first three', async () => {
    await giveLabels('pets', [{ sample: 0, class: 'dog' }], datasets)
    const before = await fs.readFile(table(), 'utf8')
    const text = 'file,label\nplain.bmp,cat\n1.png,cat\n2.png,cat\n3.png,\n4.png,dog\n'
    expect(await asked(text)).toMatchObject({
      code: 'labels-unknown-files',
      params: { dataset: 'pets', count: 4, names: ['1.png', '2.png', '3.png'] },
    })
    expect(await fs.readFile(table(), 'utf8')).toBe(before)
  })

  it('with classes that are none: how many, and the first three', async () => {
    const text = 'file,label\nplain.bmp,cat\n\n猫.bmp,Cat\n"a, b.bmp",bird\n'
    const refusal = {
      code: 'labels-unknown-classes',
      params: { count: 2, names: ['Cat', 'bird'], lines: ['4', '5'], known: ['cat', 'dog'] },
    }
    expect(await asked(text)).toMatchObject(refusal)
    expect((await read()).file).toBeNull()
    // The table beside the dataset, edited by hand: refused when it is read for a checkpoint with these classes.
    await fs.mkdir(datasets, { recursive: true })
    await fs.writeFile(table(), text)
    expect(await refusalOf(() => readLabels('pets', datasets, ['cat', 'dog']))).toMatchObject({
      ...refusal,
      params: { ...refusal.params, file: table() },
    })
    expect((await read()).labels.map((label) => label.class)).toEqual(['cat', 'Cat', 'bird'])
  })

  it.each([
    ['without the two columns', 'plain.bmp,cat\n', 'labels-columns'],
    ['with nothing in it', '', 'labels-columns'],
    ['with two labels of one file', 'file,label\nplain.bmp,cat\nplain.bmp,dog\n', 'labels-contradict'],
    ['with a quotation mark that is not closed', 'file,label\n"plain.bmp,cat\n', 'table-quote-open'],
  ])('%s', async (_, text, code) => {
    expect((await asked(text)).code).toBe(code)
    await fs.mkdir(datasets, { recursive: true })
    await fs.writeFile(table(), text)
    const kept = refusalOf(() => giveLabels('pets', [{ sample: 0, class: 'dog' }], datasets))
    expect((await kept).code).toBe(code)
    expect(await fs.readFile(table(), 'utf8')).toBe(text)
  })

  it('of a dataset that is given by its path', async () => {
    expect(await refusalOf(() => readLabels(photos, datasets))).toEqual({
      code: 'labels-of-path',
      params: { path: photos },
    })
  })

  it('but one that fits adds to the labels, and replaces those of the same files', async () => {
    await giveLabels(
      'pets',
      [0, 1].map((sample) => ({ sample, class: 'dog' })),
      datasets,
    )
    const file = await given('file,label\n"quote""s.bmp",\n"a, b.bmp",cat\n猫.bmp,cat\n')
    const { labels } = await importLabels('pets', file, ['cat', 'dog'], datasets)
    expect(labels).toEqual([
      { sample: 0, class: 'cat' },
      { sample: 1, class: 'dog' },
      { sample: 3, class: 'cat' },
    ])
  })
})
