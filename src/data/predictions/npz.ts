/**
 * Predictions as an .npz that numpy opens, made of the finished rows. Arrays of n samples, k classes:
 *
 * `file` `<U [n]` or `row` `<i4 [n]`; `classes` `<U [k]`; `prediction` `<i4 [n]`, an index into `classes`, -1 for a
 * sample that could not be decoded; `probability` `<f4 [n]`, NaN for such a sample; with --top `prediction_2`,
 * `probability_2` and so on; with --probabilities `probabilities` `<f4 [n, k]`; for files `error` `<U [n]`.
 *
 * Every array is one pass through the rows, so that the memory does not grow with their number. It is not packed.
 */
import { Zip, ZipPassThrough } from 'fflate'
import { beginFile } from '../../files/atomic'
import { writeNpyHeader } from '../../files/npy-header'
import type { Cell, Row, RowsSource } from './columns'

interface NpyColumn {
  readonly name: string
  readonly descr: string
  readonly shape: readonly number[]
  /** The values of some rows. */
  encode(rows: readonly Row[]): Buffer
}

const points = (text: string): number[] => Array.from(text, (sign) => sign.codePointAt(0) ?? 0)

function texts(values: readonly string[], length: number): Buffer {
  const units = new Uint32Array(values.length * length)
  values.forEach((text, i) => units.set(points(text), i * length))
  return Buffer.from(units.buffer)
}

const textOf = (cell: Cell | undefined): string => (cell === null || cell === undefined ? '' : String(cell))

/** numpy cannot hold a text of length 0. */
const longest = (values: Iterable<string>): number => {
  let most = 1
  for (const text of values) most = Math.max(most, points(text).length)
  return most
}

async function textColumn(name: string, at: number, source: RowsSource): Promise<NpyColumn> {
  let length = 1
  for await (const rows of source.batches()) {
    length = Math.max(length, longest(rows.map((row) => textOf(row[at]))))
  }
  return {
    ...{ name, descr: `<U${length}`, shape: [source.count] },
    encode: (rows) =>
      texts(
        rows.map((row) => textOf(row[at])),
        length,
      ),
  }
}

function floats(name: string, shape: readonly number[], cells: (row: Row) => readonly Cell[]): NpyColumn {
  return {
    ...{ name, descr: '<f4', shape },
    encode(rows) {
      const values = rows.flatMap((row) => cells(row).map((cell) => (cell === null ? NaN : Number(cell))))
      return Buffer.from(Float32Array.from(values).buffer)
    },
  }
}

function integers(name: string, count: number, of: (row: Row) => number): NpyColumn {
  return {
    ...{ name, descr: '<i4', shape: [count] },
    encode: (rows) => Buffer.from(Int32Array.from(rows, of).buffer),
  }
}

async function columnsIn(source: RowsSource): Promise<NpyColumn[]> {
  const { columns, classes, count } = source
  const indices = new Map(classes.map((name, index) => [name, index]))
  const shares = columns.flatMap((name, at) => (name.startsWith('p_') ? [at] : []))
  const found: NpyColumn[] = []
  for (const [at, name] of columns.entries()) {
    if (name === 'file' || name === 'error') found.push(await textColumn(name, at, source))
    else if (name === 'row') found.push(integers(name, count, (row) => Number(row[at])))
    else if (name.startsWith('prediction'))
      found.push(integers(name, count, (row) => indices.get(textOf(row[at])) ?? -1))
    else if (name.startsWith('probability')) found.push(floats(name, [count], (row) => [row[at] ?? null]))
  }
  if (shares.length > 0) {
    const cells = (row: Row) => shares.map((at) => row[at] ?? null)
    found.push(floats('probabilities', [count, shares.length], cells))
  }
  return found
}

/** Replaces an existing file. @throws what `beginFile` throws */
export async function writeNpz(path: string, source: RowsSource): Promise<void> {
  const file = await beginFile(path)
  try {
    const pieces: Uint8Array[] = []
    const zip = new Zip((error, piece) => {
      if (error !== null) throw error
      pieces.push(piece)
    })
    const flush = async () => {
      for (const piece of pieces.splice(0)) await file.write(piece)
    }
    const begin = ({ name, descr, shape }: Omit<NpyColumn, 'encode'>) => {
      const entry = new ZipPassThrough(`${name}.npy`)
      zip.add(entry)
      entry.push(writeNpyHeader(descr, shape))
      return entry
    }
    const length = longest(source.classes)
    const names = begin({ name: 'classes', descr: `<U${length}`, shape: [source.classes.length] })
    names.push(texts(source.classes, length), true)
    for (const column of await columnsIn(source)) {
      const entry = begin(column)
      for await (const rows of source.batches()) {
        entry.push(column.encode(rows))
        await flush()
      }
      entry.push(new Uint8Array(0), true)
    }
    zip.end()
    await flush()
    await file.seal()
    await file.place()
  } catch (error) {
    await file.drop()
    throw error
  }
}
