import { promises as fs } from 'fs'
import { dirname, join } from 'path'
import { describe, expect, it } from 'vitest'
import { type Choices, noChoices } from '../../../src/contract/reading'
import { recogniseFormat } from '../../../src/data/formats/read'
import { encodeIdx } from '../../../src/data/codecs/idx'
import { bitmap, newFolder, refusalOf } from './support'

/** A folder with these images, and a list in `lists/`. */
async function listOf(images: readonly string[], lines: string, name = 'lists/amazon.txt'): Promise<string> {
  const folder = await newFolder()
  for (const image of images) {
    await fs.mkdir(dirname(join(folder, image)), { recursive: true })
    await fs.writeFile(join(folder, image), bitmap(1, 1, [7]))
  }
  await fs.mkdir(dirname(join(folder, name)), { recursive: true })
  await fs.writeFile(join(folder, name), lines)
  return join(folder, name)
}

async function read(list: string, choices: Partial<Choices> = {}) {
  const { format } = await recogniseFormat(list)
  if (format.holds !== 'images') throw new Error('these are no images')
  const { files, classNames, notes } = await format.list(list, { choices: { ...noChoices, ...choices } })
  return {
    files: files.map(({ origin, label }) => `${origin} ${classNames[label] ?? '-'}`),
    notes: notes.map(({ code }) => code),
  }
}

const images = ['amazon/mug/1.bmp', 'amazon/mug/a b.bmp', 'amazon/desk/2.bmp']

describe('an image list', () => {
  it('has paths from its own folder or the one above, and names of its folders for numbers', async () => {
    const lines = images.map((image) => `${image} ${image.includes('mug') ? 1 : 0}\n`).join('')
    const files = ['amazon/mug/1.bmp mug', 'amazon/mug/a b.bmp mug', 'amazon/desk/2.bmp desk']
    expect(await read(await listOf(images, lines))).toEqual({
      files,
      notes: ['list-root-taken', 'names-from-folders'],
    })
    expect(await read(await listOf(images, `\uFEFF${lines.replace(/\n/g, '\r\n')}`, 'all.txt'))).toEqual({
      files,
      notes: ['names-from-folders'],
    })
  })

  it('keeps numbers that do not go by folder, names of its own, and -1 for an unknown class', async () => {
    const numbers = `${images[0]} 1\n${images[1]} 0\n${images[2]} -1\n`
    expect((await read(await listOf(images, numbers, 'all.txt'))).files).toEqual([
      `${images[0]} 1`,
      `${images[1]} 0`,
      `${images[2]} -`,
    ])
    const named = `${images[0]},杯子\n${images[2]}\tdesk lamp\n`
    expect((await read(await listOf(images, named, 'all.csv'))).files).toEqual([
      `${images[0]} 杯子`,
      `${images[2]} desk lamp`,
    ])
  })

  it.each(['image,label', 'Filename\tclass', 'image_path', '图片，标签'.replace('，', ',')])(
    'may name its columns on the first line: %s',
    async (columns) => {
      const lines = images.map((image) => `${image},mug\n`).join('')
      expect((await read(await listOf(images, `${columns}\n${lines}`, 'all.csv'))).files).toEqual(
        images.map((image) => `${image} mug`),
      )
    },
  )

  it('does not take a first line of three columns, or any other text, for the names of columns', async () => {
    for (const columns of ['image,label,width', 'notes']) {
      const list = await listOf(images, `${columns}\n${images[0]} 1\n`, 'all.lst')
      expect((await refusalOf(() => recogniseFormat(list))).code).toBe('unknown-format')
    }
  })

  it('without labels is a dataset without labels', async () => {
    expect(await read(await listOf(images, images.join('\n'), 'all.txt'))).toEqual({
      files: images.map((image) => `${image} -`),
      notes: [],
    })
  })

  it('asks for the folder that its paths start from where it is not near', async () => {
    const list = await listOf(images, `${images[0]} 0\n`, 'far/off/list.txt')
    expect(await refusalOf(() => read(list))).toEqual({
      code: 'list-root-unclear',
      params: { file: list, first: images[0] },
    })
    const root = dirname(dirname(dirname(list)))
    expect((await read(list, { root })).files).toEqual([`${images[0]} mug`])
  })

  it('with missing files is refused with how many and the first three', async () => {
    const missing = [1, 2, 3, 4].map((n) => `amazon/mug/none${n}.bmp`)
    const list = await listOf(
      images,
      [images[0], ...missing].map((path) => `${path} 0`).join('\n'),
      'all.txt',
    )
    expect(await refusalOf(() => read(list))).toEqual({
      code: 'list-files-missing',
      params: { file: list, count: 4, names: missing.slice(0, 3).map((path) => join(dirname(list), path)) },
    })
  })

  it('with a line that is none is refused by its number', async () => {
    const lines = `${images[0]} 0\n`.repeat(400)
    const list = await listOf(images, `${lines}what is this\n`, 'all.txt')
    expect(await refusalOf(() => read(list))).toEqual({
      code: 'list-line-unreadable',
      params: { file: list, line: 401, text: 'what is this' },
    })
  })

  it.each([
    ['""', ''],
    ['x'.repeat(256), 'x'.repeat(199)],
  ])('with a class that experiments cannot name is refused: %s', async (label, shown) => {
    const refusal = await refusalOf(async () =>
      read(await listOf(images, `${images[0]} ${label}\n`, 'all.txt')),
    )
    expect(refusal.code).toBe('class-name-unusable')
    expect(String(refusal.params['name']).startsWith(shown)).toBe(true)
  })

  it('brings in no file from outside unless that is chosen', async () => {
    const other = await listOf(['secret.bmp'], '', 'x')
    const list = await listOf(images, `${images[0]} 0\n${join(dirname(other), 'secret.bmp')} 0\n`, 'all.txt')
    expect((await refusalOf(() => read(list))).code).toBe('list-leads-outside')
    expect((await read(list, { followLinks: true })).files).toHaveLength(2)
  })
})

describe('a folder that is no dataset itself', () => {
  it('is refused with what lies inside it', async () => {
    const folder = await newFolder()
    await fs.mkdir(join(folder, 'raw'))
    await fs.writeFile(
      join(folder, 'raw', 'train-images-idx3-ubyte'),
      encodeIdx([1, 2, 2], new Uint8Array(4)),
    )
    expect(await refusalOf(() => recogniseFormat(folder))).toEqual({
      code: 'look-inside',
      params: { folder, options: ['raw'] },
    })
    await fs.mkdir(join(folder, 'mug'))
    await fs.writeFile(join(folder, 'mug', '1.bmp'), bitmap(1, 1, [7]))
    expect((await recogniseFormat(folder)).format.id).toBe('image-folder')
  })
})
