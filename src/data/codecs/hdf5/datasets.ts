/** What a dataset is: the type of its values, its shape, where and how they are stored. */
import { product } from '../../arrays/axes'
import type { UnreadContent } from '../../../contract/errors'
import { Cursor, Damaged, type Order } from '../cursor'
import { elementBytes, type ElementType } from '../values'
import { type Message, messageTypes } from './objects'

/** Values as they are stored. */
export type ValueType =
  | { readonly kind: 'number'; readonly bytes: number; readonly element: ElementType; readonly order: Order }
  /** Names of values. Without names: booleans. */
  | {
      readonly kind: 'names'
      readonly bytes: number
      readonly element: ElementType
      readonly order: Order
      readonly names: ReadonlyMap<number, string>
    }
  | { readonly kind: 'text'; readonly bytes: number }
  /** Text of any length, kept in a heap. */
  | { readonly kind: 'heap-text'; readonly bytes: number }
  | { readonly kind: 'reference'; readonly bytes: number }
  | { readonly kind: 'unread'; readonly bytes: number; readonly unread: UnreadContent }

export type Layout =
  | { readonly kind: 'compact'; readonly bytes: Buffer }
  | { readonly kind: 'whole'; readonly at: number; readonly length: number }
  | { readonly kind: 'chunks'; readonly tree: number; readonly shape: readonly number[] }
  | { readonly kind: 'unread'; readonly unread: UnreadContent }

export interface Filter {
  readonly id: number
}

export interface Hdf5Dataset {
  readonly type: ValueType
  readonly shape: readonly number[]
  readonly layout: Layout
  readonly filters: readonly Filter[]
  /** The value of what was never written; null for zero. */
  readonly fill: Buffer | null
  readonly attributes: ReadonlyMap<string, string>
}

export const filterIds = { deflate: 1, shuffle: 2, checksum: 3 }

const maxDimensions = 32

const find = (messages: readonly Message[], type: number) => messages.find((one) => one.type === type)

/** The dataset of an object's messages; null for a group or a named type. */
export function datasetOf(messages: readonly Message[]): Hdf5Dataset | null {
  const [space, type, layout] = [
    find(messages, messageTypes.dataspace),
    find(messages, messageTypes.datatype),
    find(messages, messageTypes.layout),
  ]
  if (space === undefined || type === undefined) return null
  const filters = find(messages, messageTypes.filters)
  const elsewhere = find(messages, messageTypes.externalFiles) !== undefined
  const shape = shapeOf(space.bytes)
  return {
    type:
      shape === null
        ? { kind: 'unread', bytes: 0, unread: 'no-values' }
        : type.shared
          ? { kind: 'unread', bytes: 0, unread: 'odd-type' }
          : typeOf(new Cursor(type.bytes)),
    shape: shape ?? [],
    layout: elsewhere ? { kind: 'unread', unread: 'elsewhere' } : layoutOf(layout),
    filters: filters === undefined ? [] : filtersOf(filters.bytes),
    fill: fillOf(messages),
    attributes: attributesOf(messages),
  }
}

/** Null for a space without values. */
function shapeOf(message: Buffer): number[] | null {
  const cursor = new Cursor(message)
  const version = cursor.uint(1)
  const rank = cursor.uint(1)
  cursor.skip(1)
  if ((version !== 1 && version !== 2) || rank > maxDimensions) throw new Damaged()
  if (version === 2 && cursor.uint(1) === 2) return null
  if (version === 1) cursor.skip(5)
  return Array.from({ length: rank }, () => cursor.uint64())
}

const unread = (bytes: number, kind: UnreadContent): ValueType => ({ kind: 'unread', bytes, unread: kind })

const typeClasses = { integer: 0, float: 1, text: 3, opaque: 5, compound: 6, reference: 7, names: 8, list: 9 }

function typeOf(cursor: Cursor): ValueType {
  const typeClass = cursor.uint(1) & 0x0f
  const flags = cursor.uint(1)
  const more = cursor.uint(2)
  const bytes = cursor.uint(4)
  switch (typeClass) {
    case typeClasses.integer:
      return integerOf(cursor, flags, bytes)
    case typeClasses.float:
      return floatOf(cursor, flags, bytes)
    case typeClasses.text:
      return bytes === 0 ? unread(0, 'odd-type') : { kind: 'text', bytes }
    case typeClasses.opaque:
      return unread(bytes, 'opaque')
    case typeClasses.compound:
      return unread(bytes, 'compound')
    case typeClasses.reference:
      return (flags & 0x0f) === 0 && bytes === 8 ? { kind: 'reference', bytes } : unread(bytes, 'reference')
    case typeClasses.names:
      return namesOf(cursor, flags + 256 * (more & 0xff), bytes)
    case typeClasses.list:
      return (flags & 0x0f) === 1 && bytes === 16 ? { kind: 'heap-text', bytes } : unread(bytes, 'list')
    default:
      return unread(bytes, 'odd-type')
  }
}

const orderIn = (flags: number): Order => ((flags & 1) === 0 ? 'little' : 'big')

function integerOf(cursor: Cursor, flags: number, bytes: number): ValueType {
  const [offset, precision] = [cursor.uint(2), cursor.uint(2)]
  const element = `${(flags & 8) === 0 ? 'u' : ''}int${bytes * 8}`
  if (offset !== 0 || precision !== 8 * bytes || !isElement(element)) return unread(bytes, 'odd-type')
  return { kind: 'number', bytes, element, order: orderIn(flags) }
}

const isElement = (name: string): name is ElementType => name in elementBytes

/** Exponent's position and bits, mantissa's position and bits, and bias of IEEE floats, by their bytes. */
const floats: Readonly<Record<number, string>> = {
  2: '10,5,0,10,15',
  4: '23,8,0,23,127',
  8: '52,11,0,52,1023',
}

function floatOf(cursor: Cursor, flags: number, bytes: number): ValueType {
  const [offset, precision] = [cursor.uint(2), cursor.uint(2)]
  const layout = [cursor.uint(1), cursor.uint(1), cursor.uint(1), cursor.uint(1), cursor.uint(4)].join(',')
  const element = `float${bytes * 8}`
  // Bit 6 marks VAX order.
  const standard = offset === 0 && precision === 8 * bytes && floats[bytes] === layout && (flags & 0x40) === 0
  if (!standard || !isElement(element)) return unread(bytes, 'odd-type')
  return { kind: 'number', bytes, element, order: orderIn(flags) }
}

/** An enumeration: numbers with names. h5py keeps booleans as one of FALSE and TRUE. */
function namesOf(cursor: Cursor, count: number, bytes: number): ValueType {
  const start = cursor.at
  const version = (cursor.bytes[start - 8] ?? 0) >> 4
  // Whole numbers only: enumerations of enumerations could be nested without end.
  if (((cursor.bytes[start] ?? 0) & 0x0f) !== typeClasses.integer) return unread(bytes, 'odd-type')
  const base = typeOf(cursor)
  if (base.kind !== 'number' || base.bytes !== bytes) return unread(bytes, 'odd-type')
  const names = Array.from({ length: count }, () => nameIn(cursor, version < 3))
  const values = Array.from({ length: count }, () => numberIn(cursor.take(base.bytes), base))
  const { element, order } = base
  if (names.map((name) => name.toUpperCase()).join() === 'FALSE,TRUE' && values.join() === '0,1') {
    return { kind: 'number', bytes, element: bytes === 1 ? 'bool' : element, order }
  }
  return {
    kind: 'names',
    bytes,
    element,
    order,
    names: new Map(names.map((name, i) => [values[i] ?? 0, name])),
  }
}

/** A name that ends with a zero; in older versions more zeros fill it up to a multiple of eight bytes. */
function nameIn(cursor: Cursor, padded: boolean): string {
  const end = cursor.bytes.indexOf(0, cursor.at)
  if (end < 0) throw new Damaged()
  const length = end + 1 - cursor.at
  const name = cursor.text(length).slice(0, -1)
  if (padded) cursor.skip((8 - (length % 8)) % 8)
  return name
}

export function numberIn(bytes: Buffer, { element, order }: { element: ElementType; order: Order }): number {
  const width = Math.min(6, bytes.length)
  const part = order === 'little' ? bytes.subarray(0, width) : bytes.subarray(bytes.length - width)
  if (element.startsWith('u')) return new Cursor(part, 0, order).uint(width)
  return order === 'little' ? part.readIntLE(0, width) : part.readIntBE(0, width)
}

function layoutOf(message: Message | undefined): Layout {
  if (message === undefined) return { kind: 'unread', unread: 'no-values' }
  const cursor = new Cursor(message.bytes)
  const version = cursor.uint(1)
  if (version !== 3 && version !== 4) return { kind: 'unread', unread: 'layout' }
  switch (cursor.uint(1)) {
    case 0:
      return { kind: 'compact', bytes: cursor.take(cursor.uint(2)) }
    case 1:
      return { kind: 'whole', at: cursor.uint64(), length: cursor.uint64() }
    case 2: {
      if (version === 4) return { kind: 'unread', unread: 'layout' }
      // The last of the dimensions is the size of a value.
      const rank = cursor.uint(1) - 1
      const tree = cursor.uint64()
      if (rank < 0 || rank > maxDimensions) throw new Damaged()
      return { kind: 'chunks', tree, shape: Array.from({ length: rank }, () => cursor.uint(4)) }
    }
    case 3:
      return { kind: 'unread', unread: 'elsewhere' }
    default:
      throw new Damaged()
  }
}

function filtersOf(message: Buffer): Filter[] {
  const cursor = new Cursor(message)
  const version = cursor.uint(1)
  const count = cursor.uint(1)
  if (version !== 1 && version !== 2) throw new Damaged()
  if (version === 1) cursor.skip(6)
  return Array.from({ length: count }, () => {
    const id = cursor.uint(2)
    const nameBytes = version === 1 || id >= 256 ? cursor.uint(2) : 0
    cursor.skip(2)
    const values = cursor.uint(2)
    cursor.skip(version === 1 ? Math.ceil(nameBytes / 8) * 8 : nameBytes)
    cursor.skip(4 * values + (version === 1 && values % 2 === 1 ? 4 : 0))
    return { id }
  })
}

function fillOf(messages: readonly Message[]): Buffer | null {
  const message = find(messages, messageTypes.fill)
  if (message === undefined) {
    const old = find(messages, messageTypes.oldFill)
    if (old === undefined) return null
    const cursor = new Cursor(old.bytes)
    return valueIn(cursor)
  }
  const cursor = new Cursor(message.bytes)
  const version = cursor.uint(1)
  if (version === 3) return (cursor.uint(1) & 0x20) === 0 ? null : valueIn(cursor)
  cursor.skip(2)
  return cursor.uint(1) === 0 ? null : valueIn(cursor)
}

function valueIn(cursor: Cursor): Buffer | null {
  const length = cursor.uint(4)
  return length === 0 ? null : cursor.take(length)
}

/** The attributes; empty for one that is not a single text. */
function attributesOf(messages: readonly Message[]): Map<string, string> {
  const attributes = new Map<string, string>()
  for (const { type, shared, bytes } of messages) {
    if (type !== messageTypes.attribute || shared) continue
    const [name, text] = attributeIn(new Cursor(bytes))
    attributes.set(name, text ?? '')
  }
  return attributes
}

function attributeIn(cursor: Cursor): [name: string, text: string | null] {
  const version = cursor.uint(1)
  const flags = cursor.uint(1)
  const sizes = [cursor.uint(2), cursor.uint(2), cursor.uint(2)]
  if (version === 3) cursor.skip(1)
  const part = (size = 0) => cursor.take(version === 1 ? Math.ceil(size / 8) * 8 : size)
  const [name, type, space] = [part(sizes[0]), part(sizes[1]), part(sizes[2])]
  const known = version !== 1 && flags !== 0 ? unread(0, 'odd-type') : typeOf(new Cursor(type))
  const title = name.toString('utf8').replace(/\0.*$/s, '')
  if (known.kind !== 'text' || product(shapeOf(space) ?? [0]) !== 1) return [title, null]
  return [title, cursor.text(known.bytes).replace(/\0.*$/s, '')]
}
