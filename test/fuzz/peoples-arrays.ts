/** The lenient readers of arrays that people bring, and the recogniser of formats that are not read. */
import { mkdtempSync, rmSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { zipSync } from 'fflate'
import { gzipSync } from 'zlib'
import { noChoices } from '../../src/contract/reading'
import { assemble } from '../../src/data/arrays/assemble'
import { npzArrays } from '../../src/data/arrays/npz-file'
import { encodeNpy } from '../../src/data/codecs/npy'
import { decodeNumpy } from '../../src/data/codecs/numpy-array'
import { recogniseFormat } from '../../src/data/formats/read'
import type { Random } from '../../src/data/random'
import type { Hostile, Parser } from './fuzz'
import { mutateBytes, mutateText, pick } from './mutations'

const megabyte = 2 ** 20
const file = 'file'

/** An array with this dictionary in its header, of version 1. */
function npy(dictionary: string, values: Buffer): Buffer {
  const header = Buffer.from(`${dictionary.padEnd(118)}\n`, 'utf8')
  const length = Buffer.alloc(2)
  length.writeUInt16LE(header.length & 0xffff)
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, header, values])
}
const described = (descr: string, order: string, shape: string, values: Buffer) =>
  npy(`{'descr': ${descr}, 'fortran_order': ${order}, 'shape': (${shape}), }`, values)

const filled = (bytes: number) => Buffer.alloc(bytes, 1)
const arrays: readonly Buffer[] = [
  described("'<u1'", 'False', '4L, 5L, 6L', filled(120)),
  described("'>f4'", 'True', '4, 3, 2, 3', Buffer.alloc(288)),
  described("'<f2'", 'False', '4, 64', filled(512)),
  described("'<i8'", 'False', '4,', Buffer.alloc(32)),
  described("'<U3'", 'False', '4, 1', filled(48)),
  described("'|S2'", 'True', '2, 2', filled(8)),
  described("'|b1'", 'False', '2, 3, 3', filled(18)),
]

/** Half of the changes are in the header, the other half anywhere. */
function mutatedArray(original: Buffer, random: Random): Buffer {
  if (random.integer(2) === 0) return mutateBytes(original, random)
  const end = 10 + original.readUInt16LE(8)
  const header = Buffer.from(mutateText(original.toString('latin1', 10, end), random), 'latin1')
  return Buffer.concat([original.subarray(0, 10), header, original.subarray(end)])
}

const hostileArrays: readonly Hostile[] = [
  { what: 'empty', bytes: Buffer.alloc(0) },
  { what: 'brackets in brackets', bytes: npy('('.repeat(9000), filled(8)) },
  { what: 'dicts in dicts', bytes: npy("{'a':".repeat(2000), filled(8)) },
  { what: 'a number of 5000 digits', bytes: described("'|u1'", 'False', '9'.repeat(5000), filled(8)) },
  {
    what: 'a shape of nothing and everything',
    bytes: described("'|u1'", 'True', '0, 9007199254740991', filled(0)),
  },
  { what: 'five thousand axes', bytes: described("'|u1'", 'False', '1, '.repeat(3000), filled(1)) },
  { what: 'texts of no length', bytes: described("'<U0'", 'False', '9007199254740991,', filled(0)) },
  { what: 'texts of a billion', bytes: described("'<U999999999'", 'False', '1,', filled(8)) },
  { what: 'a type of every word', bytes: described(`'<${'f'.repeat(5000)}4'`, 'False', '1,', filled(4)) },
  {
    what: 'a prototype',
    bytes: npy("{'__proto__': '|u1', 'fortran_order': False, 'shape': (1,)}", filled(1)),
  },
  { what: 'a word of objects', bytes: described("'|u1'", 'constructor', '1,', filled(1)) },
]

export const peoplesNpy: Parser = {
  name: 'peoples-npy',
  usual: 20_000,
  hostile: () => hostileArrays,
  mutated: (random) => mutatedArray(pick(random, arrays), random),
  read: (bytes) => decodeNumpy(Buffer.from(bytes), file, 'images'),
}

const plain = (type: string, shape: readonly number[], bytes: Buffer) => encodeNpy({ type, shape, bytes })
const parts = {
  x_train: plain('|u1', [4, 3, 5], Buffer.from(Uint8Array.from({ length: 60 }, (_, i) => i))),
  y_train: plain('<i8', [4, 1], Buffer.alloc(32)),
  x_test: plain('|u1', [2, 3, 5], filled(30)),
  y_test: plain('<f4', [2, 3], Buffer.from(Float32Array.of(0, 1, 0, 1, 0, 0).buffer)),
  class_names: described("'<U1'", 'False', '3,', Buffer.from('a\0\0\0b\0\0\0c\0\0\0')),
}
type PartName = keyof typeof parts
const partNames = Object.keys(parts) as PartName[]
const otherNames = ['images', 'x', 'val_images', 'arr_0', 'Labels', 'data', 'fts', 'strange', '__proto__']

const zip = (files: Record<string, Uint8Array>) =>
  Buffer.from(
    zipSync(Object.fromEntries(Object.entries(files).map(([name, bytes]) => [`${name}.npy`, bytes])), {
      level: 1,
    }),
  )

function mutatedArchive(random: Random): Buffer {
  if (random.integer(4) === 0) return mutateBytes(zip(parts), random)
  const files = new Map<string, Uint8Array>(Object.entries(parts))
  const changed = pick(random, partNames)
  switch (random.integer(4)) {
    case 0:
      files.delete(changed)
      break
    case 1:
      files.set(pick(random, otherNames), pick(random, arrays))
      break
    default:
      files.set(
        changed,
        random.integer(2) === 0 ? mutatedArray(parts[changed], random) : pick(random, arrays),
      )
  }
  return zip(Object.fromEntries(files))
}

function* hostileArchives(): Iterable<Hostile> {
  yield { what: 'empty', bytes: Buffer.alloc(0) }
  yield { what: 'no array', bytes: zip({}) }
  yield {
    what: 'two thousand arrays',
    bytes: zip(Object.fromEntries(Array.from({ length: 2000 }, (_, i) => [`a${i}`, parts.y_train]))),
  }
  const long = Object.fromEntries(
    Array.from({ length: 900 }, (_, i) => [`${'n'.repeat(500)}${i}`, parts.y_train]),
  )
  yield { what: 'nine hundred long names', bytes: zip(long) }
  yield { what: 'a bomb of 32 MB', bytes: zip({ images: Buffer.alloc(32 * megabyte) }) }
  const texts = described("'<U2'", 'False', '20000,', Buffer.alloc(160_000, 'a\0\0\0b\0\0\0'))
  yield {
    what: 'labels of texts',
    bytes: zip({ images: plain('|u1', [20_000, 1, 1], filled(20_000)), labels: texts }),
  }
  yield {
    what: 'half-precision floats that double',
    bytes: zip({ images: described("'<f2'", 'False', '100, 1024, 1024', filled(8)) }),
  }
}

export const peoplesNpz: Parser = {
  name: 'peoples-npz',
  usual: 20_000,
  hostile: hostileArchives,
  mutated: mutatedArchive,
  read: async (bytes) => assemble(await npzArrays(bytes, file), { choices: noChoices }),
}

const heads: readonly Buffer[] = [
  Buffer.from('\x80\x04\x95\x00\x00', 'latin1'),
  gzipSync(Buffer.from('\x80\x02}q\x00', 'latin1')),
  zip(parts),
  Buffer.from(zipSync({ 'a/data.pkl': filled(20), 'b.txt': filled(3) })),
  Buffer.from(zipSync({ 'word/document.xml': filled(20) })),
  Buffer.from('Rar!\x1a\x07\x01\x00', 'latin1'),
  Buffer.from('PAR1', 'latin1'),
]

let folder: string | null = null

/** A file on the disk, as zip archives are looked at there. */
async function kindOf(bytes: Uint8Array): Promise<unknown> {
  folder = folder ?? mkdtempSync(join(tmpdir(), 'dalab-fuzz-'))
  const path = join(folder, 'file')
  writeFileSync(path, bytes)
  return recogniseFormat(path)
}

export const unknownFiles: Parser = {
  name: 'unknown-files',
  usual: 20_000,
  *hostile() {
    yield { what: 'empty', bytes: Buffer.alloc(0) }
    yield { what: 'gzip of 4 MB', bytes: gzipSync(Buffer.alloc(4 * megabyte)) }
    yield { what: 'gzip in gzip', bytes: gzipSync(gzipSync(gzipSync(Buffer.alloc(megabyte)))) }
    yield {
      what: 'five thousand names',
      bytes: zip(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [String(i), new Uint8Array(0)]))),
    }
  },
  mutated: (random) => mutateBytes(pick(random, heads), random),
  read: kindOf,
  close() {
    if (folder !== null) rmSync(folder, { recursive: true })
    folder = null
    return Promise.resolve()
  },
}
