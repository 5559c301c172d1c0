import { promises as fs } from 'fs'
import { join } from 'path'
import { gzipSync } from 'zlib'
import { describe, expect, it } from 'vitest'
import { isText } from '../../../src/data/arrays/array-file'
import { decodeCsv, isTable } from '../../../src/data/tables/csv'
import { noChoices } from '../../../src/contract/reading'
import { readPath } from '../../../src/data/formats/read'
import { newFolder, refusalOf } from './support'

const bytesOf = (text: string | Uint8Array) => Buffer.from(text as string)

/** Samples and labels of a table as plain values, with its notes. */
async function read(text: string | Uint8Array, label: string | null = null) {
  const file = decodeCsv(bytesOf(text), 'x.csv', label)
  const arrays = await Promise.all(file.entries.map(({ name }) => file.read(name)))
  const [samples, labels] = arrays.map((array) => (isText(array) ? array.texts : Array.from(array.values)))
  return {
    name: file.roles?.samples,
    shape: file.entries[0]?.shape,
    samples,
    labels,
    codes: file.notes?.map(({ code }) => code),
  }
}
const refusal = (text: string | Uint8Array, label: string | null = null) => refusalOf(() => read(text, label))

const rows = 'a,b,label\n1.5,2,cat\n-3,4e-1,dog\n'
const ofRows = { shape: [2, 2], samples: [1.5, 2, -3, Math.fround(0.4)], labels: ['cat', 'dog'] }

describe('a table of text', () => {
  it('is read with the separator that its rows have, with any line ends and quotes', async () => {
    const forms = [
      rows,
      rows.replace(/,/g, ';'),
      rows.replace(/,/g, '\t'),
      rows.replace(/\n/g, '\r\n'),
      rows.replace(/\n/g, '\r'),
      rows.replace(/([a-z]+)/g, '"$1"').replace(/"e"/, 'e'),
      rows.replace(/,/g, ' , '),
      `\ufeff${rows}`,
      `\n${rows}\n\n`,
    ]
    for (const form of forms) expect(await read(form), JSON.stringify(form)).toMatchObject(ofRows)
  })

  it('is read as UTF-8, UTF-16 or GBK, and other text than UTF-8 is named', async () => {
    const text = '长度,标签\n1.5,猫\n2.5,狗\n'
    const swapped = Buffer.from(text, 'utf16le').swap16()
    const gbk = Buffer.from('b3a4b6c82cb1eac7a90a312e352cc3a80a322e352cb9b70a', 'hex')
    const forms: readonly [Uint8Array, string[]][] = [
      [Buffer.from(text), []],
      [Buffer.from(`\ufeff${text}`), []],
      [Buffer.from(`\ufeff${text}`, 'utf16le'), ['text-decoded']],
      [Buffer.concat([Buffer.of(0xfe, 0xff), swapped]), ['text-decoded']],
      [gbk, ['text-decoded']],
    ]
    for (const [bytes, codes] of forms) {
      const found = await read(bytes)
      expect(found).toMatchObject({ samples: [1.5, 2.5], labels: ['猫', '狗'] })
      expect(found.codes).toEqual([...codes, 'label-column-taken'])
    }
    expect(await read(Buffer.from('a,label\n1.5,x\n2.5,y\n', 'utf16le'))).toMatchObject({
      labels: ['x', 'y'],
    })
    expect(await refusal(Buffer.from('a,label\n1,caf\xe9\n2,th\xe9\n', 'latin1'))).toEqual({
      code: 'text-encoding-unknown',
      params: { file: 'x.csv' },
    })
  })

  it('finds its label column by name, wherever it is and in any letter case', async () => {
    for (const name of ['label', 'LABELS', 'Class', 'target', 'y', 'category', '标签', '类别']) {
      const found = await read(`a,${name},b\n1,0,2\n3,1,4\n`)
      expect(found).toMatchObject({ samples: [1, 2, 3, 4], labels: [0, 1], codes: ['label-column-taken'] })
    }
  })

  it('takes the first or last column for the label if it alone is text or whole numbers', async () => {
    expect(await read('a,b,species\n1,2,cat\n3,4,dog\n')).toMatchObject({ labels: ['cat', 'dog'] })
    expect(await read('cat,1,2\ndog,3,4\n')).toMatchObject({
      labels: ['cat', 'dog'],
      codes: ['header-none', 'label-column-taken'],
    })
    expect(await read('0,1.5,2.5\n1,3.5,4.5\n')).toMatchObject({
      samples: [1.5, 2.5, 3.5, 4.5],
      labels: [0, 1],
    })
  })

  it('asks for the label column where it is in doubt, with the columns as options', async () => {
    expect(await refusal('1,2,3\n4,5,6\n')).toEqual({
      code: 'label-column-unclear',
      params: { file: 'x.csv', options: ['1', '2', '3', 'none'] },
    })
    expect(await refusal('a,b\n1.5,2.5\n3.5,4.5\n')).toMatchObject({ code: 'label-column-unclear' })
    expect(await refusal('a,label,class\n1,2,3\n')).toMatchObject({
      params: { options: ['label', 'class', 'none'] },
    })
    expect(await refusal(rows, 'c')).toEqual({
      code: 'label-column-unknown',
      params: { file: 'x.csv', column: 'c', options: ['a', 'b', 'label', 'none'] },
    })
    expect(await read('1,2,3\n4,5,6\n', '3')).toMatchObject({ samples: [1, 2, 4, 5], labels: [3, 6] })
    expect(await read('1,2,3\n4,5,6\n', 'none')).toMatchObject({ shape: [2, 3], labels: undefined })
    expect(await read('a,b,class\n1,2,3\n4,5,6\n', 'B')).toMatchObject({
      samples: [1, 3, 4, 6],
      labels: [2, 5],
    })
  })

  it('has samples whose class is not known where the label is empty', async () => {
    expect((await read('a,label\n1,2\n2,\n3,NaN\n')).labels).toEqual([2, NaN, NaN])
    expect((await read('a,label\n1,x\n2,\n3,NA\n')).labels).toEqual(['x', '', 'NA'])
  })

  it('leaves out columns that count or name its rows, and says so', async () => {
    const found = await read('id,a,filename,label\n7,1.5,x.png,0\n8,2.5,y.png,1\n')
    expect(found).toMatchObject({ samples: [1.5, 2.5], codes: ['label-column-taken', 'columns-dropped'] })
    expect(await read(',a,label\n0,1.5,3\n1,2.5,4\n')).toMatchObject({ samples: [1.5, 2.5] })
    expect(await read('a,label,\n1.5,3,\n2.5,4,\n')).toMatchObject({ samples: [1.5, 2.5] })
  })

  it('may have columns that pandas numbers', async () => {
    const names = Array.from({ length: 9 }, (_, i) => i)
    const found = await read(`${names.join()}\n${names.map((i) => i + 0.5).join()}\n`, 'none')
    expect(found).toMatchObject({ shape: [1, 9], codes: ['header-numbered'] })
  })

  it('becomes images if its columns are named as pixels', async () => {
    const values = Array.from({ length: 12 }, (_, i) => 20 * i)
    const grid = values.map((_, i) => `${Math.floor(i / 4) + 1}x${(i % 4) + 1}`)
    expect(await read(`label,${grid.join()}\n5,${values.join()}\n`)).toMatchObject({
      name: 'images',
      shape: [1, 3, 4],
      samples: values,
      labels: [5],
      codes: ['label-column-taken', 'pixel-columns'],
    })
    for (const start of [0, 1]) {
      const pixels = values.slice(0, 9).map((_, i) => `pixel${i + start}`)
      expect(await read(`${pixels.join()},y\n${values.slice(0, 9).join()},5\n`)).toMatchObject({
        shape: [1, 3, 3],
      })
    }
    const odd = values.map((_, i) => `pixel${2 * i}`)
    expect(await read(`label,${odd.join()}\n5,${values.join()}\n`)).toMatchObject({ shape: [1, 12] })
  })

  it('has decimal commas only where that is sure', async () => {
    expect(await read('a;label\n1,25;x\n0,5;y\n')).toMatchObject({
      samples: [1.25, 0.5],
      codes: ['decimal-comma', 'label-column-taken'],
    })
    for (const text of ['a;label\n1,250;x\n2,500;y\n', 'a;b;label\n1,25;1.5;x\n0,5;2.5;y\n']) {
      expect(await refusal(text)).toMatchObject({
        code: 'decimal-comma-unclear',
        params: { row: 2, column: 'a' },
      })
    }
  })

  it('keeps numbers of any form, and row numbers over many rows', async () => {
    const numbers = ['1', '-2', '+3', '.5', '1e3', '2.5E-2', '255', '256', '007']
    const expected = [1, -2, 3, 0.5, 1000, Math.fround(0.025), 255, 256, 7]
    expect((await read(`a,label\n${numbers.map((text) => `${text},c`).join('\n')}`)).samples).toEqual(
      expected,
    )
    const many = Array.from({ length: 90_000 }, (_, i) => `${i}.5,"c, d"`)
    const found = await read(`a,label\n${many.join('\n')}`)
    expect([found.shape, found.samples?.[89_999], found.labels?.[89_999]]).toEqual([
      [90_000, 1],
      89_999.5,
      'c, d',
    ])
    expect(await refusal(`a,label\n${many.join('\n')}\noops,c\n`)).toMatchObject({ params: { row: 90_002 } })
  })

  const bad: readonly [what: string, text: string, error: { code: string; params?: object }][] = [
    [
      'text in a feature column',
      'a,b,label\n1,2,x\n3,oops,y\n5,6,z\n7,8,z\n',
      { code: 'table-text-cell', params: { row: 3, column: 'b', value: 'oops' } },
    ],
    [
      'a hexadecimal number',
      'a,label\n1,x\n3,y\n0x10,z\n',
      { code: 'table-text-cell', params: { row: 4, value: '0x10' } },
    ],
    [
      'an infinite number',
      'a,label\n1,x\n3,y\nInfinity,z\n',
      { code: 'table-text-cell', params: { value: 'Infinity' } },
    ],
    [
      'missing values',
      'a,b,label\n1,,x\n?,6,y\nNA,NaN,z\n',
      { code: 'table-values-missing', params: { count: 4, row: 2, column: 'b' } },
    ],
    [
      'rows of other lengths',
      'a,b,label\n1,2,x\n3,y\n',
      { code: 'table-row-length', params: { row: 3, found: 2, expected: 3 } },
    ],
    [
      'a quotation mark that is not closed',
      'a,b,label\n1,2,"x\n3,4,y\n',
      { code: 'table-quote-open', params: { row: 2 } },
    ],
    ['one column', 'a\n1\n2\n', { code: 'table-one-column' }],
    ['a header alone', 'a,b,label\n', { code: 'table-empty' }],
    ['numbered columns without a row', '0,1,2,3,4,5,6,7\n', { code: 'table-empty' }],
    ['text alone', 'name,label\nx,y\nz,y\n', { code: 'table-no-numbers' }],
    ['no text at all', '\n\n', { code: 'table-one-column' }],
    [
      'too many columns',
      `${'1,'.repeat(70_000)}1\n`,
      { code: 'table-too-wide', params: { columns: 70_001, most: 65_536 } },
    ],
  ]
  it.each(bad)('is refused with %s', async (_, text, error) => {
    expect(await refusal(text)).toMatchObject(error)
  })

  it('is read from a file, packed or not, and gives a dataset', async () => {
    const folder = await newFolder()
    for (const [name, bytes] of [
      ['x.csv', rows],
      ['x.csv.gz', gzipSync(rows)],
      ['y.tsv', rows.replace(/,/g, '\t')],
    ] as const) {
      const file = join(folder, name)
      await fs.writeFile(file, bytes)
      const { summary, samples } = await readPath(file, { choices: noChoices })
      expect([summary.length, summary.classNames, Array.from(samples.train.labels)]).toEqual([
        2,
        ['cat', 'dog'],
        [0, 1],
      ])
    }
  })

  it('is recognised without its ending by numbers alone', () => {
    expect(isTable('x.txt', Buffer.from('1,2,3\n4,5,6\n7,8,9\n'))).toBe(true)
    expect(isTable('x.csv', Buffer.from('a,b\n1,2\n'))).toBe(true)
    expect(isTable('list.txt', Buffer.from('a/1.png 0\na/2.png 0\nb/3.png 1\n'))).toBe(false)
    expect(
      isTable('readme.txt', Buffer.from('One, two, three,\nfour, five, six.\nAnd so on, and on.\n')),
    ).toBe(false)
    expect(isTable('x.csv', Buffer.from([0, 1, 2, 3, 0, 0, 0, 10]))).toBe(false)
  })
})
