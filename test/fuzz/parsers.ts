/** The parsers of files from other programs, each with valid files to mutate and hand-made hostile ones. */
import { createHash } from 'crypto'
import { zipSync } from 'fflate'
import { gzipSync } from 'zlib'
import { decodeCheckpoint } from '../../src/checkpoints/checkpoint'
import { recogniseNetworks } from '../../src/checkpoints/import'
import { decodeNpyDict, encodeNpyDict } from '../../src/checkpoints/npy'
import { encodeSafetensors } from '../../src/checkpoints/safetensors'
import { seal } from '../../src/checkpoints/sealed'
import { decodeArrays, encodeNpz } from '../../src/data/stored-arrays'
import { equalImages } from '../../src/data/dataset'
import { unpackNpz } from '../../src/data/codecs/npz-archive'
import { gunzip } from '../../src/data/file'
import { decodeIdxPair, encodeIdx } from '../../src/data/codecs/idx'
import { decodeNpy, encodeNpy } from '../../src/data/codecs/npy'
import type { Random } from '../../src/data/random'
import { facts, tensor } from '../unit/checkpoints/samples'
import { containerParsers } from './containers'
import type { Hostile, Parser } from './fuzz'
import { peoplesNpy, peoplesNpz, unknownFiles } from './peoples-arrays'
import { mutateBytes, mutateJson, mutateText, pick } from './mutations'
import { torchFiles } from './torch-files'

const megabyte = 2 ** 20
const file = 'file'

// Checkpoints

const tensors = [tensor('source_encoder.conv1.weight', 4, 1, 2, 2), tensor('classifier.fc.weight', 2, 3)]
const sealed = Buffer.concat(seal({ kind: 'checkpoint', facts, tensors }))
const foreign = Buffer.from(encodeSafetensors(tensors, { format: 'pt' }))

function partsOf(checkpoint: Buffer): { header: string; data: Buffer } {
  const length = Number(checkpoint.readBigUInt64LE(0))
  return { header: checkpoint.toString('utf8', 8, 8 + length), data: checkpoint.subarray(8 + length) }
}

/** A header and data as one file, valid or not. */
function safetensors(header: string, data: Uint8Array = Buffer.alloc(0)): Buffer {
  const text = Buffer.from(header)
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(text.length))
  return Buffer.concat([length, text, data])
}

/** The same with matching digests, so that the reader gets past them to the changes. */
function resealed(header: string, data: Uint8Array): Buffer {
  const blank = ' '.repeat(64)
  const digest = (of: string | Uint8Array) => createHash('sha256').update(of).digest('hex')
  const withData = header.replace(
    /("dalab\.data-sha256":")[^"]*"/,
    (_, name: string) => `${name}${digest(data)}"`,
  )
  const withBlank = withData.replace(
    /("dalab\.header-sha256":")[^"]*"/,
    (_, name: string) => `${name}${blank}"`,
  )
  return safetensors(withBlank.replace(blank, digest(withBlank)), data)
}

function mutatedCheckpoint(random: Random): Buffer {
  const original = pick(random, [sealed, foreign])
  const { header, data } = partsOf(original)
  switch (random.integer(4)) {
    case 0:
      return mutateBytes(original, random)
    case 1:
      return safetensors(mutateText(header, random), data)
    case 2:
      return resealed(mutateJson(header, random), data)
    default:
      return resealed(header, mutateBytes(data, random))
  }
}

const entry = (shape: readonly number[], begin: number, end: number, dtype = 'F32') => ({
  dtype,
  shape,
  data_offsets: [begin, end],
})
const withEntries = (entries: object, bytes: number) =>
  safetensors(JSON.stringify(entries), Buffer.alloc(bytes))

const hostileCheckpoints = (): Hostile[] => [
  { what: 'empty', bytes: Buffer.alloc(0) },
  { what: 'a header of 2^64 - 1 bytes', bytes: Buffer.alloc(100, 0xff) },
  {
    what: 'a header of 1 GB',
    bytes: Buffer.concat([Buffer.from([0, 0, 0, 0x40, 0, 0, 0, 0]), Buffer.from('{}')]),
  },
  { what: 'overlapping tensors', bytes: withEntries({ a: entry([2], 0, 8), b: entry([2], 4, 12) }, 12) },
  { what: 'a gap', bytes: withEntries({ a: entry([1], 0, 4), b: entry([1], 8, 12) }, 12) },
  { what: 'offsets behind the end', bytes: withEntries({ a: entry([2 ** 40], 0, 2 ** 42) }, 12) },
  { what: 'offsets turned round', bytes: withEntries({ a: entry([1], 4, 0) }, 4) },
  { what: 'a shape of 2^53', bytes: withEntries({ a: entry([2 ** 26, 2 ** 27], 0, 4) }, 4) },
  {
    what: 'a shape that overflows',
    bytes: withEntries({ a: entry(Array<number>(40).fill(2 ** 52), 0, 4) }, 4),
  },
  {
    what: 'a shape of nothing and everything',
    bytes: withEntries({ a: entry([2 ** 52, 2 ** 52, 0], 0, 0) }, 0),
  },
  {
    what: 'a shape of a million dimensions',
    bytes: withEntries({ a: entry(Array<number>(1e6).fill(1), 0, 4) }, 4),
  },
  {
    what: 'one name twice',
    bytes: safetensors(
      '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
      Buffer.alloc(4),
    ),
  },
  { what: 'a header of lists', bytes: safetensors(`{"a":[${'[],'.repeat(3_000_000)}[]]}`) },
  { what: 'a deep header', bytes: safetensors(`{"a":${'['.repeat(4_000_000)}`) },
  {
    what: 'a deep header that closes',
    bytes: safetensors(`{"a":${'['.repeat(2_000_000)}${']'.repeat(2_000_000)}}`),
  },
  {
    what: 'a hundred thousand tensors',
    bytes: withEntries(
      Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`t${i}`, entry([0], 0, 0)])),
      0,
    ),
  },
  { what: 'a name of a megabyte', bytes: withEntries({ ['x'.repeat(megabyte)]: entry([3], 0, 4) }, 4) },
  {
    what: 'half precision that doubles',
    bytes: withEntries({ a: entry([32 * megabyte], 0, 64 * megabyte, 'F16') }, 64 * megabyte),
  },
]

const checkpoint: Parser = {
  name: 'checkpoint',
  usual: 20_000,
  hostile: hostileCheckpoints,
  mutated: mutatedCheckpoint,
  read: (bytes) => recogniseNetworks(decodeCheckpoint(bytes, file).tensors, file),
}

// Arrays

const images = encodeNpy({ type: '|u1', shape: [4, 5, 6], bytes: Buffer.alloc(120, 7) })
const floats = encodeNpy({ type: '<f8', shape: [2, 3, 3], bytes: Buffer.alloc(144) })
const labels = encodeNpy({ type: '<i8', shape: [4], bytes: Buffer.alloc(32) })

/** A version 1 header with this dictionary, followed by some bytes. */
function npy(dictionary: string, values = 8): Buffer {
  const header = Buffer.from(dictionary.padEnd(118) + '\n')
  const length = Buffer.alloc(2)
  length.writeUInt16LE(header.length & 0xffff)
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\x00', 'latin1'), length, header, Buffer.alloc(values)])
}
const describing = (descr: string, shape: string) =>
  npy(`{'descr': ${descr}, 'fortran_order': False, 'shape': (${shape}), }`)

const hostileArrays: readonly Hostile[] = [
  { what: 'empty', bytes: Buffer.alloc(0) },
  { what: 'the magic alone', bytes: Buffer.from('\x93NUMPY', 'latin1') },
  { what: 'a shape of 2^60', bytes: describing("'|u1'", `${2 ** 60},`) },
  { what: 'a shape that overflows', bytes: describing("'<f8'", '99999999999999999999,'.repeat(3)) },
  { what: 'a shape of nothing and everything', bytes: describing("'|u1'", '0, 99999999999999999999') },
  { what: 'objects', bytes: describing("'|O'", '') },
  { what: 'a structured type', bytes: describing("[('a', '<f4')]", '1,') },
  {
    what: 'a header of 4 GB',
    bytes: Buffer.concat([Buffer.from('\x93NUMPY\x02\x00\xff\xff\xff\xff', 'latin1'), Buffer.alloc(64)]),
  },
  { what: 'spaces for a pattern to run through', bytes: npy(`{'descr':${' '.repeat(60_000)}x`) },
  {
    what: 'digits for a pattern to run through',
    bytes: npy(`{'descr': '|u1', 'fortran_order': False, 'shape': (${'1, '.repeat(20_000)}x`),
  },
]

const plainNpy: Parser = {
  name: 'npy',
  usual: 20_000,
  hostile: () => hostileArrays,
  mutated: (random) => mutatedNpy(pick(random, [images, floats, labels]), random),
  read: (bytes) => decodeNpy(Buffer.from(bytes), file, 'images'),
}

function mutatedNpy(original: Buffer, random: Random): Buffer {
  if (random.integer(2) === 0) return mutateBytes(original, random)
  const header = original.toString('latin1', 10, 128)
  return Buffer.concat([
    original.subarray(0, 10),
    Buffer.from(mutateText(header, random), 'latin1'),
    original.subarray(128),
  ])
}

// Archives

const archive = Buffer.from(
  encodeNpz(
    equalImages({
      width: 3,
      height: 4,
      channels: 1,
      train: { pixels: new Uint8Array(48), labels: Int32Array.of(0, 1, 2, 3) },
      test: { pixels: new Uint8Array(12), labels: Int32Array.of(1) },
    }),
  ),
)
const zip = (files: Record<string, Uint8Array>) => Buffer.from(zipSync(files, { level: 9 }))

/** Changes a field of the central directory: the uncompressed size or the method. */
function claiming(bytes: Buffer, field: number, value: number): Buffer {
  const claimed = Buffer.from(bytes)
  claimed.writeUInt32LE(value, claimed.lastIndexOf(Buffer.from('PK\x01\x02', 'latin1')) + field)
  return claimed
}

function* hostileArchives(): Iterable<Hostile> {
  const small = zip({ 'images.npy': images, 'labels.npy': labels })
  yield { what: 'empty', bytes: Buffer.alloc(0) }
  yield {
    what: 'no more than an end',
    bytes: Buffer.concat([Buffer.from('PK\x05\x06', 'latin1'), Buffer.alloc(18, 0xff)]),
  }
  yield { what: 'an array that claims 3 GB', bytes: claiming(small, 24, 3_000_000_000) }
  yield { what: 'an array that claims 500 MB', bytes: claiming(small, 24, 500_000_000) }
  yield { what: 'an array that claims to be nothing', bytes: claiming(small, 24, 0) }
  yield { what: 'packed in 4 GB', bytes: claiming(small, 20, 0xffffffff) }
  yield { what: 'a local header behind the end', bytes: claiming(small, 42, 0xffffff00) }
  yield {
    what: 'sixty thousand entries',
    bytes: zip(Object.fromEntries(Array.from({ length: 60_000 }, (_, i) => [`${i}.npy`, new Uint8Array(0)]))),
  }
  // Packing takes longer than reading, so the bomb is only as large as it must be to be one.
  const bomb = zip({ 'images.npy': new Uint8Array(40 * megabyte) })
  yield { what: 'a bomb of 40 MB', bytes: bomb }
  yield { what: 'a bomb that claims 600 MB', bytes: claiming(bomb, 24, 600 * megabyte) }
  yield { what: 'a bomb that claims a quarter of what it holds', bytes: claiming(bomb, 24, 10 * megabyte) }
  yield { what: 'an encrypted array', bytes: claiming(small, 8, 0x0008_0001) }
  yield { what: 'an array with a checksum of another', bytes: claiming(small, 16, 1) }
  yield {
    what: 'names that lead away',
    bytes: zip({ '../images.npy': images, '/labels.npy': labels, '__proto__.npy': labels }),
  }
}

const npz: Parser = {
  name: 'npz',
  usual: 20_000,
  hostile: hostileArchives,
  mutated(random) {
    if (random.integer(3) === 0) return mutateBytes(archive, random)
    const arrays = { images, labels, test_images: images, test_labels: labels }
    const changed = pick(random, ['images', 'labels', 'test_images', 'test_labels'] as const)
    const files = Object.entries({ ...arrays, [changed]: mutatedNpy(arrays[changed], random) })
    return zip(Object.fromEntries(files.map(([name, bytes]) => [`${name}.npy`, bytes])))
  },
  read: async (bytes) => decodeArrays(await unpackNpz(bytes, file), file),
}

// Pickles

const pickled = [
  Buffer.from(encodeNpyDict([tensor('encoder.0.weight', 2, 1, 2, 2), tensor('encoder.0.bias', 2)])),
  Buffer.from(encodeNpyDict([tensor('fc1.weight', 3, 2)])),
]

/** A pickle of this program, after the header that announces one. */
function pickle(...program: readonly (string | Uint8Array)[]): Buffer {
  const header = npy("{'descr': '|O', 'fortran_order': False, 'shape': (), }", 0)
  const parts = program.map((part) => (typeof part === 'string' ? Buffer.from(part, 'latin1') : part))
  return Buffer.concat([header, ...parts])
}
const counted = (code: string, length: number) => {
  const bytes = Buffer.alloc(5 + length, 0x61)
  bytes.write(code, 'latin1')
  bytes.writeUInt32LE(length, 1)
  return bytes
}

function* hostilePickles(): Iterable<Hostile> {
  yield { what: 'a call of the system', bytes: pickle('\x80\x03cos\nsystem\nX\x02\x00\x00\x00id\x85R.') }
  yield {
    what: 'a call of eval by its parts',
    bytes: pickle('\x80\x04\x8c\x08builtins\x8c\x04eval\x93\x8c\x011\x85R.'),
  }
  yield { what: 'the name of an inherited member', bytes: pickle('\x80\x03c__proto__\nconstructor\n.') }
  yield { what: 'text of 4 GB', bytes: pickle('\x80\x03X\xff\xff\xff\xff') }
  yield { what: 'bytes of 2^64', bytes: pickle('\x80\x04\x8e\xff\xff\xff\xff\xff\xff\xff\xff') }
  yield { what: 'nothing but marks', bytes: pickle('\x80\x03', '('.repeat(2_000_000)) }
  yield { what: 'lists in lists', bytes: pickle('\x80\x03', ']'.repeat(1_000_000), 'a'.repeat(999_999), '.') }
  yield { what: 'a list in itself', bytes: pickle('\x80\x03]q\x00h\x00a.') }
  yield {
    what: 'one long key again and again',
    bytes: pickle('\x80\x03}', counted('B', 4_000_000), 'q\x000', 'h\x00Ns'.repeat(200_000), '.'),
  }
  yield {
    what: 'one long list handed over again and again',
    bytes: pickle(
      '\x80\x03(',
      'N\x85'.repeat(0),
      'N'.repeat(500_000),
      'lq\x000ccollections\nOrderedDict\nq\x010',
      'h\x01h\x00\x85R0'.repeat(100_000),
      'N.',
    ),
  }
  yield {
    what: 'one long shape again and again',
    bytes: pickle(
      '\x80\x03(',
      'K\x01'.repeat(300_000),
      'tq\x000cnumpy.core.multiarray\n_reconstruct\ncnumpy\nndarray\n\x85Rq\x010',
      'h\x01(K\x01h\x00tb0'.repeat(50_000),
      'N.',
    ),
  }
  yield { what: 'many names of the same array', bytes: manyNamesOfOne(20_000, megabyte) }
}

/** A dict in which all `names` refer to the same array of `bytes`. */
function manyNamesOfOne(names: number, bytes: number): Buffer {
  const whole = Buffer.from(
    encodeNpyDict([{ name: 'a', shape: [bytes / 4], data: new Float32Array(bytes / 4) }]),
  )
  // `b` sets the state of the single array; it is memoised there and added again under the other names.
  const end = whole.lastIndexOf(Buffer.from('tbuatb.', 'latin1')) + 2
  const again = Array.from({ length: names }, (_, index) => {
    const name = Buffer.from(`n${index}`)
    return Buffer.concat([Buffer.from([0x8c, name.length]), name, Buffer.from('h\xc8', 'latin1')])
  })
  return Buffer.concat([
    whole.subarray(0, end),
    Buffer.from('q\xc8', 'latin1'),
    ...again,
    Buffer.from('uatb.'),
  ])
}

const pickles: Parser = {
  name: 'pickle',
  usual: 20_000,
  hostile: hostilePickles,
  mutated: (random) => mutateBytes(pick(random, pickled), random),
  read: (bytes) => decodeNpyDict(bytes, file),
}

// IDX

const idxImages = encodeIdx([4, 3, 3], new Uint8Array(36))
const idxLabels = encodeIdx([4], Uint8Array.of(0, 1, 2, 3))

/** Two files in one, with a header that says which of them is changed and whether they are compressed. */
function idxCase(packed: boolean, first: Uint8Array, second: Uint8Array): Buffer {
  const header = Buffer.alloc(5)
  header.writeUInt8(Number(packed))
  header.writeUInt32LE(first.length, 1)
  return Buffer.concat([header, first, second])
}

async function readIdxCase(bytes: Uint8Array): Promise<unknown> {
  const whole = Buffer.from(bytes)
  const length = whole.readUInt32LE(1)
  const [first, second] = [whole.subarray(5, 5 + length), whole.subarray(5 + length)]
  const unpack = (part: Buffer) => (whole[0] === 1 ? gunzip(part, file) : Promise.resolve(part))
  return decodeIdxPair({ bytes: await unpack(first), file }, { bytes: await unpack(second), file })
}

function* hostileIdx(): Iterable<Hostile> {
  const claims = (...shape: number[]) => encodeIdx(shape, new Uint8Array(4))
  yield { what: 'empty', bytes: idxCase(false, Buffer.alloc(0), Buffer.alloc(0)) }
  yield { what: '2^96 pixels', bytes: idxCase(false, claims(0xffffffff, 0xffffffff, 0xffffffff), idxLabels) }
  yield {
    what: 'no images of any size',
    bytes: idxCase(
      false,
      claims(0, 0xffffffff, 0xffffffff).subarray(0, 16),
      encodeIdx([0], new Uint8Array(0)),
    ),
  }
  yield { what: 'a million labels', bytes: idxCase(false, idxImages, claims(1_000_000)) }
  yield { what: 'gzip of nothing', bytes: idxCase(true, Buffer.alloc(0), gzipSync(idxLabels)) }
  yield {
    what: 'a bomb of 300 MB',
    bytes: idxCase(true, gzipSync(Buffer.alloc(300 * megabyte)), gzipSync(idxLabels)),
  }
  yield {
    what: 'a bomb of 1 GB',
    bytes: idxCase(true, gzipSync(Buffer.alloc(1024 * megabyte)), gzipSync(idxLabels)),
  }
  yield {
    what: 'a thousand members',
    bytes: idxCase(
      true,
      Buffer.concat(Array.from({ length: 1000 }, () => gzipSync(idxImages))),
      gzipSync(idxLabels),
    ),
  }
}

const idx: Parser = {
  name: 'idx',
  usual: 20_000,
  hostile: hostileIdx,
  mutated(random) {
    const inner = random.integer(2) === 0
    const packed = random.integer(2) === 0
    const pack = (bytes: Buffer) => (packed ? gzipSync(bytes, { level: 1 }) : bytes)
    const changed = (bytes: Buffer) =>
      inner ? pack(mutateBytes(bytes, random)) : mutateBytes(pack(bytes), random)
    return random.integer(3) === 0
      ? idxCase(packed, pack(idxImages), changed(idxLabels))
      : idxCase(packed, changed(idxImages), pack(idxLabels))
  },
  read: readIdxCase,
}

export const binaryParsers: readonly Parser[] = [
  checkpoint,
  plainNpy,
  npz,
  pickles,
  torchFiles,
  idx,
  peoplesNpy,
  peoplesNpz,
  unknownFiles,
  ...containerParsers,
]
