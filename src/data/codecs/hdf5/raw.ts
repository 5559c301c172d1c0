/** The bytes of a dataset, gathered from where they are stored. */
import { product } from '../../arrays/axes'
import { Cursor, Damaged } from '../cursor'
import { inflateTo } from '../zlib'
import { type Filter, filterIds, type Hdf5Dataset } from './datasets'
import { nowhere } from './objects'

/** Limit on the nodes of a tree of chunks. */
const maxNodes = 1_000_000

/** The bytes of all values in C order, as they are stored. Their number must be checked before. */
export async function rawBytes(bytes: Buffer, dataset: Hdf5Dataset): Promise<Buffer> {
  const { type, shape, layout } = dataset
  const length = product(shape) * type.bytes
  switch (layout.kind) {
    case 'compact':
      if (layout.bytes.length < length) throw new Damaged()
      return layout.bytes.subarray(0, length)
    case 'whole':
      if (layout.at >= nowhere) return filled(length, dataset)
      if (layout.length < length) throw new Damaged()
      return new Cursor(bytes, layout.at).take(length)
    case 'chunks':
      return gathered(bytes, dataset, layout.tree, layout.shape)
    default:
      throw new Error('this layout is not read')
  }
}

function filled(length: number, { fill, type }: Hdf5Dataset): Buffer {
  if (fill === null || fill.every((byte) => byte === 0)) return Buffer.alloc(length)
  if (fill.length !== type.bytes) throw new Damaged()
  return Buffer.alloc(length, fill)
}

interface Chunk {
  readonly at: number
  readonly bytes: number
  /** A bit for each filter that was left out. */
  readonly without: number
  /** Position of its first value. */
  readonly offset: readonly number[]
}

async function gathered(
  bytes: Buffer,
  dataset: Hdf5Dataset,
  tree: number,
  chunkShape: readonly number[],
): Promise<Buffer> {
  const { shape, type, filters } = dataset
  if (chunkShape.length !== shape.length || chunkShape.some((length) => length === 0)) throw new Damaged()
  const whole = filled(product(shape) * type.bytes, dataset)
  if (tree >= nowhere || whole.length === 0) return whole
  const chunkBytes = product(chunkShape) * type.bytes
  const expected = shape.reduce(
    (count, length, axis) => count * Math.ceil(length / (chunkShape[axis] ?? 1)),
    1,
  )
  const chunks = chunksOf(bytes, tree, shape.length, expected)
  const taken = new Set<string>()
  for (const chunk of chunks) {
    if (chunk.offset.some((start, axis) => start % (chunkShape[axis] ?? 1) !== 0)) throw new Damaged()
    // Two chunks of one place contradict each other.
    const corner = chunk.offset.join()
    if (taken.has(corner)) throw new Damaged()
    taken.add(corner)
    const stored = new Cursor(bytes, chunk.at).take(chunk.bytes)
    const values = await unfiltered(stored, filters, chunk.without, type.bytes, chunkBytes)
    if (values.length !== chunkBytes) throw new Damaged()
    place(whole, values, shape, chunkShape, chunk.offset, type.bytes)
  }
  return whole
}

/** All chunks of a B-tree of version 1. */
function chunksOf(bytes: Buffer, root: number, rank: number, most: number): Chunk[] {
  const chunks: Chunk[] = []
  const seen = new Set<number>()
  const visit = (address: number, expected: number | null) => {
    // A node that is named twice would make the tree endless.
    if (seen.has(address) || seen.size > maxNodes) throw new Damaged()
    seen.add(address)
    const node = new Cursor(bytes, address).expect('TREE')
    if (node.uint(1) !== 1) throw new Damaged()
    const level = node.uint(1)
    if (expected !== null && level !== expected) throw new Damaged()
    const count = node.uint(2)
    node.skip(16)
    for (let i = 0; i < count; i++) {
      const [length, without] = [node.uint(4), node.uint(4)]
      const offset = Array.from({ length: rank }, () => node.uint64())
      node.skip(8)
      const at = node.uint64()
      if (level > 0) visit(at, level - 1)
      else chunks.push({ at, bytes: length, without, offset })
      if (chunks.length > most) throw new Damaged()
    }
  }
  visit(root, null)
  return chunks
}

async function unfiltered(
  stored: Buffer,
  filters: readonly Filter[],
  without: number,
  width: number,
  length: number,
): Promise<Buffer> {
  let bytes = stored
  for (let i = filters.length - 1; i >= 0; i--) {
    if ((without & (1 << i)) !== 0) continue
    const id = filters[i]?.id
    if (id === filterIds.checksum) bytes = checked(bytes)
    else if (id === filterIds.shuffle) bytes = unshuffled(bytes, width)
    else {
      // A checksum taken before packing is unpacked with the values.
      const more = filters.slice(0, i).some((filter) => filter.id === filterIds.checksum) ? 4 : 0
      const unpacked = await inflateTo(bytes, length + more)
      if (unpacked === null) throw new Damaged()
      bytes = unpacked
    }
  }
  return bytes
}

/** First the first bytes of all values, then the second ones: put back together. */
function unshuffled(bytes: Buffer, width: number): Buffer {
  const count = Math.floor(bytes.length / width)
  // Bytes left over were not moved.
  const whole = Buffer.from(bytes)
  for (let byte = 0; byte < width; byte++) {
    const from = byte * count
    for (let i = 0, to = byte; i < count; i++, to += width) whole[to] = bytes[from + i] ?? 0
  }
  return whole
}

/** The bytes without their Fletcher-32 checksum, which is compared. */
function checked(bytes: Buffer): Buffer {
  if (bytes.length < 4) throw new Damaged()
  const values = bytes.subarray(0, -4)
  if (bytes.readUInt32LE(values.length) !== fletcher32(values)) throw new Damaged()
  return values
}

function fletcher32(bytes: Buffer): number {
  let [first, second] = [0, 0]
  for (let i = 0; i < bytes.length; i += 2) {
    first = (first + (bytes[i] ?? 0) * 256 + (bytes[i + 1] ?? 0)) % 65535
    second = (second + first) % 65535
  }
  // HDF5 has 65535 in place of 0, but for bytes that are all zero.
  const blank = bytes.every((byte) => byte === 0)
  const folded = (sum: number) => (sum === 0 && !blank ? 65535 : sum)
  return folded(second) * 65536 + folded(first)
}

/** Copies a chunk's values, row by row, to where they belong; those beyond the array's end are padding. */
function place(
  whole: Buffer,
  values: Buffer,
  shape: readonly number[],
  chunkShape: readonly number[],
  offset: readonly number[],
  width: number,
): void {
  const rank = shape.length
  if (rank === 0) {
    values.copy(whole)
    return
  }
  const inside = shape.map((length, axis) => Math.min(chunkShape[axis] ?? 0, length - (offset[axis] ?? 0)))
  if (inside.some((length) => length <= 0)) return
  const run = (inside[rank - 1] ?? 0) * width
  const rows = product(inside.slice(0, -1))
  const index = Array.from({ length: rank }, () => 0)
  for (let row = 0; row < rows; row++) {
    let [from, to] = [0, 0]
    for (let axis = 0; axis < rank; axis++) {
      from = from * (chunkShape[axis] ?? 0) + (index[axis] ?? 0)
      to = to * (shape[axis] ?? 0) + (index[axis] ?? 0) + (offset[axis] ?? 0)
    }
    values.copy(whole, to * width, from * width, from * width + run)
    for (let axis = rank - 2; axis >= 0; axis--) {
      index[axis] = (index[axis] ?? 0) + 1
      if ((index[axis] ?? 0) < (inside[axis] ?? 0)) break
      index[axis] = 0
    }
  }
}
