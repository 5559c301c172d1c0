/** Files of arrays in memory. */
import { noChoices, type Choices } from '../../../../src/contract/reading'
import type { ArrayFile, DataArray, NamedRoles, Numbers } from '../../../../src/data/arrays/array-file'
import type { SampleTable } from '../../../../src/data/dataset'
import { assemble } from '../../../../src/data/arrays/assemble'
import { refusalOf } from '../support'

const types = new Map<unknown, string>([
  [Uint8Array, 'uint8'],
  [Int8Array, 'int8'],
  [Uint16Array, 'uint16'],
  [Int16Array, 'int16'],
  [Uint32Array, 'uint32'],
  [Int32Array, 'int32'],
  [Float32Array, 'float32'],
  [Float64Array, 'float64'],
])

interface Given {
  readonly shape: readonly number[]
  readonly values: Numbers | readonly string[]
}

/** Values of a shape, by default bytes that count up. */
export function array(shape: readonly number[], values?: Numbers | readonly string[]): Given {
  const length = shape.reduce((size, n) => size * n, 1)
  return { shape, values: values ?? Uint8Array.from({ length }, (_, i) => (37 * i) % 256) }
}

export const labels = (...values: readonly number[]): Given => array([values.length], Int32Array.from(values))
export const floats = (shape: readonly number[], ...values: readonly number[]): Given =>
  array(shape, Float32Array.from(values))
export const texts = (...values: readonly string[]): Given => array([values.length], values)

const isNumbers = (values: Numbers | readonly string[]): values is Numbers => ArrayBuffer.isView(values)

/** @param roles as a format that knows them says them */
export function arrayFile(
  given: Readonly<Record<string, Given>>,
  file = 'x.npz',
  roles?: NamedRoles,
): ArrayFile {
  const arrays = Object.entries(given).map(([name, { shape, values }]): DataArray =>
    isNumbers(values)
      ? { name, type: types.get(values.constructor) ?? '', shape, values }
      : { name, type: 'text', shape, texts: values },
  )
  return {
    file,
    entries: arrays.map(({ name, type, shape }) => ({ name, type, shape })),
    ...(roles && { roles }),
    read(name) {
      const found = arrays.find((one) => one.name === name)
      return found === undefined ? Promise.reject(new Error(name)) : Promise.resolve(found)
    },
  }
}

export async function assembled(
  given: Readonly<Record<string, Given>>,
  choices: Partial<Choices> = {},
  file = 'x.npz',
) {
  const { samples, classNames, notes } = await assemble(
    { ...arrayFile(given, file), isMatlab: file.endsWith('.mat') },
    {
      choices: { ...noChoices, ...choices },
    },
  )
  const codes = notes.map(({ code }) => code)
  const said = (code: string) => notes.find((note) => note.code === code)?.params
  return { samples, classNames, codes, said, notes }
}

/** The name of each training sample's class; null where it is not known. */
export const namesOf = (
  { train: { labels } }: SampleTable,
  classNames: readonly string[] | null,
): (string | null)[] => Array.from(labels, (label) => classNames?.[label] ?? null)

export const refusal = (given: Readonly<Record<string, Given>>, choices: Partial<Choices> = {}) =>
  refusalOf(() => assembled(given, choices))
