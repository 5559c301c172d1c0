import { promises as fs, readFileSync } from 'fs'
import { join } from 'path'
import { describe, expect, it } from 'vitest'
import { type ArrayFile, isText } from '../../../src/data/arrays/array-file'
import { openHdf5 } from '../../../src/data/codecs/hdf5'
import { isMatlab, openMatlab } from '../../../src/data/codecs/matlab'
import { type Choices, noChoices } from '../../../src/contract/reading'
import { readPath } from '../../../src/data/formats/read'
import { newFolder, refusalOf } from './support'

const folder = join('test', 'fixtures', 'containers')

type Expected = { unread: string } | { type: string; shape: number[]; values: (number | string | null)[] }
const expected = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8')) as Record<
  string,
  Record<string, Expected>
>

async function open(name: string, bytes: Buffer = readFileSync(join(folder, name))): Promise<ArrayFile> {
  return isMatlab(bytes) ? openMatlab(name, bytes) : openHdf5(name, bytes)
}

/** All arrays of a file, in the form of the expected ones. */
async function contentOf(file: ArrayFile): Promise<Record<string, Expected>> {
  const found: Record<string, Expected> = {}
  for (const { name, type, shape } of file.entries) {
    const refusal = await refusalOf(() => file.read(name)).catch(() => null)
    if (refusal !== null) {
      found[name] = { unread: String(refusal.params['content']) }
      continue
    }
    const array = await file.read(name)
    const values = isText(array)
      ? [...array.texts]
      : Array.from(array.values, (value) => (isNaN(value) ? null : value))
    expect([array.name, array.type, array.shape]).toEqual([name, type, shape])
    found[name] = { type, shape: [...shape], values }
  }
  return found
}

describe('arrays in HDF5 and in MATLAB files', () => {
  it.each(Object.keys(expected))('of %s are what h5py and scipy read', async (name) => {
    expect(await contentOf(await open(name))).toEqual(expected[name])
  })

  it('are listed with their type or kind before they are read', async () => {
    const { entries } = await open('plain.mat')
    expect(entries.find(({ name }) => name === 'struct')).toEqual({
      name: 'struct',
      type: 'struct',
      shape: [1, 1],
    })
    expect(entries.find(({ name }) => name === 'f4')).toEqual({
      name: 'f4',
      type: 'float32',
      shape: [2, 3, 4],
    })
  })

  it('of a file cut short anywhere are refused, or read as they are', async () => {
    for (const name of [
      'plain.mat',
      'packed.mat',
      'storage.h5',
      'newest.h5',
      'symbols.h5',
      'version73.mat',
    ]) {
      const whole = readFileSync(join(folder, name))
      const all = expected[name] ?? {}
      for (let part = 1; part < 24; part++) {
        const bytes = whole.subarray(0, Math.floor((whole.length * part) / 24))
        const opened = await open(name, bytes).catch(() => null)
        const refusal = await refusalOf(() => open(name, bytes)).catch(() => null)
        expect(refusal?.code ?? 'container-damaged').toBe('container-damaged')
        if (opened === null) continue
        for (const [array, content] of Object.entries(await contentOf(opened)))
          expect(content).toEqual(all[array])
      }
    }
  })

  it('with a changed byte in a packed chunk are refused by the checksum', async () => {
    const whole = Buffer.from(readFileSync(join(folder, 'storage.h5')))
    // The values of checked_bytes, of five bytes a chunk.
    const at = whole.indexOf(Buffer.from([5, 6, 7, 8, 9]))
    whole[at] = 55
    const file = await open('storage.h5', whole)
    expect(await refusalOf(() => file.read('checked_bytes'))).toEqual({
      code: 'container-damaged',
      params: { file: 'storage.h5', format: 'HDF5' },
    })
  })
})

/** A MATLAB file of one variable in big-endian order: a double [2, 3] stored as 16-bit integers. */
function bigEndianMatlab(): Buffer {
  const element = (type: number, bytes: Buffer) => {
    const tag = Buffer.alloc(8)
    tag.writeUInt32BE(type, 0)
    tag.writeUInt32BE(bytes.length, 4)
    return Buffer.concat([tag, bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)])
  }
  const words = (...values: number[]) => {
    const bytes = Buffer.alloc(4 * values.length)
    values.forEach((value, i) => bytes.writeInt32BE(value, 4 * i))
    return bytes
  }
  const values = Buffer.alloc(12)
  ;[1, 2, 3, 4, 5, -6].forEach((value, i) => values.writeInt16BE(value, 2 * i))
  // The name in a small element.
  const name = Buffer.from([0, 1, 0, 1, 0x78, 0, 0, 0])
  const matrix = Buffer.concat([element(6, words(6, 0)), element(5, words(2, 3)), name, element(3, values)])
  const header = Buffer.alloc(128, ' ')
  header.write('\x01\x00MI', 124, 'latin1')
  return Buffer.concat([header, element(14, matrix)])
}

describe('a MATLAB file', () => {
  const read = async (bytes: Uint8Array, choices: Partial<Choices> = {}, name = 'x.mat') => {
    const file = join(await newFolder(), name)
    await fs.writeFile(file, bytes)
    return readPath(file, { choices: { ...noChoices, ...choices } })
  }

  it('may be big-endian, and its columns become rows', async () => {
    const file = await open('x.mat', bigEndianMatlab())
    expect(file.entries).toEqual([{ name: 'x', type: 'float64', shape: [2, 3] }])
    expect(await file.read('x')).toMatchObject({ values: Float64Array.of(1, 3, 5, 2, 4, -6) })
  })

  it('of version 4 is refused by its name', async () => {
    const file = join(folder, 'version4.mat')
    expect(await refusalOf(() => readPath(file, { choices: noChoices }))).toEqual({
      code: 'matlab-version-4',
      params: { file },
    })
  })

  it('with a class of values that is not read is refused with the array and what it is', async () => {
    const file = join(folder, 'plain.mat')
    const choices = { ...noChoices, arrays: { ...noChoices.arrays, images: 'struct' } }
    expect(await refusalOf(() => readPath(file, { choices }))).toEqual({
      code: 'array-unread',
      params: { file, array: 'struct', content: 'struct' },
    })
  })

  it('with several arrays that may be the samples is refused with each of them, type and shape', async () => {
    const error = await refusalOf(() => readPath(join(folder, 'plain.mat'), { choices: noChoices }))
    expect(error.code).toBe('arrays-unnamed')
    expect(error.params['options']).toContain('f4: float32 [2, 3, 4]')
  })

  it('of version 7.3 is read as HDF5, and its samples are found by their names', async () => {
    const choices = {
      ...noChoices,
      arrays: { ...noChoices.arrays, images: 'x', labels: 'y' },
      layout: 'nhw' as const,
    }
    const { summary, samples } = await readPath(join(folder, 'version73.mat'), { choices })
    expect([summary.width, summary.height, Array.from(samples.train.labels)]).toEqual([4, 3, [0, 1]])
    expect(summary.classNames).toEqual(['1', '2'])
    expect(samples.kind === 'image' && Array.from(samples.train.pixels).slice(0, 5)).toEqual([0, 1, 2, 3, 4])
  })

  it('without labels asks where the samples are, as MATLAB puts them last', async () => {
    const one = matlabOf('faces', [4, 3, 5], Buffer.from(Uint8Array.from({ length: 60 }, (_, i) => 4 * i)))
    expect(await refusalOf(() => read(one))).toMatchObject({
      code: 'layout-unclear',
      params: { options: ['nhw', 'hwn'] },
    })
    const { summary } = await read(one, { layout: 'hwn' })
    expect([summary.height, summary.width, summary.counts['original/train']]).toEqual([4, 3, 5])
  })

  describe('of USPS by digits, as usps_all.mat has it', () => {
    // scipy.io.loadmat gives data[row + 16 * column, sample, digit]; bytes of a .mat lie with the first axis fastest.
    const value = (row: number, column: number, sample: number, place: number) =>
      (row * 7 + column * 3 + sample * 50 + place * 11) % 256
    const bytes = Buffer.alloc(256 * 2 * 10)
    for (let place = 0; place < 10; place++)
      for (let sample = 0; sample < 2; sample++)
        for (let at = 0; at < 256; at++)
          bytes[(place * 2 + sample) * 256 + at] = value(at % 16, Math.floor(at / 16), sample, place)
    const usps = matlabOf('data', [256, 2, 10], bytes)

    it('are upright images, labelled by the third axis: 1 to 9, then 0', async () => {
      const { summary, samples } = await read(usps, {}, 'usps_all.mat')
      expect([summary.height, summary.width, summary.counts['original/train']]).toEqual([16, 16, 20])
      const names = Array.from(samples.train.labels, (label) => summary.classNames[label])
      expect(names.join('')).toBe('11223344556677889900')
      const pixels = samples.kind === 'image' ? samples.train.pixels : []
      // The second sample of the digit 3, rows 0 and 15.
      const row = (y: number) => Array.from(pixels.slice(5 * 256 + y * 16, 5 * 256 + y * 16 + 16))
      for (const y of [0, 15]) expect(row(y)).toEqual(Array.from({ length: 16 }, (_, x) => value(y, x, 1, 2)))
      expect(summary.notes).toContainEqual({ code: 'usps-by-digit', params: { array: 'data', samples: 2 } })
    })

    it('are what the user says of them', async () => {
      const { summary } = await read(usps, { layout: 'hwn' }, 'usps_all.mat')
      expect([summary.height, summary.width, summary.counts['original/train']]).toEqual([256, 2, 10])
    })
  })

  it("of SVHN's form has the digit 0 for the label 10", async () => {
    const pixels = Buffer.from(Uint8Array.from({ length: 2 * 2 * 3 * 10 }, (_, i) => i))
    const labels = Buffer.from([10, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    const both = Buffer.concat([
      matlabOf('X', [2, 2, 3, 10], pixels),
      matlabOf('y', [10, 1], labels).subarray(128),
    ])
    const { summary, samples } = await read(both, {}, 'train_32x32.mat')
    expect(Array.from(samples.train.labels)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    // numpy.transpose(x, (3, 0, 1, 2)) of the column-major array.
    expect(samples.kind === 'image' && Array.from(samples.train.pixels).slice(0, 12)).toEqual([
      0, 4, 8, 2, 6, 10, 1, 5, 9, 3, 7, 11,
    ])
    expect(summary.notes.map(({ code }) => code)).toContain('label-ten-is-zero')
  })
})

/** A MATLAB file of one variable of bytes. */
function matlabOf(name: string, shape: readonly number[], values: Buffer): Buffer {
  const element = (type: number, bytes: Buffer) => {
    const tag = Buffer.alloc(8)
    tag.writeUInt32LE(type, 0)
    tag.writeUInt32LE(bytes.length, 4)
    return Buffer.concat([tag, bytes, Buffer.alloc((8 - (bytes.length % 8)) % 8)])
  }
  const matrix = Buffer.concat([
    element(6, Buffer.from(Int32Array.of(9, 0).buffer)),
    element(5, Buffer.from(Int32Array.from(shape).buffer)),
    element(1, Buffer.from(name)),
    element(2, values),
  ])
  const header = Buffer.alloc(128, ' ')
  header.write('\x00\x01IM', 124, 'latin1')
  return Buffer.concat([header, element(14, matrix)])
}

describe('a MATLAB file', () => {
  it.each([
    [[5, 1], null],
    [[2.5, 2], 'container-damaged'],
    [[NaN, 1], 'container-damaged'],
  ])('of the dimensions %j', async (shape, code) => {
    const words = (...values: number[]) => Buffer.from(Uint32Array.from(values).buffer)
    const doubles = (...values: number[]) => Buffer.from(Float64Array.from(values).buffer)
    const inner = Buffer.concat([
      words(6, 8, 6, 0, 9, 16),
      doubles(...shape),
      words(0x00010001, 0x61, 9, 40),
      doubles(1, 2, 3, 4, 5),
    ])
    const head = readFileSync(join(folder, 'plain.mat')).subarray(0, 128)
    const file = Buffer.concat([head, words(14, inner.length), inner])
    const refusal = await refusalOf(async () => (await open('a.mat', file)).read('a')).catch(() => null)
    expect(refusal?.code ?? null).toBe(code)
  })
})
