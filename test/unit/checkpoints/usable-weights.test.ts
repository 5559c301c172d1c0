/** Weights that would make a network compute nonsense are rejected. */
import { promises as fs } from 'fs'
import { join } from 'path'
import { describe, expect, it } from 'vitest'
import { inspectCheckpoint, readCheckpoint, writeCheckpoint } from '../../../src/checkpoints/checkpoint'
import { importWeights } from '../../../src/checkpoints/import'
import { writeRecipe } from '../../../src/checkpoints/recipe'
import type { NamedTensor } from '../../../src/checkpoints/safetensors'
import { shapesOf } from '../../../src/checkpoints/shapes'
import { requireUsable } from '../../../src/checkpoints/usable-weights'
import { encoders, type ModelOptions } from '../../../src/contract/experiment'
import { declared, type DeclaredId } from '../../fixtures/declared'
import { modelOf } from '../../fixtures/model'
import { emptyFolder, errorOf, facts } from './samples'

/** A newly initialised network: weights of 1 / fan in, variances of 1. */
function fresh(id: DeclaredId, encoder: ModelOptions['encoder'] = 'lenet'): NamedTensor[] {
  return Object.entries(shapesOf(declared(id), modelOf(encoder), 2)).map(([name, shape]) => {
    const length = shape.reduce((product, size) => product * size, 1)
    const fanIn = length / (shape[0] ?? 1)
    return { name, shape, data: new Float32Array(length).fill(name.endsWith('running_var') ? 1 : 1 / fanIn) }
  })
}

const networks = (encoder: ModelOptions['encoder'] = 'lenet') => [
  ...fresh('source_encoder', encoder),
  ...fresh('classifier', encoder),
]

/** A copy with one value of one tensor changed. */
function spoilt(tensors: readonly NamedTensor[], name: string, value: number): NamedTensor[] {
  return tensors.map((tensor) =>
    tensor.name === name
      ? { ...tensor, data: tensor.data.map((old, index) => (index === 1 ? value : old)) }
      : tensor,
  )
}

const file = 'a.safetensors'
const refusalOf = (tensors: readonly NamedTensor[]) => errorOf(() => requireUsable(tensors, file))

it.each(encoders)('weights as they begin are usable: %s', (encoder) => {
  expect(() => requireUsable(networks(encoder), file)).not.toThrow()
})

it.each([NaN, Infinity, -Infinity])(
  'a weight that is %s is refused with the name of its tensor',
  async (value) => {
    const tensor = 'source_encoder.conv2.weight'
    expect(await refusalOf(spoilt(networks(), tensor, value))).toMatchObject({
      code: 'tensor-not-finite',
      params: { file, tensor, value: String(value) },
    })
  },
)

it('a variance below 0 is refused: its root is NaN, which max-pooling passes over', async () => {
  const tensor = 'source_encoder.bn1.running_var'
  expect(await refusalOf(spoilt(networks('lenet-mlp'), tensor, -1))).toMatchObject({
    code: 'tensor-negative-variance',
    params: { file, tensor },
  })
})

it('finite weights that overflow together are refused, with the largest named', async () => {
  const large = spoilt(networks(), 'source_encoder.conv1.weight', 1e19)
  expect(() => requireUsable(large, file)).not.toThrow()
  expect(await refusalOf(spoilt(large, 'source_encoder.conv2.weight', 1e20))).toMatchObject({
    code: 'tensor-overflows',
    params: { file, tensor: 'source_encoder.conv2.weight' },
  })
  expect(await refusalOf(spoilt(large, 'classifier.fc.bias', 1e20))).toMatchObject({
    params: { tensor: 'classifier.fc.weight' },
  })
})

it('what is none of the networks of the lab may hold anything: optimisers, masks of other programs', () => {
  const others = ['optimiser.source_encoder.fc.weight.sum', 'attention.mask'].map((name) => ({
    name,
    shape: [1],
    data: Float32Array.of(-Infinity),
  }))
  expect(() => requireUsable([...networks(), ...others], file)).not.toThrow()
})

describe('in a file', () => {
  const tensor = 'classifier.fc.weight'
  const spoiltNetworks = spoilt(networks(), tensor, NaN)

  it('they are refused by whoever computes with a checkpoint, and may be looked at', async () => {
    const path = join(await emptyFolder(), file)
    await writeCheckpoint(path, facts, spoiltNetworks)
    const refusal = { code: 'tensor-not-finite', params: { file: path, tensor, value: 'NaN' } }
    expect(await errorOf(() => readCheckpoint(path))).toMatchObject(refusal)
    expect(await errorOf(() => importWeights(path))).toMatchObject(refusal)
    expect((await inspectCheckpoint(path)).tensors).toHaveLength(spoiltNetworks.length)
  })

  it('they are refused among the .npy files of the recipe', async () => {
    const folder = join(await emptyFolder(), 'npy')
    await writeRecipe(folder, spoiltNetworks)
    expect(await fs.readdir(folder)).toContain('C.npy')
    expect(await errorOf(() => importWeights(folder))).toMatchObject({
      code: 'tensor-not-finite',
      params: { file: folder, tensor },
    })
  })
})
