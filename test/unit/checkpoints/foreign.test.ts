/** Weights that other programs saved: tensors that no network needs, names of wrappers, types. */
import { promises as fs } from 'fs'
import { join } from 'path'
import { beforeAll, describe, expect, it } from 'vitest'
import { inspectCheckpoint, readCheckpoint } from '../../../src/checkpoints/checkpoint'
import { unwrapped } from '../../../src/checkpoints/foreign'
import { importWeights } from '../../../src/checkpoints/import'
import type { NamedTensor } from '../../../src/checkpoints/safetensors'
import { shapesOf } from '../../../src/checkpoints/shapes'
import { modelSchema } from '../../../src/contract/experiment'
import { int64, rawTensors, weightFile, type RawTensors } from '../../weight-files'
import { bits, emptyFolder, errorOf, tensor } from './samples'

const ids = ['source_encoder', 'classifier', 'target_encoder'] as const

/** Small networks for vectors, with batch normalisation. */
const model = modelSchema.parse({ encoder: 'mlp', length: 6, hidden: [4] })
const networks = ids.flatMap((id) =>
  Object.entries(shapesOf(id, model, 2)).map(([name, shape]) => tensor(name, ...shape)),
)
let folder: string
beforeAll(async () => {
  folder = await emptyFolder()
})

async function file(tensors: RawTensors): Promise<string> {
  const path = join(folder, 'weights.safetensors')
  await fs.writeFile(path, weightFile(tensors))
  return path
}

function sorted(tensors: readonly NamedTensor[]) {
  return bits(tensors).sort((a, b) => (a.name < b.name ? -1 : 1))
}

describe('tensors that no network needs', () => {
  it('are passed over and named, whatever their type and place', async () => {
    const path = await file({
      epoch: int64(3n),
      ...rawTensors(networks),
      'source_encoder.bn1.num_batches_tracked': int64(7n),
      'target_encoder.bn1.num_batches_tracked': int64(7n),
      mask: { dtype: 'BOOL', shape: [3], bytes: Buffer.alloc(3) },
      'optimiser.target_encoder.fc.weight.sum': { dtype: 'F32', shape: [1], bytes: Buffer.alloc(4) },
      scales: { dtype: 'F8_E8M0', shape: [5], bytes: Buffer.alloc(5) },
    })
    const imported = await importWeights(path)
    expect(sorted(imported.tensors)).toEqual(sorted(networks))
    expect(imported.passedOver).toEqual([
      'epoch',
      'source_encoder.bn1.num_batches_tracked',
      'target_encoder.bn1.num_batches_tracked',
      'mask',
      'optimiser.target_encoder.fc.weight.sum',
      'scales',
    ])
    expect(imported.networks).toEqual(ids)
    const { entries } = await inspectCheckpoint(path)
    expect(entries).toHaveLength(networks.length + 6)
    expect(entries[0]).toMatchObject({ name: 'epoch', shape: [], dtype: 'I64' })
  })

  it('may have names that every object has', async () => {
    const zero = int64(0n)
    const path = await file({ ...rawTensors(networks), constructor: zero, toString: zero, module: zero })
    expect((await importWeights(path)).passedOver).toEqual(['constructor', 'toString', 'module'])
  })

  it('have as many bytes as their type and shape say', async () => {
    const path = await file({ ...rawTensors(networks), epoch: { ...int64(3n), shape: [2] } })
    expect(await errorOf(() => importWeights(path))).toMatchObject({
      code: 'checkpoint-malformed',
      params: { problem: 'length-misfit', place: 'epoch [2]' },
    })
  })
})

describe('a tensor that a network needs', () => {
  it.each(['I64', 'BOOL', 'F8_E4M3', 'F4', 'constructor'])('is refused by name as %s', async (type) => {
    const name = 'classifier.fc.bias'
    const size = type === 'I64' ? 8 : 1
    const path = await file({
      ...rawTensors(networks),
      [name]: { dtype: type, shape: [2], bytes: Buffer.alloc(2 * size) },
    })
    for (const read of [readCheckpoint, importWeights])
      expect(await errorOf(() => read(path))).toMatchObject({
        code: 'tensor-type-unreadable',
        params: { file: path, tensor: name, type, known: 'F32, F64, F16, BF16' },
      })
  })

  it.each(['F16', 'BF16', 'F64'] as const)('is read as %s', async (type) => {
    const { tensors } = await importWeights(await file(rawTensors(networks, type)))
    const byName = new Map(networks.map(({ name, data }) => [name, data]))
    for (const { name, data, shape } of tensors) {
      expect([name, data.length]).toEqual([name, shape.reduce((product, length) => product * length, 1)])
      const exact = byName.get(name)?.[1] ?? NaN
      expect(Math.abs((data[1] ?? NaN) - exact)).toBeLessThanOrEqual(Math.abs(exact) / 100)
    }
  })

  it('is missed by name', async () => {
    const path = await file(rawTensors(networks.filter(({ name }) => name !== 'classifier.fc.bias')))
    expect(await errorOf(() => importWeights(path))).toMatchObject({
      code: 'checkpoint-missing-tensor',
      params: { tensor: 'classifier.fc.bias' },
    })
  })
})

describe("the names of PyTorch's wrappers", () => {
  it.each([
    ['module.source_encoder.conv1.weight', 'source_encoder.conv1.weight'],
    ['_orig_mod.module.source_encoder.conv1.weight', 'source_encoder.conv1.weight'],
    ['source_encoder.module._orig_mod.conv1.weight', 'source_encoder.conv1.weight'],
    ['source_encoder.conv1.module.weight', 'source_encoder.conv1.weight'],
    ['modules.weight', 'modules.weight'],
    ['module', 'module'],
    ['source_encoder.fc.bias', 'source_encoder.fc.bias'],
  ])('%s is %s', (stored, name) => {
    expect(unwrapped(stored)).toBe(name)
  })

  it.each<[string, (name: string) => string, string[]]>([
    ['DataParallel', (name) => `module.${name}`, ['module']],
    ['torch.compile', (name) => `_orig_mod.${name}`, ['_orig_mod']],
    ['both', (name) => `module._orig_mod.${name}`, ['module', '_orig_mod']],
    ['each network by itself', (name) => name.replace('.', '.module.'), ['module']],
    [
      'some networks only',
      (name) => (name.startsWith('classifier') ? name : name.replace('.', '._orig_mod.')),
      ['_orig_mod'],
    ],
  ])('are removed: %s', async (_, rename, removed) => {
    const imported = await importWeights(await file(rawTensors(networks, 'F32', rename)))
    expect(sorted(imported.tensors)).toEqual(sorted(networks))
    expect(imported).toMatchObject({ removed, passedOver: [], networks: ids })
  })

  it('do not make two tensors of one name', async () => {
    const again = networks.find(({ name }) => name === 'source_encoder.fc1.bias')!
    const path = await file({
      ...rawTensors(networks),
      ...rawTensors([again], 'F32', () => 'source_encoder.module.fc1.bias'),
    })
    const [first, second] = ['source_encoder.fc1.bias', 'source_encoder.module.fc1.bias']
    expect(await errorOf(() => importWeights(path))).toMatchObject({
      code: 'tensors-of-one-name',
      params: { file: path, first, second, tensor: first },
    })
  })

  it('are no reason to refuse tensors that no network needs', async () => {
    const path = await file({ ...rawTensors(networks), step: int64(1n), 'module.step': int64(2n) })
    expect((await importWeights(path)).passedOver).toEqual(['step', 'module.step'])
  })
})

it('a file without one of the networks is of another program', async () => {
  const features = tensor('features.0.weight', 4, 3)
  const path = await file(rawTensors([features, tensor('classifier.1.weight', 2, 2)]))
  expect(await errorOf(() => importWeights(path))).toMatchObject({
    code: 'checkpoint-not-ours',
    params: { file: path },
  })
  expect((await inspectCheckpoint(path)).entries).toHaveLength(2)
})
