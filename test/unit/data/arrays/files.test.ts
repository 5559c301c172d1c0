/** Files of arrays: pairs side by side, folders, archives of other kinds, and formats that are not read. */
import { promises as fs } from 'fs'
import { join } from 'path'
import { gzipSync } from 'zlib'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import type { UnreadFormat } from '../../../../src/contract/errors'
import { noChoices } from '../../../../src/contract/reading'
import { decodeNumpy } from '../../../../src/data/codecs/numpy-array'
import { encodeNpy } from '../../../../src/data/codecs/npy'
import { parseLiteral } from '../../../../src/data/codecs/python-literal'
import { maxBytes } from '../../../../src/data/dataset'
import { holdsNpy } from '../../../../src/data/arrays/npy-files'
import { readPath } from '../../../../src/data/formats/read'
import { sentence } from '../../../../src/language/sentence'
import { newFolder, refusalOf } from '../support'

const images = (count: number) =>
  encodeNpy({ type: '|u1', shape: [count, 3, 2], bytes: Buffer.alloc(6 * count, 200) })
const labels = (...values: number[]) =>
  encodeNpy({ type: '|u1', shape: [values.length], bytes: Buffer.from(values) })
const npz = (arrays: Record<string, Buffer>) =>
  Buffer.from(
    zipSync(Object.fromEntries(Object.entries(arrays).map(([name, bytes]) => [`${name}.npy`, bytes]))),
  )

/** A folder with these files. */
async function folderOf(files: Record<string, Uint8Array>): Promise<string> {
  const folder = await newFolder()
  for (const [name, bytes] of Object.entries(files)) await fs.writeFile(join(folder, name), bytes)
  return folder
}

async function read(folder: string, name: string) {
  const { samples, summary } = await readPath(join(folder, name), { choices: noChoices })
  const codes = summary.notes.map(({ code }) => code)
  return { labels: Array.from(samples.train.labels), codes, notes: summary.notes }
}

const refusal = (folder: string, name: string) => refusalOf(() => read(folder, name))

/** A .npy file with this text as its header. */
function withHeader(text: string, values: Buffer, version = 1): Buffer {
  const header = Buffer.from(`${text}\n`, 'latin1')
  const length = Buffer.alloc(version === 1 ? 2 : 4)
  length.writeUIntLE(header.length, 0, length.length)
  return Buffer.concat([
    Buffer.from([0x93]),
    Buffer.from('NUMPY'),
    Buffer.from([version, 0]),
    length,
    header,
    values,
  ])
}

describe('two files side by side', () => {
  it.each([
    ['x.npy', 'y.npy'],
    ['X_train.npy', 'y_train.npy'],
    ['train-images.NPY', 'train-labels.npy'],
    ['images.npy', 'labels.npy'],
    ['digits data.npy', 'digits target.npy'],
  ])('%s and %s are one dataset, whichever is opened', async (first, second) => {
    const folder = await folderOf({ [first]: images(3), [second]: labels(2, 0, 1), 'z.txt': Buffer.alloc(0) })
    for (const name of [first, second]) {
      expect(await read(folder, name)).toMatchObject({ labels: [2, 0, 1], codes: ['files-joined'] })
    }
  })

  it('are one dataset as archives of one array each', async () => {
    const pair = {
      'k-train-imgs.npz': npz({ arr_0: images(2) }),
      'k-train-labels.npz': npz({ arr_0: labels(1, 0) }),
    }
    const folder = await folderOf({ ...pair, 'k-test-imgs.npz': npz({ arr_0: images(1) }) })
    expect(await read(folder, 'k-train-labels.npz')).toMatchObject({ labels: [1, 0] })
    const { notes } = await read(folder, 'k-train-imgs.npz')
    expect(notes[0]?.params).toEqual({ file: 'k-train-imgs.npz', joined: 'k-train-labels.npz' })
  })

  it('are one dataset as HDF5 files of one array each, as PCam has them', async () => {
    const fixture = (name: string) => fs.readFile(join(__dirname, '../../../fixtures/imports', name))
    const folder = await folderOf({
      'split_test_x.h5': await fixture('pair_x.h5'),
      'split_test_y.h5': await fixture('pair_y.h5'),
    })
    for (const name of ['split_test_x.h5', 'split_test_y.h5']) {
      expect(await read(folder, name)).toMatchObject({ labels: [0, 1, 0, 1], codes: ['files-joined'] })
    }
  })

  it('are not joined where the numbers differ, which is said, and refused from the side of the labels', async () => {
    const folder = await folderOf({ 'x.npy': images(5), 'y.npy': labels(1, 0, 0, 1) })
    const { labels: none, codes } = await read(folder, 'x.npy')
    expect(none).toEqual([-1, -1, -1, -1, -1])
    expect(codes).toContain('file-not-joined')
    expect(await refusal(folder, 'y.npy')).toMatchObject({
      code: 'lengths-differ',
      params: { first: 'x', samples: 5, second: 'y', labels: 4 },
    })
  })

  it('are not joined with an archive of several arrays, or one of two that would do', async () => {
    const several = await folderOf({
      'x.npz': npz({ arr_0: images(2) }),
      'y.npz': npz({ a: labels(1), b: labels(1) }),
    })
    expect((await read(several, 'x.npz')).labels).toEqual([-1, -1])
    const two = await folderOf({ 'x.npy': images(2), 'y.npy': labels(1, 0), 'labels.npy': labels(0, 1) })
    expect((await read(two, 'x.npy')).labels).toEqual([-1, -1])
  })
})

describe('a folder of arrays', () => {
  it.each([
    [['images.npy', 'labels.npy', 'README.md'], true],
    [['X_TRAIN.NPY', 'other.txt'], true],
    [['a.npy', 'b.npy', '.DS_Store'], true],
    [['a.npy', 'cats'], false],
    [['.npy'], false],
    [[], false],
  ])('is one with the names %j: %s', (names, right) => expect(holdsNpy(names)).toBe(right))

  it('is asked about where the names of its files leave it open', async () => {
    const folder = await folderOf({ 'a.npy': images(2), 'b.npy': labels(0, 1) })
    const { code, params } = await refusal(folder, '.')
    expect([code, params.options]).toEqual(['arrays-unnamed', ['a: uint8 [2, 3, 2]', 'b: uint8 [2]']])
  })

  it('has in all files no more bytes than a dataset may have', async () => {
    const folder = await folderOf({ 'images.npy': images(2), 'labels.npy': labels(0, 1) })
    // A sparse file, which takes no room and is not read.
    await fs.truncate(join(folder, 'labels.npy'), maxBytes)
    expect(await refusal(folder, '.')).toMatchObject({ code: 'dataset-too-large' })
  })
})

describe('the header of an array', () => {
  it.each([
    ["{'descr': '|u1', 'fortran_order': False, 'shape': (2L,)}", 1],
    ['{"shape": (2,), "descr": "|u1", "fortran_order": False, }', 2],
    ["  { 'fortran_order' :False,'shape':(2 ,) ,'descr':u'u1'}   ", 3],
    ["{'descr': '=u1', 'fortran_order': True, 'shape': [2]}", 1],
    ["{'descr': '<b1', 'fortran_order': False, 'shape': (2,)}", 1],
    ["{'descr': '?', 'fortran_order': False, 'shape': (2,)}", 1],
  ])('%s is read, as NumPy does', (header, version) => {
    const read = decodeNumpy(withHeader(header, Buffer.from([0, 1]), version), 'x.npy', 'x')
    expect(read).toMatchObject({ shape: [2], values: Uint8Array.of(0, 1) })
  })

  it.each([
    ['nothing', Buffer.alloc(0)],
    ['text', Buffer.from('hello there, no array')],
    ['a header cut short', images(2).subarray(0, 40)],
    ['another dict', withHeader("{'descr': '|u1'}", Buffer.alloc(2))],
    [
      'a shape that is none',
      withHeader("{'descr': '|u1', 'fortran_order': False, 'shape': (-2,)}", Buffer.alloc(2)),
    ],
    ['a call', withHeader("{'descr': '|u1', 'fortran_order': False, 'shape': range(2)}", Buffer.alloc(2))],
  ])('that is %s is refused by the name of the array', async (_, bytes) => {
    expect(await refusalOf(() => decodeNumpy(bytes, 'x.npz', 'images'))).toEqual({
      code: 'array-header-unreadable',
      params: { file: 'x.npz', array: 'images' },
    })
  })

  it('that announces more or fewer bytes than there are is refused with both', async () => {
    for (const bytes of [images(2).subarray(0, -1), Buffer.concat([images(2), Buffer.alloc(4)])]) {
      expect(await refusalOf(() => decodeNumpy(bytes, 'x.npz', 'images'))).toEqual({
        code: 'array-length-misfit',
        params: { file: 'x.npz', array: 'images', found: bytes.length - 128, expected: '12' },
      })
    }
  })

  it('holds Python literals and nothing else', () => {
    expect(parseLiteral("[('a', '<f4'), ('b', '<i2', (2, 2))]")).toEqual([
      ['a', '<f4'],
      ['b', '<i2', [2, 2]],
    ])
    expect(parseLiteral('(1)')).toBe(1)
    expect(parseLiteral('(-1L,)')).toEqual([-1])
    expect(parseLiteral('None')).toBeNull()
    for (const text of [
      '',
      '(1',
      '1 2',
      "'a",
      "{'a': 1, 'a': 2}",
      'f(1)',
      '(,)',
      '{1: 2}',
      '1.5',
      'toString',
    ]) {
      expect(parseLiteral(text), text).toBeUndefined()
    }
    expect(parseLiteral('('.repeat(100_000))).toBeUndefined()
  })
})

/** Sets the flags of the first entry in the central directory. */
function flagged(archive: Buffer, flags: number): Buffer {
  const changed = Buffer.from(archive)
  changed.writeUInt16LE(flags, changed.indexOf('PK\x01\x02', 0, 'latin1') + 8)
  return changed
}

describe('an archive', () => {
  it('is called encrypted where it is, by the old encryption or the strong one', async () => {
    const whole = npz({ images: images(2), labels: labels(0, 1) })
    const folder = await folderOf({ 'old.npz': flagged(whole, 1), 'strong.npz': flagged(whole, 0x41) })
    for (const name of ['old.npz', 'strong.npz']) {
      const error = await refusal(folder, name)
      expect(error).toMatchObject({ code: 'npz-entry-unreadable', params: { problem: 'encrypted' } })
      expect(sentence(error, 'en')).toContain('encrypted')
    }
  })

  it('is read by its content, whatever its ending', async () => {
    const folder = await folderOf({ 'arrays.zip': npz({ images: images(2), labels: labels(0, 1) }) })
    expect((await read(folder, 'arrays.zip')).labels).toEqual([0, 1])
  })

  it('whose arrays have no header is refused by the name of the one that is read', async () => {
    const [broken, good] = [Buffer.from('no array'), images(2)]
    const folder = await folderOf({
      'images.npz': npz({ images: broken, labels: labels(0, 1) }),
      'labels.npz': npz({ images: good, labels: broken }),
      'unnamed.npz': npz({ a: broken, b: broken }),
      'other.npz': npz({ images: good, labels: labels(0, 1), other: broken }),
    })
    for (const [name, array] of [
      ['images', 'images'],
      ['labels', 'labels'],
      ['unnamed', 'a'],
    ] as const) {
      expect(await refusal(folder, `${name}.npz`)).toMatchObject({
        code: 'array-header-unreadable',
        params: { array },
      })
    }
    expect((await read(folder, 'other.npz')).codes).toEqual(['arrays-passed-over'])
  })

  it('is called damaged where it is cut short or no archive', async () => {
    const whole = npz({ images: images(2) })
    const folder = await folderOf({ 'cut.npz': whole.subarray(0, -30), 'text.npz': Buffer.from('not a zip') })
    for (const name of ['cut.npz', 'text.npz']) expect((await refusal(folder, name)).code).toBe('npz-damaged')
  })

  it('of too many arrays is refused, saying how many are read', async () => {
    const many = Object.fromEntries(Array.from({ length: 1001 }, (_, i) => [`a${i}`, labels(1)]))
    const folder = await folderOf({ 'many.npz': npz(many) })
    expect(await refusal(folder, 'many.npz')).toMatchObject({
      code: 'npz-too-many-arrays',
      params: { most: 1000 },
    })
  })

  it('counts only the arrays that are read in the limit of a dataset', async () => {
    const archive = npz({ zz_other: images(1), images: images(2) })
    archive.writeUInt32LE(maxBytes, archive.indexOf('PK\x01\x02', 0, 'latin1') + 24)
    const folder = await folderOf({ 'large.npz': archive })
    expect((await read(folder, 'large.npz')).labels).toEqual([-1, -1])
  })
})

describe('a format that is not read', () => {
  const inZip = (...names: string[]) =>
    Buffer.from(zipSync(Object.fromEntries(names.map((name) => [name, Buffer.from('x')]))))
  const bytes = (text: string) => Buffer.from(text.padEnd(40, '\0'), 'latin1')
  const tar = Buffer.alloc(1024)
  tar.write('a.txt')
  tar.write('ustar', 257)
  // The length of a record and its masked CRC-32C, as the format defines them.
  const record = Buffer.from('0500000000000000ea b2 04 3e 68656c6c6f00000000'.replace(/ /g, ''), 'hex')

  it.each<[UnreadFormat, string, Buffer]>([
    ['pickle', 'mnist.pkl', bytes('\x80\x04\x95\x10')],
    ['pickle', 'old.pkl', bytes('(dp0\n.')],
    ['pickle', 'mnist.pkl.gz', gzipSync(bytes('\x80\x03}q\x00'))],
    ['torch', 'model.pt', inZip('archive/data.pkl', 'archive/data/0')],
    ['torch', 'old.pth', bytes('\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19.')],
    ['zip', 'images.zip', inZip('cats/a.png', 'dogs/b.png')],
    ['zip', 'images.npz', inZip('a.png')],
    ['word', 'a.docx', inZip('[Content_Types].xml', 'word/document.xml')],
    ['excel', 'a.xlsx', inZip('[Content_Types].xml', 'xl/workbook.xml')],
    ['powerpoint', 'a.pptx', inZip('ppt/presentation.xml')],
    ['opendocument', 'a.ods', inZip('mimetype', 'META-INF/manifest.xml')],
    ['office-97', 'a.xls', bytes('\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1')],
    ['seven-zip', 'a.7z', bytes("7z\xbc\xaf'\x1c")],
    ['rar', 'a.rar', bytes('Rar!\x1a\x07\x00')],
    ['tar', 'a.tar', tar],
    ['tar', 'a.tar.gz', gzipSync(tar)],
    ['gzip', 'a.gz', gzipSync(bytes('a,b\n1,2\n'))],
    ['bzip2', 'a.bz2', bytes('BZh91AY&SY')],
    ['xz', 'a.xz', bytes('\xfd7zXZ\x00')],
    ['zstandard', 'a.zst', bytes('\x28\xb5\x2f\xfd')],
    ['parquet', 'a.parquet', bytes('PAR1')],
    ['arrow', 'a.feather', bytes('ARROW1\0\0')],
    ['arrow', 'b.feather', bytes('FEA1')],
    ['tfrecord', 'a.tfrecord', record],
    ['sqlite', 'a.db', bytes('SQLite format 3\0')],
  ])('%s is called by its name: %s', async (kind, name, content) => {
    const folder = await folderOf({ [name]: content })
    const error = await refusal(folder, name)
    expect(error).toEqual({ code: 'format-named-unread', params: { file: join(folder, name), kind } })
    expect(sentence(error, 'en')).not.toContain(`is ${kind}.`)
    expect(sentence(error, 'zh')).toMatch(/文件 .*是.*\p{Script=Han}{4}/u)
  })

  it('is unknown where nothing is known of it', async () => {
    const folder = await folderOf({ 'a.bin': bytes('hello'), 'empty.bin': Buffer.alloc(0) })
    for (const name of ['a.bin', 'empty.bin'])
      expect((await refusal(folder, name)).code).toBe('unknown-format')
  })
})
