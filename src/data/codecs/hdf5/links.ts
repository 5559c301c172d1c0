/**
 * The links of a group, in the three forms in which they are stored: a table of symbols (a B-tree with a heap of
 * names), messages in the group's header, or a fractal heap of messages with a B-tree of version 2.
 */
import { Cursor, Damaged } from '../cursor'
import { type Message, messageTypes, nowhere } from './objects'

export interface Link {
  readonly name: string
  /** Address of an object, a path to one, or null for a link into another file. */
  readonly target: number | string | null
}

/** Limits against files that lead in circles or claim to be endless. */
const maxNodes = 100_000
const maxLinks = 100_000

export function linksOf(bytes: Buffer, messages: readonly Message[]): Link[] {
  return messages.flatMap(({ type, bytes: content }) => {
    if (type === messageTypes.link) return [linkIn(content)]
    if (type === messageTypes.symbolTable) return symbolsOf(bytes, content)
    return type === messageTypes.linkInfo ? denseLinks(bytes, content) : []
  })
}

function linkIn(message: Buffer): Link {
  const cursor = new Cursor(message)
  if (cursor.uint(1) !== 1) throw new Damaged()
  const flags = cursor.uint(1)
  const kind = flags & 8 ? cursor.uint(1) : 0
  if (flags & 4) cursor.skip(8)
  if (flags & 0x10) cursor.skip(1)
  const name = cursor.text(cursor.uint(1 << (flags & 3)))
  if (kind === 0) return { name, target: cursor.uint64() }
  return { name, target: kind === 1 ? cursor.text(cursor.uint(2)) : null }
}

/** Visits each node of a tree once, so that nodes which name each other end. */
class Visits {
  private readonly seen = new Set<number>()

  visit(address: number): void {
    if (this.seen.has(address) || this.seen.size > maxNodes) throw new Damaged()
    this.seen.add(address)
  }
}

function symbolsOf(bytes: Buffer, message: Buffer): Link[] {
  const places = new Cursor(message)
  const tree = places.uint64()
  const heap = new Cursor(bytes, places.uint64()).expect('HEAP').skip(4)
  const length = heap.uint64()
  heap.skip(8)
  const names = new Cursor(bytes, heap.uint64()).take(length)
  const nameAt = (offset: number) => {
    const end = names.indexOf(0, offset)
    if (offset > names.length || end < 0) throw new Damaged()
    return names.toString('utf8', offset, end)
  }
  return symbolNodes(bytes, tree, null, new Visits()).flatMap((address) => {
    const node = new Cursor(bytes, address).expect('SNOD').skip(2)
    return Array.from({ length: node.uint(2) }, (): Link => {
      const name = nameAt(node.uint64())
      const target = node.uint64()
      const isPath = node.uint(4) === 2
      node.skip(4)
      const path = node.uint(4)
      node.skip(12)
      return { name, target: isPath ? nameAt(path) : target }
    })
  })
}

/** Addresses of the nodes that hold the symbols. Each level is one below the last, which bounds the depth. */
function symbolNodes(bytes: Buffer, address: number, expected: number | null, visits: Visits): number[] {
  visits.visit(address)
  const node = new Cursor(bytes, address).expect('TREE')
  if (node.uint(1) !== 0) throw new Damaged()
  const level = node.uint(1)
  if (expected !== null && level !== expected) throw new Damaged()
  const count = node.uint(2)
  node.skip(16)
  const children = Array.from({ length: count }, () => node.skip(8).uint64())
  if (level === 0) {
    children.forEach((child) => visits.visit(child))
    return children
  }
  return children.flatMap((child) => symbolNodes(bytes, child, level - 1, visits))
}

function denseLinks(bytes: Buffer, message: Buffer): Link[] {
  const cursor = new Cursor(message).skip(1)
  const flags = cursor.uint(1)
  if (flags & 1) cursor.skip(8)
  const heapAddress = cursor.uint64()
  const treeAddress = cursor.uint64()
  if (heapAddress >= nowhere || treeAddress >= nowhere) return []
  const heap = fractalHeap(bytes, heapAddress)
  // Each record is a name's hash and the heap's name for the link.
  return recordsOf(bytes, treeAddress).map((record) => linkIn(heap(record.subarray(4))))
}

/** The records of a B-tree of version 2. */
function recordsOf(bytes: Buffer, address: number): Buffer[] {
  const header = new Cursor(bytes, address).expect('BTHD').skip(1)
  if (header.uint(1) !== 5) throw new Damaged()
  const [nodeBytes, recordBytes, depth] = [header.uint(4), header.uint(2), header.uint(2)]
  header.skip(2)
  const root = header.uint64()
  const count = header.uint(2)
  if (header.uint64() > maxLinks || recordBytes < 5 || depth > 20) throw new Damaged()
  if (root >= nowhere) return []
  const records: Buffer[] = []
  const visits = new Visits()
  const widths = countWidths(nodeBytes, recordBytes, depth)
  const visit = (at: number, held: number, level: number) => {
    visits.visit(at)
    const node = new Cursor(bytes, at).expect(level === 0 ? 'BTLF' : 'BTIN').skip(2)
    for (let i = 0; i < held; i++) records.push(node.take(recordBytes))
    if (records.length > maxLinks) throw new Damaged()
    for (let i = 0; level > 0 && i <= held; i++) {
      const child = node.uint64()
      const inChild = node.uint(widths[level - 1]?.own ?? 1)
      if (level > 1) node.skip(widths[level - 1]?.below ?? 1)
      visit(child, inChild, level - 1)
    }
  }
  visit(root, count, depth)
  return records
}

const bytesFor = (most: number): number => Math.ceil(Math.log2(most + 1) / 8) || 1

/** For each level, the bytes of a node's number of records, and of the number with all nodes below. */
function countWidths(nodeBytes: number, recordBytes: number, depth: number) {
  const widths: { own: number; below: number }[] = []
  let below = 0
  for (let level = 0; level < Math.max(1, depth); level++) {
    const pointer =
      level === 0 ? 0 : 8 + (widths[level - 1]?.own ?? 1) + (level > 1 ? (widths[level - 1]?.below ?? 1) : 0)
    const most = Math.floor((nodeBytes - 10 - pointer) / (recordBytes + pointer))
    if (most < 1) throw new Damaged()
    below = level === 0 ? most : (most + 1) * below + most
    widths.push({ own: bytesFor(most), below: bytesFor(below) })
  }
  return widths
}

/** Reads the objects of a heap by the names that it gave them. Only objects kept in its own blocks are read. */
function fractalHeap(bytes: Buffer, address: number): (id: Buffer) => Buffer {
  const header = new Cursor(bytes, address).expect('FRHP').skip(1 + 2)
  if (header.uint(2) !== 0) throw new Damaged()
  header.skip(1)
  const mostManaged = header.uint(4)
  header.skip(12 * 8)
  const width = header.uint(2)
  const startBytes = header.uint64()
  const mostDirect = header.uint64()
  const offsetBits = header.uint(2)
  header.skip(2)
  const root = header.uint64()
  const rows = header.uint(2)
  if (width === 0 || startBytes === 0 || mostDirect < startBytes || offsetBits > 64 || offsetBits === 0)
    throw new Damaged()
  const offsetBytes = Math.ceil(offsetBits / 8)
  const lengthBytes = Math.min(Math.ceil(Math.log2(mostDirect) / 8), bytesFor(mostManaged))
  const directRows = Math.log2(mostDirect) - Math.log2(startBytes) + 2
  const blockBytes = (row: number) => startBytes * 2 ** Math.max(0, row - 1)
  const rowStart = (row: number) => (row === 0 ? 0 : width * blockBytes(row))
  const inBlock = (block: number, offset: number) => {
    new Cursor(bytes, block).expect('FHDB')
    return block + offset
  }
  /** Position of an offset into the space that the indirect block at `at` spans. */
  const placeIn = (at: number, held: number, offset: number, depth: number): number => {
    if (depth > 20) throw new Damaged()
    let row = 0
    while (row + 1 <= held && offset >= rowStart(row + 1)) row += 1
    if (row >= held) throw new Damaged()
    const column = Math.floor((offset - rowStart(row)) / blockBytes(row))
    const inside = offset - rowStart(row) - column * blockBytes(row)
    const child = new Cursor(bytes, at)
      .expect('FHIB')
      .skip(1 + 8 + offsetBytes + 8 * (row * width + column))
      .uint64()
    if (row < directRows) return inBlock(child, inside)
    const below = Math.log2(blockBytes(row)) - Math.log2(startBytes * width) + 1
    return placeIn(child, below, inside, depth + 1)
  }
  return (id) => {
    const cursor = new Cursor(id)
    // Objects of other kinds are too large for a link.
    if ((cursor.uint(1) & 0x30) !== 0) throw new Damaged()
    const offset = cursor.uint(offsetBytes)
    const length = cursor.uint(lengthBytes)
    const at = rows === 0 ? inBlock(root, offset) : placeIn(root, rows, offset, 0)
    return new Cursor(bytes, at).take(length)
  }
}
