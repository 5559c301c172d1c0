import { existsSync, readFileSync } from 'fs'
import { join } from 'path'
import { zipSync } from 'fflate'
import { describe, expect, it } from 'vitest'
import { openTorchFile } from '../../../src/checkpoints/torch-file'
import { inMemory } from '../../../src/files/byte-source'
import { errorOf } from './samples'

const fixture = (name: string): Buffer =>
  readFileSync(join(__dirname, '../../fixtures/torch-files', `${name}.pth`))

const open = (bytes: Uint8Array) => openTorchFile(inMemory(bytes), 'file.pth')

async function tensorsIn(
  bytes: Uint8Array,
): Promise<Record<string, { shape: readonly number[]; data: number[] }>> {
  const { entries, read } = await open(bytes)
  const readable = entries.filter(({ dtype }) => dtype !== 'I64' && dtype !== 'BOOL')
  const tensors = await Promise.all(readable.map(read))
  return Object.fromEntries(tensors.map(({ name, shape, data }) => [name, { shape, data: [...data] }]))
}

const quarters = (from: number, count: number) =>
  Array.from({ length: count }, (_, index) => from + index / 4)

/** Net of test/fixtures/make_torch.py. */
const net = {
  'conv.weight': { shape: [3, 2, 2, 2], data: quarters(0, 24) },
  'conv.bias': { shape: [3], data: quarters(1, 3) },
  'bn.weight': { shape: [3], data: quarters(2, 3) },
  'bn.bias': { shape: [3], data: quarters(3, 3) },
  'bn.running_mean': { shape: [3], data: quarters(4, 3) },
  'bn.running_var': { shape: [3], data: quarters(5, 3) },
}

/** An archive as torch.save writes it, with this pickle and one storage of 4 values. */
function archive(pickle: string, others: Record<string, Uint8Array> = {}): Buffer {
  const files = { 'a/data.pkl': Buffer.from(pickle, 'latin1'), 'a/data/0': Buffer.alloc(16), ...others }
  return Buffer.from(zipSync(files, { level: 0 }))
}

const integer = (value: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32LE(value)
  return `J${bytes.toString('latin1')}`
}

/** The pickle of {"w": a tensor of the storage 0, which has `count` values}. */
function oneTensor(
  count: number,
  offset: number,
  shape: readonly number[],
  strides: readonly number[],
): string {
  const tuple = (values: readonly number[]) => `(${values.map(integer).join('')}t`
  const storage = `(U\x07storagectorch\nFloatStorage\nU\x010U\x03cpu${integer(count)}tQ`
  const tensor = `ctorch._utils\n_rebuild_tensor_v2\n(${storage}${integer(offset)}${tuple(shape)}${tuple(strides)}\x89}tR`
  return `\x80\x02}(U\x01w${tensor}u.`
}

describe.each(['', '-legacy'])('a file of torch.save%s', (suffix) => {
  it('gives every tensor with its type, and the values of those of floats', async () => {
    const bytes = fixture(`state${suffix}`)
    expect(await tensorsIn(bytes)).toEqual(net)
    const { entries, within } = await open(bytes)
    expect(within).toBe(null)
    expect(entries[entries.length - 1]).toEqual({ name: 'bn.num_batches_tracked', shape: [], dtype: 'I64' })
  })

  it('honours offsets and strides', async () => {
    expect(await tensorsIn(fixture(`strided${suffix}`))).toEqual({
      transposed: {
        shape: [8, 6],
        data: Array.from({ length: 48 }, (_, index) => Math.floor(index / 6) + 8 * (index % 6)),
      },
      part: { shape: [2, 2], data: [10, 13, 26, 29] },
      permuted: {
        shape: [2, 4, 2, 3],
        data: [0, 1].flatMap((d) =>
          [0, 1, 2, 3].flatMap((c) =>
            [0, 1].flatMap((a) => [0, 1, 2].map((b) => 24 * a + 8 * b + 2 * c + d)),
          ),
        ),
      },
      expanded: { shape: [1, 1], data: [3] },
      scalar: { shape: [], data: [5] },
      empty: { shape: [0], data: [] },
    })
  })

  it('is read as float32 from half, bfloat16 and double, and not from integers', async () => {
    const bytes = fixture(`types${suffix}`)
    const values = { shape: [4], data: quarters(0, 4) }
    const floats = { half: values, bfloat16: values, double: values, parameter: values }
    expect(await tensorsIn(bytes)).toEqual(floats)
    const { entries, read } = await open(bytes)
    const long = entries.find(({ name }) => name === 'long')
    if (long === undefined) throw new Error('no tensor long')
    expect(await errorOf(() => read(long))).toMatchObject({
      code: 'tensor-type-unreadable',
      params: { tensor: 'long', type: 'I64' },
    })
  })

  it('is refused where it calls anything, which is not called', async () => {
    expect(await errorOf(() => open(fixture(`calls-system${suffix}`)))).toMatchObject({
      code: 'torch-needs-code',
      params: { file: 'file.pth', callable: 'posix.system' },
    })
    expect(existsSync('/tmp/the-lab-ran-a-pickle')).toBe(false)
  })

  it('is refused where it is cut short', async () => {
    const bytes = fixture(`state${suffix}`)
    for (const length of [30, 200, bytes.length - 30]) {
      const error = await errorOf(async () => tensorsIn(bytes.subarray(0, length)))
      expect(error).toMatchObject({ code: 'torch-malformed', params: { file: 'file.pth' } })
    }
  })
})

describe('a file of a training program', () => {
  it.each([
    ['training', 'state_dict', ''],
    ['nested', 'model', 'module.'],
  ])('gives the weights among other things: %s', async (name, within, prefix) => {
    expect((await open(fixture(name))).within).toBe(within)
    const named = Object.entries(net).map(([tensor, values]) => [prefix + tensor, values])
    expect(await tensorsIn(fixture(name))).toEqual(Object.fromEntries(named))
  })
})

describe('a file without weights to read', () => {
  it.each([
    ['whole', 'torch-whole-model', '__main__.Net'],
    ['arguments', 'torch-needs-code', 'argparse.Namespace'],
    ['pickled', 'torch-needs-code', 'torch.storage._load_from_bytes'],
    ['optimiser', 'torch-optimiser', undefined],
    ['optimiser-beside', 'torch-optimiser', undefined],
    ['nothing', 'torch-no-weights', undefined],
    ['list', 'torch-no-weights', undefined],
  ])('is refused by what it is: %s', async (name, code, callable) => {
    const error = await errorOf(() => open(fixture(name)))
    const params = callable === undefined ? { file: 'file.pth' } : { file: 'file.pth', callable }
    expect(error).toMatchObject({ code, params })
  })

  it('names a module inside a dict too', async () => {
    const pickle = '\x80\x02}(U\x05modelctorchvision.models.resnet\nResNet\n)\x81u.'
    expect(await errorOf(() => open(archive(pickle)))).toMatchObject({
      code: 'torch-whole-model',
      params: { callable: 'torchvision.models.resnet.ResNet' },
    })
  })

  it.each([
    ['a TorchScript program', archive('\x80\x02}.', { 'a/constants.pkl': Buffer.alloc(1) }), 'torch-script'],
    [
      'an archive of other files',
      Buffer.from(zipSync({ 'a/b.txt': Buffer.alloc(1) })),
      'weights-format-unknown',
    ],
  ])('is refused by what it is: %s', async (_, bytes, code) => {
    expect(await errorOf(() => open(bytes))).toMatchObject({ code, params: { file: 'file.pth' } })
  })
})

describe('a malformed archive', () => {
  it.each([
    ['a tensor that ends after its storage', archive(oneTensor(4, 1, [4], [1])), 'outside-storage', 'w'],
    ['strides that leave it', archive(oneTensor(4, 0, [2, 2], [3, 1])), 'outside-storage', 'w'],
    ['more values than stored', archive(oneTensor(4, 0, [2 ** 30, 2 ** 30], [0, 0])), 'outside-storage', 'w'],
    ['a storage that claims more', archive(oneTensor(5, 0, [5], [1])), 'outside-storage', 'w'],
    [
      'big-endian values',
      archive(oneTensor(4, 0, [4], [1]), { 'a/byteorder': Buffer.from('big') }),
      'big-endian',
      'a/byteorder',
    ],
    [
      'packed storages',
      Buffer.from(
        zipSync({
          'a/data.pkl': [Buffer.from(oneTensor(400, 0, [400], [1]), 'latin1'), { level: 0 }],
          'a/data/0': [Buffer.alloc(1600), { level: 9 }],
        }),
      ),
      'packing-unknown',
      'a/data/0',
    ],
    [
      'no storage',
      Buffer.from(zipSync({ 'a/data.pkl': Buffer.from(oneTensor(4, 0, [4], [1]), 'latin1') }, { level: 0 })),
      'storage-missing',
      '0',
    ],
  ])('is refused: %s', async (_, bytes, problem, place) => {
    const error = await errorOf(() => tensorsIn(bytes))
    expect(error).toMatchObject({ code: 'torch-malformed', params: { file: 'file.pth', problem, place } })
  })
})
