/**
 * NPY as NumPy writes and reads it: any order of axes and bytes, all versions of the header, numbers, booleans and
 * texts. Objects are pickles and are never opened.
 */
import { labError } from '../../contract/errors'
import { shortened } from '../../contract/shortened'
import { readNpyHeader } from '../../files/npy-header'
import type { DataArray } from '../arrays/array-file'
import { fortranStrides, product, walk } from '../arrays/axes'
import { maxBytes } from '../dataset'
import { maxShown, tooLarge } from '../file'
import { type Literal, parseLiteral } from './python-literal'
import { isElementType, rowMajor, valuesOf } from './values'

export interface NumpyHeader {
  /** NumPy's name of the type; `text` for texts. */
  readonly type: string
  readonly shape: readonly number[]
  readonly isFortran: boolean
  readonly isBigEndian: boolean
  /** The letter of the kind: `u`, `i`, `f`, `b`, `U` or `S`; empty if values of this type are not read. */
  readonly kind: string
  /** Bytes a value. */
  readonly size: number
  readonly valuesStart: number
}

/** Bytes from the start of a file that hold every header that is read. */
export const headerBytes = 2 ** 14

const maxAxes = 32

const described = /^([<>|=]?)([a-zA-Z?])(\d{0,9})(\[[\w/]{1,20}\])?$/

const named: Readonly<Record<string, string>> = {
  b: 'bool',
  i: 'int',
  u: 'uint',
  f: 'float',
  c: 'complex',
  M: 'datetime64',
  m: 'timedelta64',
  O: 'object',
  V: 'void',
}

/** Bytes a value of the kinds that are read. */
const readable: Readonly<Record<string, readonly number[]>> = {
  b: [1],
  i: [1, 2, 4, 8],
  u: [1, 2, 4, 8],
  f: [2, 4, 8],
}

type TypeFacts = Pick<NumpyHeader, 'type' | 'isBigEndian' | 'kind' | 'size'>

function typeOf(descr: Literal | undefined): TypeFacts | null {
  const unread = { isBigEndian: false, kind: '', size: 0 }
  if (Array.isArray(descr)) return { type: 'structured', ...unread }
  const found = typeof descr === 'string' ? described.exec(descr) : null
  if (found === null) return null
  const [, order, letter = '', digits = '', unit = ''] = found
  const kind = letter === '?' ? 'b' : letter === 'a' ? 'S' : letter
  const size = letter === '?' ? 1 : Number(digits)
  const isBigEndian = order === '>'
  if (kind === 'U' || kind === 'S')
    return { type: 'text', isBigEndian, kind, size: kind === 'U' ? 4 * size : size }
  const name = named[kind]
  if (name === undefined) return null
  if (name === 'bool' || name === 'object') return { type: name, isBigEndian, ...readableAs(kind, size) }
  const type =
    unit !== '' || kind === 'V' || kind === 'M' || kind === 'm' ? `${name}${unit}` : `${name}${8 * size}`
  return { type, isBigEndian, ...readableAs(kind, size) }
}

const readableAs = (kind: string, size: number) =>
  readable[kind]?.includes(size) === true ? { kind, size } : { kind: '', size: 0 }

function lengthsIn(value: Literal | undefined): number[] | null {
  if (!Array.isArray(value) || value.length > maxAxes) return null
  const lengths = value as readonly Literal[]
  return lengths.every((length): length is number => Number.isSafeInteger(length) && Number(length) >= 0)
    ? [...lengths]
    : null
}

const isDict = (value: Literal | undefined | null): value is ReadonlyMap<string, Literal> =>
  value instanceof Map

/** Null if the bytes do not start as NumPy's files do. */
export function numpyHeader(start: Buffer): NumpyHeader | null {
  const header = readNpyHeader(start)
  const fields: Literal | undefined | null = header && parseLiteral(header.text)
  if (header === null || !isDict(fields)) return null
  const [order, shape, type] = [
    fields.get('fortran_order'),
    lengthsIn(fields.get('shape')),
    typeOf(fields.get('descr')),
  ]
  if (typeof order !== 'boolean' || shape === null || type === null || fields.size !== 3) return null
  return { ...type, shape, isFortran: order, valuesStart: header.valuesStart }
}

/** A text ends before the zeros that fill its place. */
function textIn(bytes: Buffer, { kind, isBigEndian }: NumpyHeader): string {
  if (kind === 'S') return bytes.toString('utf8').replace(/\0+$/, '')
  let text = ''
  for (let at = 0; at + 4 <= bytes.length; at += 4) {
    const code = isBigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at)
    text += String.fromCodePoint(code > 0x10ffff ? 0xfffd : code)
  }
  return text.replace(/\0+$/, '')
}

function textsIn(bytes: Buffer, header: NumpyHeader): string[] {
  const { size, shape } = header
  return Array.from({ length: product(shape) }, (_, i) =>
    textIn(bytes.subarray(i * size, (i + 1) * size), header),
  )
}

/** Texts are labels or names of classes; more of them, or longer ones, are other content. */
const maxTexts = 2_000_000

/**
 * @param file its name for errors, as `array` is
 * @throws `array-header-unreadable`, `array-pickled`, `array-type-unread`, `array-length-misfit`, `dataset-too-large`
 */
export function decodeNumpy(bytes: Buffer, file: string, array: string): DataArray {
  const name = shortened(array, maxShown)
  const header = numpyHeader(bytes)
  if (header === null) throw labError('array-header-unreadable', { file, array: name })
  const { type, shape, kind, size } = header
  if (type === 'object') throw labError('array-pickled', { file, array: name })
  if (kind === '') throw labError('array-type-unread', { file, array: name, type })
  const values = bytes.subarray(header.valuesStart)
  const expected = product(shape) * size
  if (values.length !== expected) {
    throw labError('array-length-misfit', {
      file,
      array: name,
      found: values.length,
      expected: String(expected),
    })
  }
  // Half-precision floats take twice the bytes here.
  if (kind === 'f' && size === 2 && 2 * expected > maxBytes) throw tooLarge(file, 2 * expected)
  if (type === 'text') {
    if (product(shape) > maxTexts) throw labError('array-type-unread', { file, array: name, type })
    const texts = textsIn(values, header)
    return { name: array, type, shape, texts: header.isFortran ? textsInOrder(texts, shape) : texts }
  }
  if (!isElementType(type)) throw labError('array-type-unread', { file, array: name, type })
  const numbers = valuesOf(values, type, header.isBigEndian ? 'big' : 'little')
  return { name: array, type, shape, values: header.isFortran ? rowMajor(numbers, shape) : numbers }
}

function textsInOrder(texts: readonly string[], shape: readonly number[]): string[] {
  const ordered = new Array<string>(texts.length)
  walk(shape, fortranStrides(shape), (from, to) => {
    ordered[to] = texts[from] ?? ''
  })
  return ordered
}
