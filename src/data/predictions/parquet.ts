/**
 * Predictions as Parquet, made of the finished rows: the columns of the rows, text as UTF-8 strings, probabilities as
 * float, in row groups of 10,000.
 */
import { promises as fs } from 'fs'
import { fileWriter, ParquetWriter } from 'hyparquet-writer'
import { move, temporaryBeside } from '../../files/atomic'
import { fileError } from '../../files/file-error'
import type { Row, RowsSource } from './columns'

const rowsInGroup = 10_000

/** Node 12, in older Electrons, lacks this method, which the package calls. */
function provideAt(): void {
  if ('at' in Array.prototype) return
  Object.defineProperty(Array.prototype, 'at', {
    value(this: unknown[], index: number) {
      return this[index < 0 ? this.length + index : index]
    },
  })
}

type Kind = 'text' | 'number' | 'count'

function kindOf(column: string): Kind {
  if (column === 'row') return 'count'
  return column === 'file' || column === 'error' || column.startsWith('prediction') ? 'text' : 'number'
}

const types = {
  text: { type: 'BYTE_ARRAY', converted_type: 'UTF8' },
  number: { type: 'FLOAT' },
  count: { type: 'INT32' },
} as const

function cellOf(row: Row, at: number, kind: Kind): string | number | null {
  const cell = row[at] ?? null
  if (cell === null) return null
  return kind === 'text' ? String(cell) : Number(cell)
}

/** Replaces an existing file. @throws `no-permission`, `disk-full`, `file-not-found` (the folder) */
export async function writeParquet(path: string, { columns, batches }: RowsSource): Promise<void> {
  provideAt()
  const temporary = temporaryBeside(path)
  const kinds = columns.map(kindOf)
  try {
    const writer = new ParquetWriter({
      writer: fileWriter(temporary),
      schema: [
        { name: 'predictions', num_children: columns.length },
        ...columns.map((name, at) => ({
          name,
          repetition_type: 'OPTIONAL' as const,
          ...types[kinds[at] ?? 'text'],
        })),
      ],
    })
    const write = (rows: readonly Row[]) =>
      writer.write({
        columnData: columns.map((name, at) => ({
          name,
          data: rows.map((row) => cellOf(row, at, kinds[at] ?? 'text')),
        })),
        rowGroupSize: rowsInGroup,
      })
    let group: Row[] = []
    for await (const rows of batches()) {
      group.push(...rows)
      if (group.length < rowsInGroup) continue
      await write(group)
      group = []
    }
    if (group.length > 0) await write(group)
    await writer.finish()
    const file = await fs.open(temporary, 'r+')
    await file.sync()
    await file.close()
    await move(temporary, path, path)
  } catch (problem) {
    await fs.unlink(temporary).catch(() => undefined)
    throw fileError(problem, path)
  }
}
