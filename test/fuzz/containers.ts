/** The parsers of arrays in MATLAB, HDF5 and IDX files and in tables of text, with all arrays read that are listed. */
import { readFileSync } from 'fs'
import { join } from 'path'
import { deflateSync, gzipSync } from 'zlib'
import { LabError } from '../../src/contract/errors'
import type { ArrayFile } from '../../src/data/arrays/array-file'
import { decodeCsv } from '../../src/data/tables/csv'
import { openHdf5 } from '../../src/data/codecs/hdf5'
import { decodeAnyIdx, encodeIdx } from '../../src/data/codecs/idx'
import { openMatlab } from '../../src/data/codecs/matlab'
import { valuesOf } from '../../src/data/codecs/values'
import { gunzip, isGzip } from '../../src/data/file'
import type { Random } from '../../src/data/random'
import type { Hostile, Parser } from './fuzz'
import { mutateBytes, mutateText, pick } from './mutations'

const megabyte = 2 ** 20
const file = 'file'
const fixture = (name: string) =>
  readFileSync(join(__dirname, '..', '..', 'test', 'fixtures', 'containers', name))

/** Reads every array; the last refusal stands for the file. */
async function readAll(opened: Promise<ArrayFile> | ArrayFile): Promise<void> {
  const { entries, read } = await opened
  let refusal: LabError | null = null
  for (const { name } of entries) {
    try {
      await read(name)
    } catch (error) {
      if (!(error instanceof LabError)) throw error
      refusal = error
    }
  }
  if (refusal !== null) throw refusal
}

// MATLAB

const [plain, packed] = [fixture('plain.mat'), fixture('packed.mat')]
const matlabHead = plain.subarray(0, 128)

/** A MATLAB file of one packed element. */
function packedMatlab(inner: Uint8Array): Buffer {
  const bytes = deflateSync(inner, { level: 9 })
  const tag = Buffer.alloc(8)
  tag.writeUInt32LE(15, 0)
  tag.writeUInt32LE(bytes.length, 4)
  return Buffer.concat([matlabHead, tag, bytes])
}

function words(...values: number[]): Buffer {
  const bytes = Buffer.alloc(4 * values.length)
  values.forEach((value, i) => bytes.writeUInt32LE(value, 4 * i))
  return bytes
}

/** A matrix of class double that claims a shape and a length of its values. */
const claiming = (rows: number, columns: number, length: number, type = 9, classId = 6) =>
  Buffer.concat([
    words(14, 56, 6, 8, classId, 0, 5, 8, rows, columns),
    Buffer.from([1, 0, 1, 0, 0x78, 0, 0, 0]),
    words(type, length, 0, 0),
  ])

function* hostileMatlab(): Iterable<Hostile> {
  const whole = (bytes: Buffer) => Buffer.concat([matlabHead, bytes])
  yield { what: 'a header alone', bytes: matlabHead }
  yield { what: 'an element of 4 GB', bytes: whole(words(14, 0xffffffff)) }
  yield { what: 'a matrix of 2^62 values', bytes: whole(claiming(0x7fffffff, 0x7fffffff, 8)) }
  yield { what: 'negative dimensions', bytes: whole(claiming(0xffffffff, 1, 8)) }
  yield { what: 'a cell array of 2^31 cells', bytes: whole(claiming(0x7fffffff, 1, 8, 14, 1)) }
  yield { what: 'text of 2^31 rows', bytes: whole(claiming(0x7fffffff, 0, 0, 4, 4)) }
  yield {
    what: 'a bomb of 300 MB',
    bytes: packedMatlab(Buffer.concat([words(14, 300 * megabyte), Buffer.alloc(300 * megabyte)])),
  }
  const double = claiming(1, 75 * megabyte, 300 * megabyte)
  yield {
    what: 'a packed matrix of 300 MB that is not there',
    bytes: packedMatlab(Buffer.concat([words(14, 300 * megabyte), double.subarray(8)])),
  }
  yield {
    what: 'twenty thousand variables',
    bytes: whole(
      Buffer.concat(
        Array.from({ length: 20_000 }, (_, i) => {
          const one = claiming(1, 1, 8)
          one.write(String(i).padStart(4, 'x').slice(-4), 44)
          one.writeUInt16LE(4, 42)
          return one
        }),
      ),
    ),
  }
}

const matlab: Parser = {
  name: 'matlab',
  usual: 20_000,
  hostile: hostileMatlab,
  mutated(random) {
    // The header is left, as a file without it is of another format.
    const body = mutateBytes(pick(random, [plain, packed]).subarray(128), random)
    if (random.integer(3) > 0) return Buffer.concat([matlabHead, body])
    return packedMatlab(mutateBytes(plain.subarray(128, 128 + 300), random))
  },
  read: (bytes) => readAll(openMatlab(file, Buffer.from(bytes))),
}

// HDF5

const hdf5Files = ['types.h5', 'storage.h5', 'newest.h5', 'symbols.h5', 'version73.mat'].map(fixture)
const symbols = fixture('symbols.h5')

/** A copy with the bytes at the first place of a signature changed. */
function changedAt(
  bytes: Buffer,
  signature: string,
  offset: number,
  value: number,
  width: 1 | 2 | 4,
): Buffer {
  const changed = Buffer.from(bytes)
  changed.writeUIntLE(value, changed.indexOf(signature, 0, 'latin1') + offset, width)
  return changed
}

function* hostileHdf5(): Iterable<Hostile> {
  yield { what: 'the signature alone', bytes: symbols.subarray(0, 8) }
  yield { what: 'a tree that holds itself', bytes: changedAt(symbols, 'TREE', 5, 1, 1) }
  yield { what: 'a node of 65,535 entries', bytes: changedAt(symbols, 'SNOD', 6, 0xffff, 2) }
  yield { what: 'a heap of 4 GB', bytes: changedAt(symbols, 'HEAP', 8, 0xffffffff, 4) }
  const newest = fixture('newest.h5')
  yield { what: 'a tree of 2^32 links', bytes: changedAt(newest, 'BTHD', 26, 0xffffffff, 4) }
  yield { what: 'a heap with rows without end', bytes: changedAt(newest, 'FRHP', 136, 0xffff, 2) }
  yield { what: 'four levels of nothing', bytes: changedAt(newest, 'BTHD', 12, 0xffff, 2) }
}

const hdf5: Parser = {
  name: 'hdf5',
  usual: 20_000,
  hostile: hostileHdf5,
  mutated: (random) => mutateBytes(pick(random, hdf5Files), random),
  read: (bytes) => readAll(openHdf5(file, Buffer.from(bytes))),
}

// Tables

const tables = [
  'a,b,label\n1.5,2,cat\n-3,4e-1,dog\n"5",6,"a ""b"""\n',
  'label;pixel0;pixel1;pixel2;pixel3\n3;0;255;17;4\n1;9;8;7;6\n',
  '长度\t标签\n1,25\t猫\n0,5\t狗\n',
  '1x1,1x2,y\n1,2,0\n3,4,1\n',
]

function mutatedTable(random: Random): Buffer {
  const text = pick(random, tables)
  const changed = random.integer(2) === 0 ? mutateText(text, random) : mutateBytes(Buffer.from(text), random)
  const bytes =
    random.integer(4) === 0 ? Buffer.from(String(changed), 'utf16le') : Buffer.from(changed as string)
  return random.integer(4) === 0 ? gzipSync(bytes, { level: 1 }) : bytes
}

function* hostileTables(): Iterable<Hostile> {
  yield { what: 'empty', bytes: Buffer.alloc(0) }
  yield { what: 'zeros', bytes: Buffer.alloc(megabyte) }
  yield {
    what: 'a quotation mark that is never closed',
    bytes: Buffer.from(`a,b\n"${'1,2\n'.repeat(megabyte)}`),
  }
  yield { what: 'quotation marks alone', bytes: Buffer.from('"'.repeat(2 * megabyte + 1)) }
  yield { what: 'quotation marks inside values', bytes: Buffer.from(`a,b\n"x"${'y"z'.repeat(megabyte / 2)}`) }
  yield { what: 'a million columns', bytes: Buffer.from(`${'1,'.repeat(megabyte)}1\n`) }
  yield { what: 'a million rows of nothing', bytes: Buffer.from(`a,label\n1,2\n${'\n'.repeat(megabyte)}`) }
  yield {
    what: 'a million labels',
    bytes: Buffer.from(`a,label\n${Array.from({ length: 300_000 }, (_, i) => `1,c${i}`).join('\n')}`),
  }
  yield { what: 'line breaks of one sort and another', bytes: Buffer.from('a,label\r1,2\r\n3,4\n\r5,6\n') }
  yield { what: 'a number of a million digits', bytes: Buffer.from(`a,label\n${'9'.repeat(megabyte)},2\n`) }
  yield {
    what: 'a text of a million characters',
    bytes: Buffer.from(`a,b,label\n1,2,3\n1,${'x'.repeat(megabyte)},2\n`),
  }
  yield { what: 'a bomb of 300 MB', bytes: gzipSync(Buffer.alloc(300 * megabyte, '1,2\n')) }
}

const csv: Parser = {
  name: 'csv',
  usual: 20_000,
  hostile: hostileTables,
  mutated: mutatedTable,
  async read(bytes) {
    const whole = Buffer.from(bytes)
    await readAll(decodeCsv(isGzip(whole) ? await gunzip(whole, file) : whole, file, null))
  },
}

// IDX of any type

const someIdx = [
  encodeIdx([4, 3, 3], new Uint8Array(36)),
  Buffer.concat([Buffer.from([0, 0, 0x0d, 2, 0, 0, 0, 2, 0, 0, 0, 3]), Buffer.alloc(24, 1)]),
  Buffer.concat([Buffer.from([0, 0, 0x0c, 1, 0, 0, 0, 5]), Buffer.alloc(20)]),
  Buffer.concat([Buffer.from([0, 0, 0x0e, 1, 0, 0, 0, 2]), Buffer.alloc(16)]),
]

function* hostileAnyIdx(): Iterable<Hostile> {
  yield { what: 'empty', bytes: Buffer.alloc(0) }
  yield { what: '2^96 doubles', bytes: Buffer.concat([Buffer.from([0, 0, 0x0e, 3]), Buffer.alloc(12, 0xff)]) }
  yield { what: '255 dimensions', bytes: Buffer.from([0, 0, 8, 255]) }
  yield {
    what: 'a gzip with other bytes behind',
    bytes: Buffer.concat([gzipSync(someIdx[0] ?? Buffer.alloc(0)), Buffer.from('behind')]),
  }
  yield {
    what: 'a gzip header without end',
    bytes: Buffer.concat([Buffer.from([0x1f, 0x8b, 8, 0x1c]), Buffer.alloc(100, 65)]),
  }
}

const anyIdx: Parser = {
  name: 'idx-any',
  usual: 20_000,
  hostile: hostileAnyIdx,
  mutated(random) {
    const original = pick(random, someIdx)
    switch (random.integer(3)) {
      case 0:
        return mutateBytes(original, random)
      case 1:
        return gzipSync(mutateBytes(original, random), { level: 1 })
      default:
        return mutateBytes(gzipSync(original, { level: 1 }), random)
    }
  },
  async read(bytes) {
    const whole = Buffer.from(bytes)
    const array = decodeAnyIdx(isGzip(whole) ? await gunzip(whole, file) : whole, file)
    return valuesOf(array.bytes, array.type, 'big')
  },
}

export const containerParsers: readonly Parser[] = [matlab, hdf5, csv, anyIdx]
