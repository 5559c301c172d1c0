/**
 * MATLAB's .mat files of version 5 (also called 6 and 7; version 7.3 is HDF5): a header of 128 bytes, then one data
 * element a variable, packed with zlib or not. Each element is a type, a number of bytes and the bytes; a matrix holds
 * further elements: its class, dimensions, name and values. Values are stored column by column, in a type as small as
 * they allow.
 *
 * Read are numbers, logical values, text and cell arrays of text. Anything else is listed by what it is.
 */
import { product } from '../arrays/axes'
import { labError, type UnreadContent } from '../../contract/errors'
import { shortened } from '../../contract/shortened'
import type { ArrayEntry, ArrayFile, DataArray, Numbers } from '../arrays/array-file'
import { maxBytes } from '../dataset'
import { maxShown, refuseBomb, tooLarge } from '../file'
import { Cursor, Damaged, guarded, type Order } from './cursor'
import { asType, elementBytes, type ElementType, rowMajor, valuesOf } from './values'
import { inflateUpTo } from './zlib'

const format = 'MATLAB'
const headerBytes = 128
const tagBytes = 8
/** Class, dimensions and name of a variable lie within so many bytes: names have up to 63 characters. */
const openingBytes = 1024
const maxVariables = 10_000
const maxDimensions = 32
/** Cells of text: each takes at least 48 bytes in the file. */
const maxCells = 1_000_000

const elements = { matrix: 14, packed: 15, utf8: 16, utf16: 17, utf32: 18 }
const numberTypes: Readonly<Record<number, ElementType>> = {
  1: 'int8',
  2: 'uint8',
  3: 'int16',
  4: 'uint16',
  5: 'int32',
  6: 'uint32',
  7: 'float32',
  9: 'float64',
  12: 'int64',
  13: 'uint64',
}
const classes: Readonly<Record<number, ElementType>> = {
  6: 'float64',
  7: 'float32',
  8: 'int8',
  9: 'uint8',
  10: 'int16',
  11: 'uint16',
  12: 'int32',
  13: 'uint32',
  14: 'int64',
  15: 'uint64',
}
const cellClass = 1
const charClass = 4
const unreadClasses: Readonly<Record<number, UnreadContent>> = {
  2: 'struct',
  3: 'object',
  5: 'sparse',
  16: 'function',
  17: 'object',
}
const flagLogical = 0x02
const flagComplex = 0x08

interface Element {
  readonly type: number
  readonly bytes: Buffer
}

interface Tag {
  readonly type: number
  readonly length: number
  /** Up to four bytes of values within the tag itself. */
  readonly small: boolean
}

function tagOf(cursor: Cursor): Tag {
  const word = cursor.uint(4)
  const smallLength = word >>> 16
  if (smallLength > 4) throw new Damaged()
  if (smallLength > 0) return { type: word & 0xffff, length: smallLength, small: true }
  return { type: word, length: cursor.uint(4), small: false }
}

/** The next element inside a matrix. Its values are padded to a multiple of eight bytes, the last one's perhaps not. */
function elementOf(cursor: Cursor): Element {
  const { type, length, small } = tagOf(cursor)
  const bytes = cursor.take(length)
  const padding = small ? 4 - length : (8 - (length % 8)) % 8
  cursor.at += Math.min(padding, cursor.left)
  return { type, bytes }
}

interface Opening {
  readonly name: string
  readonly classId: number
  readonly flags: number
  readonly shape: readonly number[]
}

const numbersIn = ({ type, bytes }: Element, order: Order): Numbers => {
  const known = numberTypes[type]
  if (known === undefined || bytes.length % elementBytes[known] !== 0) throw new Damaged()
  return valuesOf(bytes, known, order)
}

/** Class, dimensions and name, with which every matrix begins. Objects of newer classes have no dimensions. */
function openingOf(cursor: Cursor): Opening {
  const word = numbersIn(elementOf(cursor), cursor.order)[0] ?? 0
  const [classId, flags] = [word & 0xff, (word >>> 8) & 0xff]
  if (classId === 17) return { name: elementOf(cursor).bytes.toString('utf8'), classId, flags, shape: [] }
  const shape = Array.from(numbersIn(elementOf(cursor), cursor.order))
  if (
    shape.length < 2 ||
    shape.length > maxDimensions ||
    shape.some((length) => !(Number.isSafeInteger(length) && length >= 0))
  ) {
    throw new Damaged()
  }
  return { name: elementOf(cursor).bytes.toString('utf8'), classId, flags, shape }
}

/** The characters of a char array as UTF-16 units, one an element of the array. */
function unitsOf(element: Element, order: Order): Uint16Array {
  const { type, bytes } = element
  if (type === elements.utf8) return unitsIn(bytes.toString('utf8'))
  if (type === elements.utf16) return Uint16Array.from(numbersIn({ type: 4, bytes }, order))
  if (type === elements.utf32) {
    const points = Array.from(numbersIn({ type: 6, bytes }, order))
    if (points.some((point) => point > 0x10ffff)) throw new Damaged()
    return unitsIn(points.map((point) => String.fromCodePoint(point)).join(''))
  }
  return Uint16Array.from(numbersIn(element, order))
}

const unitsIn = (text: string): Uint16Array =>
  Uint16Array.from({ length: text.length }, (_, i) => text.charCodeAt(i))

/** The rows of a char array, without the spaces that fill them up to one length. */
function rowsOf(units: Uint16Array, shape: readonly number[]): string[] {
  const [rows = 0, columns = 0] = shape
  if (shape.length !== 2 || units.length > rows * columns || rows > maxCells) throw new Damaged()
  return Array.from({ length: rows }, (_, row) => {
    let text = ''
    for (let i = row; i < units.length; i += rows) text += String.fromCharCode(units[i] ?? 0)
    return text.replace(/ +$/, '')
  })
}

/** The text of each cell; null if a cell holds anything else. */
function textsIn(cursor: Cursor, count: number): string[] | null {
  const texts: string[] = []
  for (let i = 0; i < count; i++) {
    const cell = elementOf(cursor)
    if (cell.type !== elements.matrix) throw new Damaged()
    const inner = new Cursor(cell.bytes, 0, cursor.order)
    // An empty cell may be no more than its tag.
    if (cell.bytes.length === 0) return null
    const { classId, shape } = openingOf(inner)
    const [rows = 0] = shape
    if (classId !== charClass || rows > 1) return null
    texts.push(product(shape) === 0 ? '' : (rowsOf(unitsOf(elementOf(inner), cursor.order), shape)[0] ?? ''))
  }
  return texts
}

/** A variable as it lies in the file. */
interface Variable extends ArrayEntry {
  readonly classId: number
  readonly unread: UnreadContent | null
  /** The matrix's bytes behind its tag. */
  bytes(): Promise<Buffer>
}

const isVector = (shape: readonly number[]) => shape.filter((length) => length !== 1).length <= 1

/** What a variable is. `bytes` are all of it where it is a cell array, whose kind its cells decide. */
async function entryOf(
  { name, classId, flags, shape }: Opening,
  texts: () => Promise<string[] | null>,
): Promise<Omit<Variable, 'bytes'>> {
  const unreadable = (unread: UnreadContent) => ({ name, shape, classId, type: unread, unread })
  const unread = unreadClasses[classId]
  if (unread !== undefined) return unreadable(unread)
  if (classId === charClass) {
    if (shape.length > 2) return unreadable('odd-type')
    return { name, type: 'text', shape: [shape[0] ?? 0], classId, unread: null }
  }
  if (classId === cellClass) {
    const count = product(shape)
    const simple = isVector(shape) && count <= maxCells && (await texts()) !== null
    return simple ? { name, type: 'text', shape: [count], classId, unread: null } : unreadable('cell')
  }
  const type = classes[classId]
  if (type === undefined) throw new Damaged()
  if ((flags & flagComplex) !== 0) return unreadable('complex')
  return { name, type: (flags & flagLogical) !== 0 ? 'bool' : type, shape, classId, unread: null }
}

/** Whether a file begins as a .mat file of version 5 does. */
export function isMatlab(head: Buffer): boolean {
  return orderOf(head) !== null
}

/** The header's last four bytes: the version 1.0, and "MI" as it comes out in the file's byte order. */
function orderOf(head: Buffer): Order | null {
  const mark = head.toString('latin1', 124, headerBytes)
  if (mark === '\x00\x01IM') return 'little'
  return mark === '\x01\x00MI' ? 'big' : null
}

/** Whether a file begins as a .mat file of version 4: the type, rows, columns and name of its first matrix. */
export function isOldMatlab(head: Buffer): boolean {
  if (head.length < 20) return false
  return (['little', 'big'] as const).some((order) => {
    const cursor = new Cursor(head, 0, order)
    const [type, rows, columns, imaginary, nameLength] = Array.from({ length: 5 }, () => cursor.uint(4))
    const [machine, zero, precision, kind] = String(type).padStart(4, '0').split('').map(Number)
    const known =
      (type ?? 0) < 5000 && (machine ?? 9) < 5 && zero === 0 && (precision ?? 9) < 6 && (kind ?? 9) < 3
    if (!known || (imaginary ?? 2) > 1 || (rows ?? 0) * (columns ?? 0) === 0) return false
    const name = head.toString('latin1', 20, 20 + Math.min(nameLength ?? 0, 65))
    return /^[A-Za-z]\w*\0$/.test(name)
  })
}

/**
 * The variables of a .mat file. What is unpacked of all of them together is at most `maxBytes`.
 * @throws `container-damaged`, `array-unread`, `too-many-arrays`, `packed-too-densely`, `dataset-too-large`
 */
export async function openMatlab(file: string, whole: Buffer): Promise<ArrayFile> {
  const reader = new MatlabReader(file, whole)
  const variables = await guarded(file, format, () => reader.variables())
  return {
    file,
    isMatlab: true,
    entries: variables.map(({ name, type, shape }) => ({ name, type, shape })),
    read: async (name) => {
      const variable = variables.find((one) => one.name === name)
      if (variable === undefined) throw new Error(`no array ${name}`)
      return guarded(file, format, () => reader.read(variable))
    },
  }
}

class MatlabReader {
  private readonly order: Order
  private unpacked = 0

  constructor(
    private readonly file: string,
    private readonly whole: Buffer,
  ) {
    this.order = orderOf(whole) ?? 'little'
  }

  async variables(): Promise<Variable[]> {
    const cursor = new Cursor(this.whole, 0, this.order)
    cursor.take(headerBytes)
    const variables: Variable[] = []
    const names = new Set<string>()
    while (cursor.left >= tagBytes) {
      const { type, length, small } = tagOf(cursor)
      if (small) throw new Damaged()
      const bytes = cursor.take(length)
      // Packed elements are not padded.
      if (type !== elements.packed) cursor.at += Math.min((8 - (length % 8)) % 8, cursor.left)
      const variable = await this.variable(type, bytes)
      // A nameless variable is MATLAB's own: the values behind the objects of classes.
      if (variable === null || variable.name === '') continue
      if (names.has(variable.name)) throw new Damaged()
      if (names.size === maxVariables) {
        throw labError('too-many-arrays', { file: this.file, most: maxVariables })
      }
      names.add(variable.name)
      variables.push(variable)
    }
    if (cursor.left > 0) throw new Damaged()
    return variables
  }

  private async variable(type: number, bytes: Buffer): Promise<Variable | null> {
    if (type === elements.matrix) return this.listed(bytes, async () => bytes)
    if (type !== elements.packed) return null
    const opening = await inflateUpTo(bytes, openingBytes)
    if (opening === null) throw new Damaged()
    const cursor = new Cursor(opening, 0, this.order)
    const inner = tagOf(cursor)
    if (inner.type !== elements.matrix) return null
    return this.listed(opening.subarray(cursor.at), () => this.unpack(bytes, inner.length))
  }

  private async listed(opening: Buffer, bytes: () => Promise<Buffer>): Promise<Variable> {
    const cursor = new Cursor(opening, 0, this.order)
    const found = openingOf(cursor)
    const texts = async () => {
      const inner = new Cursor(await bytes(), 0, this.order)
      const { shape } = openingOf(inner)
      return textsIn(inner, product(shape))
    }
    return { ...(await entryOf(found, texts)), bytes }
  }

  private async unpack(packed: Buffer, length: number): Promise<Buffer> {
    this.allow(length)
    refuseBomb(length, packed.length, this.file)
    const end = tagBytes + length
    // Up to seven bytes of padding may follow.
    const bytes = await inflateUpTo(packed, end + 8)
    if (bytes === null || bytes.length < end || bytes.length === end + 8) throw new Damaged()
    return bytes.subarray(tagBytes, end)
  }

  /** Counts what is allocated for values. */
  private allow(bytes: number): void {
    this.unpacked += bytes
    if (this.unpacked > maxBytes) throw tooLarge(this.file, this.unpacked)
  }

  async read(variable: Variable): Promise<DataArray> {
    const { name, type, shape, classId, unread } = variable
    if (unread !== null) {
      throw labError('array-unread', { file: this.file, array: shortened(name, maxShown), content: unread })
    }
    const cursor = new Cursor(await variable.bytes(), 0, this.order)
    const opening = openingOf(cursor)
    if (type === 'text') {
      const texts =
        classId === cellClass
          ? textsIn(cursor, product(opening.shape))
          : rowsOf(unitsOf(elementOf(cursor), this.order), opening.shape)
      if (texts === null) throw new Damaged()
      return { name, type, shape, texts }
    }
    const element: ElementType = type === 'bool' ? 'bool' : (classes[classId] ?? 'float64')
    const count = product(shape)
    // Stored in a smaller type than the variable's class if the values allow it.
    const stored = numbersIn(elementOf(cursor), this.order)
    if (stored.length !== count) throw new Damaged()
    if (count * elementBytes[element] > maxBytes) throw tooLarge(this.file, count * elementBytes[element])
    return { name, type, shape, values: rowMajor(asType(stored, element), shape) }
  }
}
