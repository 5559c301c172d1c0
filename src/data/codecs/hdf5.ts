/**
 * HDF5, also of MATLAB's version 7.3: groups of datasets, which are arrays; a dataset's path is its name. Read are
 * whole numbers, IEEE floats, booleans, enumerations and text, stored in one piece, in the object's header, or in
 * chunks found through a B-tree of version 1, packed with gzip, shuffle and Fletcher-32. Anything else is listed by
 * what it is. The format: "HDF5 File Format Specification Version 3.0".
 *
 * The package jsfive (0.4.2) is not used: it leaves holes or NaN in place of the fill value, and does not read compact
 * storage.
 */
import { product } from '../arrays/axes'
import { labError, type UnreadContent } from '../../contract/errors'
import { shortened } from '../../contract/shortened'
import type { ArrayEntry, ArrayFile, DataArray } from '../arrays/array-file'
import { maxBytes } from '../dataset'
import { maxShown, refuseBomb, tooLarge } from '../file'
import { Cursor, Damaged, guarded } from './cursor'
import { datasetOf, filterIds, type Hdf5Dataset, numberIn } from './hdf5/datasets'
import { linksOf } from './hdf5/links'
import { messagesOf, nowhere, startOf, superblockOf } from './hdf5/objects'
import { rawBytes } from './hdf5/raw'
import { rowMajor, valuesOf } from './values'

const format = 'HDF5'
/** Groups in groups: each level is a call, and more of them would exceed the stack. */
const maxDepth = 500
const maxObjects = 10_000
/** Texts are labels or names of classes; more of them are other content. */
const maxTexts = 2_000_000
/** Groups in which MATLAB keeps what its cell arrays and objects refer to. */
const matlabGroups = ['#refs#', '#subsystem#']

/** Whether a file begins as an HDF5 file does, perhaps behind a header of MATLAB. */
export function isHdf5(head: Buffer): boolean {
  return startOf(head) !== undefined
}

interface Listed {
  readonly entry: ArrayEntry
  readonly dataset: Hdf5Dataset
  readonly unread: UnreadContent | null
}

/**
 * The datasets of a file.
 * @throws `container-damaged`, `array-unread`, `too-many-arrays`, `packed-too-densely`, `dataset-too-large`
 */
export async function openHdf5(file: string, whole: Buffer): Promise<ArrayFile> {
  const reader = new Hdf5Reader(file, whole)
  const listed = await guarded(file, format, () => reader.list())
  return {
    file,
    isMatlab: listed.some(({ dataset }) => matlabClass(dataset) !== undefined),
    entries: listed.map(({ entry }) => entry),
    async read(name) {
      const one = listed.find(({ entry }) => entry.name === name)
      if (one === undefined) throw new Error(`no array ${name}`)
      return guarded(file, format, () => reader.read(one))
    },
  }
}

const matlabClass = ({ attributes }: Hdf5Dataset) => attributes.get('MATLAB_class')

/** MATLAB writes the dimensions of its column-major arrays in reverse, so that its first index is the fastest. */
const reversed = (shape: readonly number[]): number[] => [...shape].reverse()

class Hdf5Reader {
  /** From the superblock on: addresses count from there. */
  private readonly bytes: Buffer
  private readonly start: number
  private readonly texts: (address: number, index: number) => string
  private taken = 0

  constructor(
    private readonly file: string,
    whole: Buffer,
  ) {
    this.start = startOf(whole) ?? whole.length
    this.bytes = whole.subarray(this.start)
    this.texts = textHeap(this.bytes)
  }

  /** Lists the datasets, each group once: links may lead in circles. */
  async list(): Promise<Listed[]> {
    const { root, end } = superblockOf(this.bytes)
    if (this.start + this.bytes.length < end) throw new Damaged()
    const found: [string, Hdf5Dataset][] = []
    const groups = new Set<number>()
    let objects = 0
    const visit = (address: number, path: readonly string[]) => {
      objects += 1
      if (objects > maxObjects) throw labError('too-many-arrays', { file: this.file, most: maxObjects })
      const messages = messagesOf(this.bytes, address)
      const dataset = datasetOf(messages)
      if (dataset !== null) found.push([path.join('/'), dataset])
      if (dataset !== null || groups.has(address)) return
      if (path.length >= maxDepth) throw new Damaged()
      groups.add(address)
      for (const { name, target } of linksOf(this.bytes, messages)) {
        // Links by path lead to what is listed under its own name, or out of the file.
        const isOwn = path.length > 0 || !matlabGroups.includes(name)
        if (typeof target === 'number' && isOwn) visit(target, [...path, name])
      }
    }
    visit(root, [])
    // A link's name may contain the sign that separates the names of a path.
    if (new Set(found.map(([name]) => name)).size < found.length) throw new Damaged()
    found.sort(([first], [second]) => (first < second ? -1 : 1))
    return Promise.all(found.map(([name, dataset]) => this.listed(name, dataset)))
  }

  private async listed(name: string, dataset: Hdf5Dataset): Promise<Listed> {
    const isReadable = unreadContentOf(dataset, true) === null
    const isCell = isReadable && matlabClass(dataset) === 'cell' && dataset.type.kind === 'reference'
    const texts = isCell ? await this.textsOfCells(dataset) : null
    const unread = unreadContentOf(dataset, texts !== null)
    const { type } = dataset
    const own = matlabClass(dataset) === undefined ? dataset.shape : reversed(dataset.shape)
    if (unread !== null) return { entry: { name, type: unread, shape: own }, dataset, unread }
    if (texts !== null) return { entry: { name, type: 'text', shape: [texts.length] }, dataset, unread }
    if (matlabClass(dataset) === 'char') {
      return { entry: { name, type: 'text', shape: own.slice(0, 1) }, dataset, unread }
    }
    const element =
      matlabClass(dataset) === 'logical' ? 'bool' : type.kind === 'number' ? type.element : 'text'
    return { entry: { name, type: element, shape: own }, dataset, unread }
  }

  /** The bytes of a dataset, with what is allocated for them bounded before. */
  private async raw(dataset: Hdf5Dataset): Promise<Buffer> {
    const length = product(dataset.shape) * dataset.type.bytes
    // As it is in memory: half-precision floats become floats.
    this.taken += 2 * length
    if (length > maxBytes || this.taken > 2 * maxBytes) throw tooLarge(this.file, length)
    refuseBomb(length, this.bytes.length, this.file)
    if (dataset.layout.kind === 'chunks') this.refuseChunks(dataset.layout.shape, dataset.type.bytes)
    return rawBytes(this.bytes, dataset)
  }

  /** A chunk may be larger than its dataset, and is unpacked whole. */
  private refuseChunks(shape: readonly number[], width: number): void {
    const length = product(shape) * width
    if (length > maxBytes) throw tooLarge(this.file, length)
    refuseBomb(length, this.bytes.length, this.file)
  }

  async read({ entry, dataset, unread }: Listed): Promise<DataArray> {
    const { name, shape } = entry
    if (unread !== null) {
      throw labError('array-unread', { file: this.file, array: shortened(name, maxShown), content: unread })
    }
    if (matlabClass(dataset) === 'cell') {
      const texts = await this.textsOfCells(dataset)
      if (texts === null) throw new Damaged()
      return { name, type: 'text', shape, texts }
    }
    const { type } = dataset
    if (entry.type === 'text' && product(shape) > maxTexts) {
      throw labError('array-unread', {
        file: this.file,
        array: shortened(name, maxShown),
        content: 'odd-type',
      })
    }
    const raw = await this.raw(dataset)
    if (matlabClass(dataset) === 'char') return { name, type: 'text', shape, texts: charRows(raw, dataset) }
    if (type.kind !== 'number') return { name, type: 'text', shape, texts: this.textsIn(raw, dataset) }
    const stored = valuesOf(raw, entry.type === 'bool' ? 'bool' : type.element, type.order)
    const values = matlabClass(dataset) === undefined ? stored : rowMajor(stored, shape)
    return { name, type: entry.type, shape, values }
  }

  private textsIn(raw: Buffer, { type, shape }: Hdf5Dataset): string[] {
    return Array.from({ length: product(shape) }, (_, i) => {
      const cursor = new Cursor(raw, i * type.bytes)
      if (type.kind === 'text')
        return cursor
          .text(type.bytes)
          .replace(/[\0].*$/s, '')
          .replace(/ +$/, '')
      if (type.kind === 'heap-text') {
        // The length, which the heap states too.
        cursor.skip(4)
        return this.texts(cursor.uint64(), cursor.uint(4))
      }
      if (type.kind !== 'names') throw new Damaged()
      const value = numberIn(cursor.take(type.bytes), type)
      const name = type.names.get(value)
      if (name === undefined) throw new Damaged()
      return name
    })
  }

  /** The text of each cell of MATLAB's; null if a cell holds anything else. */
  private async textsOfCells(dataset: Hdf5Dataset): Promise<string[] | null> {
    const count = product(dataset.shape)
    const isVector = dataset.shape.filter((length) => length !== 1).length <= 1
    if (!isVector || count > maxObjects) return null
    const references = new Cursor(await this.raw(dataset))
    const texts: string[] = []
    for (let i = 0; i < count; i++) {
      const cell = datasetOf(messagesOf(this.bytes, references.uint64()))
      if (cell === null || matlabClass(cell) !== 'char' || unreadContentOf(cell, true) !== null) return null
      if (cell.type.kind !== 'number' || cell.type.bytes !== 2) return null
      const rows = cell.attributes.has('MATLAB_empty') ? [''] : charRows(await this.raw(cell), cell)
      if (rows.length > 1) return null
      texts.push(rows[0] ?? '')
    }
    return texts
  }
}

function unreadContentOf(
  { type, layout, filters, attributes }: Hdf5Dataset,
  isText: boolean,
): UnreadContent | null {
  if (layout.kind === 'unread') return layout.unread
  if (filters.some(({ id }) => !Object.values(filterIds).includes(id))) return 'packed'
  if (isText) return null
  const ofMatlab = attributes.get('MATLAB_class')
  // MATLAB keeps complex numbers as records of two floats.
  const isNumber = ofMatlab === 'double' || ofMatlab === 'single'
  if (type.kind === 'unread') return isNumber && type.unread === 'compound' ? 'complex' : type.unread
  if (attributes.has('MATLAB_empty')) return 'no-values'
  if (ofMatlab === 'cell') return 'cell'
  if (ofMatlab === 'function_handle') return 'function'
  if (ofMatlab === 'char') return type.bytes === 2 && type.kind === 'number' ? null : 'odd-type'
  return type.kind === 'reference' ? 'reference' : null
}

/** The rows of a char array of MATLAB's, without the spaces that fill them up to one length. */
function charRows(raw: Buffer, { shape, type }: Hdf5Dataset): string[] {
  const [columns = 1, rows = 1] = shape
  if (shape.length > 2 || type.kind !== 'number' || type.bytes !== 2) throw new Damaged()
  const units = valuesOf(raw, 'uint16', type.order)
  return Array.from({ length: rows }, (_, row) => {
    let text = ''
    for (let i = 0; i < columns; i++) text += String.fromCharCode(units[i * rows + row] ?? 0)
    return text.replace(/ +$/, '')
  })
}

/** Reads texts from the file's global heaps; each is decoded once. */
function textHeap(bytes: Buffer): (address: number, index: number) => string {
  const heaps = new Map<number, Map<number, string>>()
  let left = bytes.length
  return (address, index) => {
    // An empty text has no address.
    if (address === 0 || address >= nowhere) return ''
    let heap = heaps.get(address)
    if (heap === undefined) {
      const own = heapBytes(bytes, address)
      // Heaps that overlap could hold more than the file.
      left -= own.length
      if (left < 0) throw new Damaged()
      heap = textsOfHeap(own)
      heaps.set(address, heap)
    }
    const text = heap.get(index)
    if (text === undefined) throw new Damaged()
    return text
  }
}

const heapBytes = (bytes: Buffer, address: number): Buffer =>
  new Cursor(bytes, address).take(new Cursor(bytes, address).expect('GCOL').skip(4).uint64())

function textsOfHeap(bytes: Buffer): Map<number, string> {
  // Behind the signature, the version and the length.
  const heap = new Cursor(bytes).skip(16)
  const texts = new Map<number, string>()
  while (heap.left >= 16) {
    const index = heap.uint(2)
    if (index === 0) break
    heap.skip(6)
    const size = heap.uint64()
    texts.set(index, heap.text(size))
    heap.skip(Math.min((8 - (size % 8)) % 8, heap.left))
  }
  return texts
}
