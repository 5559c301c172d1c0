/** The arrays in a file or folder of the user, whatever its format. */

export type Numbers =
  Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array | Float32Array | Float64Array

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

export interface ArrayFile {
  /** The file or folder, for errors. */
  readonly file: string
  readonly entries: readonly ArrayEntry[]
  /** @param name of one of the entries */
  read(name: string): Promise<DataArray>
}
