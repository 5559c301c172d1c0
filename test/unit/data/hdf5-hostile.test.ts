/** Parts of HDF5 files that contradict each other, or claim more than they hold. */
import { deflateSync } from 'zlib'
import { describe, expect, it } from 'vitest'
import { openHdf5 } from '../../../src/data/codecs/hdf5'
import { Cursor, Damaged } from '../../../src/data/codecs/cursor'
import { datasetOf } from '../../../src/data/codecs/hdf5/datasets'
import { linksOf } from '../../../src/data/codecs/hdf5/links'
import { type Message, messageTypes } from '../../../src/data/codecs/hdf5/objects'
import { rawBytes } from '../../../src/data/codecs/hdf5/raw'
import { refusalOf } from './support'

/** Little-endian numbers, each of the bytes that stand before it. */
function fields(...pairs: [bytes: 1 | 2 | 4 | 8, value: number][]): Buffer {
  return Buffer.concat(
    pairs.map(([bytes, value]) => {
      const field = Buffer.alloc(8)
      field.writeBigUInt64LE(BigInt(value))
      return field.subarray(0, bytes)
    }),
  )
}

const message = (type: number, bytes: Buffer): Message => ({ type, shared: false, bytes })
const space = (...shape: number[]): Buffer =>
  Buffer.concat([fields([1, 2], [1, shape.length], [1, 0], [1, 1]), ...shape.map((n) => fields([8, n]))])
const byteType = fields([1, 0x10], [1, 0], [2, 0], [4, 1], [2, 0], [2, 8])
/** The head of an enumeration of `count` names. */
const names = (count: number, bytes: number): Buffer => fields([1, 0x18], [1, count], [2, 0], [4, bytes])
const chunks = (tree: number, ...shape: number[]): Buffer =>
  Buffer.concat([
    fields([1, 3], [1, 2], [1, shape.length + 1], [8, tree]),
    ...[...shape, 1].map((n) => fields([4, n])),
  ])
const packed = fields([1, 2], [1, 1], [2, 1], [2, 0], [2, 0])

const described = (type: Buffer, layout: Buffer, ...shape: number[]): Message[] => [
  message(messageTypes.dataspace, space(...shape)),
  message(messageTypes.datatype, type),
  message(messageTypes.layout, layout),
]

/** A leaf of a tree of chunks, each with its offset and stored bytes. */
function leaf(at: number, ...held: [offset: number, stored: Buffer][]): Buffer {
  const headBytes = 24 + 32 * held.length
  let next = at + headBytes
  const keys = held.map(([offset, stored]) => {
    const key = fields([4, stored.length], [4, 0], [8, offset], [8, 0], [8, next])
    next += stored.length
    return key
  })
  const head = Buffer.concat([
    Buffer.from('TREE'),
    fields([1, 1], [1, 0], [2, held.length]),
    Buffer.alloc(16),
  ])
  // The bytes of each chunk follow all keys.
  return Buffer.concat([head, ...keys, ...held.map(([, stored]) => stored)])
}

/** A file whose root is one dataset. */
function fileOf(messages: Message[], rest: (at: number) => Buffer): Buffer {
  const held = messages.map(({ type, bytes }) =>
    Buffer.concat([fields([1, type], [2, bytes.length], [1, 0]), bytes]),
  )
  const header = Buffer.concat(held)
  const root = 48
  const body = Buffer.concat([Buffer.from('OHDR'), fields([1, 2], [1, 2], [4, header.length]), header])
  const after = rest(root + body.length)
  const end = root + body.length + after.length
  const start = Buffer.concat([
    Buffer.from('\x89HDF\r\n\x1a\n', 'latin1'),
    fields([1, 2], [1, 8], [1, 8], [1, 0], [8, 0], [8, 0], [8, end], [8, root], [4, 0]),
  ])
  return Buffer.concat([start, body, after])
}

describe('an HDF5 file', () => {
  const small = (shape: number, width: number, content: Buffer) => {
    const all = (tree: number) => [
      ...described(byteType, chunks(tree, width), shape),
      message(messageTypes.filters, packed),
    ]
    const at = fileOf(all(0), () => Buffer.alloc(0)).length
    return fileOf(all(at), (start) => leaf(start, [0, content]))
  }

  it('with a chunk larger than its dataset is read', async () => {
    const opened = await openHdf5('a.h5', small(4, 8, deflateSync(Buffer.alloc(8, 7))))
    const { values } = (await opened.read('')) as unknown as { values: Uint8Array }
    expect(Array.from(values)).toEqual([7, 7, 7, 7])
  })

  it.each([
    [2 ** 32 - 1, 'dataset-too-large'],
    [2 ** 28, 'packed-too-densely'],
  ])('with a chunk of %d bytes for four values is refused: %s', async (width, code) => {
    const opened = await openHdf5('a.h5', small(4, width, deflateSync(Buffer.alloc(64))))
    expect((await refusalOf(() => opened.read(''))).code).toBe(code)
  })

  it('with more texts than labels need is refused before they are read', async () => {
    const text = fields([1, 0x13], [1, 0], [2, 0], [4, 1])
    const layout = fields([1, 3], [1, 1], [8, 48], [8, 3_000_000])
    const opened = await openHdf5(
      'a.h5',
      fileOf(described(text, layout, 3_000_000), () => Buffer.alloc(3_000_000)),
    )
    expect((await refusalOf(() => opened.read(''))).code).toBe('array-unread')
  })

  it('with two chunks of one place is damaged', async () => {
    const dataset = datasetOf(described(byteType, chunks(0, 2), 4))
    if (dataset === null) throw new Error('no dataset')
    const read = (second: number) =>
      rawBytes(leaf(0, [0, Buffer.from([1, 2])], [second, Buffer.from([3, 4])]), dataset)
    expect([...(await read(2))]).toEqual([1, 2, 3, 4])
    await expect(read(0)).rejects.toThrow(Damaged)
  })

  it.each([0, 4])('with an enumeration of %d bytes of numbers of one is not read', (bytes) => {
    const named = Buffer.concat([names(1, bytes), byteType, Buffer.from('a\0\0\0\0\0\0\0\0')])
    expect(datasetOf(described(named, chunks(0, 4), 4))?.type).toMatchObject({ unread: 'odd-type' })
  })

  it('with enumerations of enumerations is not followed', () => {
    const nested = Buffer.concat(Array.from({ length: 8000 }, () => names(0, 1)))
    expect(datasetOf(described(nested, chunks(0, 4), 4))?.type).toMatchObject({ unread: 'odd-type' })
  })

  it('with a tree of symbols that is as deep as it is long is damaged', () => {
    const depth = 20_000
    const nodeBytes = 48
    const heap = Buffer.concat([
      Buffer.from('HEAP'),
      fields([4, 0], [8, 8], [8, 0], [8, 32]),
      Buffer.alloc(8),
    ])
    const nodes = Array.from({ length: depth }, (_, n) =>
      Buffer.concat([
        Buffer.from('TREE'),
        fields([1, 0], [1, 1], [2, 1]),
        Buffer.alloc(24),
        fields([8, heap.length + nodeBytes * (n + 1)]),
        Buffer.alloc(nodeBytes - 40),
      ]),
    )
    const file = Buffer.concat([heap, ...nodes])
    const table = message(messageTypes.symbolTable, fields([8, heap.length], [8, 0]))
    expect(() => linksOf(file, [table])).toThrow(Damaged)
  })

  it('with two links of one path is damaged', async () => {
    const link = (name: string) =>
      message(
        messageTypes.link,
        Buffer.concat([fields([1, 1], [1, 0], [1, name.length]), Buffer.from(name), fields([8, 48])]),
      )
    const twice = (second: string) => {
      const target = fileOf([link('a'), link(second)], () => Buffer.alloc(0)).length
      const to = (name: string) => {
        const { type, bytes } = link(name)
        return message(type, Buffer.concat([bytes.subarray(0, -8), fields([8, target])]))
      }
      const dataset = fileOf(described(byteType, fields([1, 3], [1, 0], [2, 1], [1, 9]), 1), () =>
        Buffer.alloc(0),
      )
      return fileOf([to('a'), to(second)], () => dataset.subarray(48))
    }
    expect((await openHdf5('a.h5', twice('b'))).entries.map(({ name }) => name)).toEqual(['a', 'b'])
    expect((await refusalOf(() => openHdf5('a.h5', twice('a')))).code).toBe('container-damaged')
  })

  it('with a number of no bytes is damaged', () => {
    expect(() => new Cursor(Buffer.alloc(8)).uint(0)).toThrow(Damaged)
  })
})
