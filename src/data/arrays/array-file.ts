/** The arrays in a file or folder of the user, whatever its format. */
import type { Note } from '../../contract/note'

export type Numbers =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array

/** An array's name, type and shape, known before it is read. */
export interface ArrayEntry {
  readonly name: string
  /** As numpy calls it: `uint8`, `bool`, `int64`, `float16`, `float32`; `text` for strings. */
  readonly type: string
  readonly shape: readonly number[]
}

/** Values in C order. 64-bit integers are doubles here, half-precision floats are floats, and booleans are bytes. */
export interface NumberArray extends ArrayEntry {
  readonly values: Numbers
}

export interface TextArray extends ArrayEntry {
  readonly texts: readonly string[]
}

export type DataArray = NumberArray | TextArray

export const isText = (array: DataArray): array is TextArray => 'texts' in array

/** Names of arrays by what they hold. */
export interface NamedRoles {
  readonly samples: string
  readonly labels?: string | undefined
  readonly testSamples?: string | undefined
  readonly testLabels?: string | undefined
}

export interface ArrayFile {
  /** The file or folder, for errors. */
  readonly file: string
  readonly entries: readonly ArrayEntry[]
  /** What the arrays hold, if the format says it or the names of files do; otherwise their own names decide. */
  readonly roles?: NamedRoles
  /** MATLAB's files usually hold samples along the last axis. */
  readonly isMatlab?: boolean
  /** What was understood when the file was opened. */
  readonly notes?: readonly Note[]
  /** @param name of one of the entries; throws if values of its type are not read */
  read(name: string): Promise<DataArray>
}

/** The entries of arrays that are in memory already, and how they are read. */
export function heldArrays(arrays: readonly DataArray[]): Pick<ArrayFile, 'entries' | 'read'> {
  return {
    entries: arrays.map(({ name, type, shape }) => ({ name, type, shape })),
    read: async (name) => {
      const found = arrays.find((array) => array.name === name)
      if (found === undefined) throw new Error(`no array ${name}`)
      return found
    },
  }
}
