/** What the folders of a folder of images are taken for, by the shapes in which people have them. */
import { promises as fs } from 'fs'
import { dirname, join } from 'path'
import { describe, expect, it } from 'vitest'
import { noChoices } from '../../../src/contract/reading'
import { listImageFolder } from '../../../src/data/image-files'
import { bitmap, newFolder, refusalOf } from './support'

async function folderOf(names: readonly string[]): Promise<string> {
  const folder = await newFolder()
  for (const name of names) {
    const path = join(folder, name)
    await fs.mkdir(name.endsWith('/') ? path : dirname(path), { recursive: true })
    if (!name.endsWith('/')) await fs.writeFile(path, bitmap(1, 1, [7]))
  }
  return folder
}

const list = async (folder: string, choices = noChoices) => listImageFolder(folder, { choices })

/** Each file with its class and, if it is held out, a star; and the notes as `code count names`. */
async function understood(names: readonly string[]) {
  const { files, classNames, notes } = await list(await folderOf(names))
  return {
    files: files.map(
      ({ origin, label, split }) => `${origin} ${classNames[label] ?? '-'}${split === 'test' ? '*' : ''}`,
    ),
    notes: notes.map(({ code, params }) => [code, ...Object.values(params)].join(' ')),
  }
}

const shapes: [what: string, names: string[], files: string[], notes: string[]][] = [
  [
    'images alone are a dataset without labels',
    ['b.bmp', 'a.bmp', 'README.txt'],
    ['a.bmp -', 'b.bmp -'],
    ['files-passed-over 1 README.txt'],
  ],
  [
    'so are the images of one folder whose name says nothing',
    ['unlabelled/1.bmp', 'unlabelled/2.bmp'],
    ['unlabelled/1.bmp -', 'unlabelled/2.bmp -'],
    ['folder-entered unlabelled'],
  ],
  ['one folder with a name of its own is a class', ['cats/1.bmp'], ['cats/1.bmp cats'], []],
  [
    'images deeper in a class folder belong to the class',
    ['two/1.bmp', 'two/session2/2.bmp', 'three/1.bmp'],
    ['three/1.bmp three', 'two/1.bmp two', 'two/session2/2.bmp two'],
    ['images-nested 1 two/session2/2.bmp'],
  ],
  [
    'train and test above the classes are splits; val is trained on',
    ['train/cat/1.bmp', 'val/cat/2.bmp', 'val/dog/3.bmp', 'test/dog/4.bmp', 'test/cat/5.bmp'],
    [
      'train/cat/1.bmp cat',
      'val/cat/2.bmp cat',
      'val/dog/3.bmp dog',
      'test/cat/5.bmp cat*',
      'test/dog/4.bmp dog*',
    ],
    ['splits-taken train,val test'],
  ],
  [
    'val is held out where there is no test',
    ['Train/猫/1.bmp', 'Val/猫/2.bmp'],
    ['Train/猫/1.bmp 猫', 'Val/猫/2.bmp 猫*'],
    ['splits-taken Train Val'],
  ],
  [
    'a test split may have no labels',
    ['训练/猫/1.bmp', '测试/2.bmp'],
    ['训练/猫/1.bmp 猫', '测试/2.bmp -*'],
    ['splits-taken 训练 测试'],
  ],
  [
    'a class may be called train where another class is there',
    ['train/1.bmp', 'bus/2.bmp'],
    ['bus/2.bmp bus', 'train/1.bmp train'],
    [],
  ],
  [
    "Office-31's amazon holds one folder of classes",
    ['images/mug/1.bmp', 'images/desk/2.bmp'],
    ['images/desk/2.bmp desk', 'images/mug/1.bmp mug'],
    ['folder-entered images'],
  ],
  [
    'folders of folders without shared names are classes',
    ['animals/cat/1.bmp', 'vehicles/car/2.bmp'],
    ['animals/cat/1.bmp animals', 'vehicles/car/2.bmp vehicles'],
    ['images-nested 2 animals/cat/1.bmp,vehicles/car/2.bmp'],
  ],
  [
    'what systems leave behind is passed over',
    ['a/1.bmp', 'a/Thumbs.db', 'a/desktop.ini', 'a/._1.bmp', '__MACOSX/._x.bmp', '.ipynb_checkpoints/x.bmp'],
    ['a/1.bmp a'],
    [],
  ],
  [
    'an empty folder is no class, and images beside class folders belong to none',
    ['a/1.bmp', 'b/1.bmp', 'zero/', 'lists/a.txt', 'stray.bmp'],
    ['a/1.bmp a', 'b/1.bmp b'],
    [
      'images-beside-classes 1 stray.bmp',
      'folders-without-images 2 lists,zero',
      'files-passed-over 1 lists/a.txt',
    ],
  ],
]

describe('a folder of images', () => {
  it.each(shapes)('%s', async (_, names, files, notes) => {
    expect(await understood(names)).toEqual({ files, notes })
  })

  it('of several domains is refused with the folders that would do', async () => {
    for (const inner of ['', 'images/']) {
      const folder = await folderOf(
        ['amazon', 'dslr', 'webcam'].flatMap((domain) =>
          ['mug', 'desk'].map((name) => `${domain}/${inner}${name}/1.bmp`),
        ),
      )
      expect(await refusalOf(() => list(folder))).toEqual({
        code: 'several-domains',
        params: { folder, options: ['amazon', 'dslr', 'webcam'], classes: ['desk', 'mug'] },
      })
    }
  })

  it('with more classes than a dataset may have is refused with both numbers', async () => {
    const folder = await folderOf(Array.from({ length: 1001 }, (_, index) => `${index}/1.bmp`))
    expect(await refusalOf(() => list(folder))).toEqual({
      code: 'too-many-classes',
      params: { file: folder, found: 1001, most: 1000 },
    })
  })

  it('without any image is refused', async () => {
    const folder = await folderOf(['a/notes.txt', 'b/'])
    expect(await refusalOf(() => list(folder))).toEqual({ code: 'no-images', params: { folder } })
  })

  it('follows links that lead out of it only if that is chosen, and says so', async () => {
    const outside = await folderOf(['1.bmp'])
    const folder = await folderOf(['a/2.bmp'])
    const link = join(folder, 'b')
    await fs.symlink(outside, link)
    await fs.symlink(join(folder, 'a', '2.bmp'), join(folder, 'a', '3.bmp'))
    expect(await refusalOf(() => list(folder))).toEqual({
      code: 'link-leads-outside',
      params: { file: link, folder },
    })
    const { files, notes } = await list(folder, { ...noChoices, followLinks: true })
    expect(files.map(({ origin }) => origin)).toEqual(['a/2.bmp', 'a/3.bmp', 'b/1.bmp'])
    expect(notes).toEqual([{ code: 'links-followed', params: { count: 1, names: [link] } }])
  })

  it('with a link to a folder above is refused, and one that is too deep', async () => {
    const folder = await folderOf(['a/1.bmp'])
    await fs.symlink(join(folder, 'a'), join(folder, 'a', 'again'))
    expect((await refusalOf(() => list(folder))).code).toBe('links-in-a-circle')
    const deep = await folderOf([`${'x/'.repeat(40)}1.bmp`])
    expect((await refusalOf(() => list(deep))).code).toBe('folders-too-deep')
  })
})
