import { promises as fs } from 'fs'
import { join } from 'path'
import { beforeEach, describe, expect, it } from 'vitest'
import { writeCheckpoint } from '../../../src/checkpoints/checkpoint'
import { importWeights } from '../../../src/checkpoints/import'
import { encodeNpyDict } from '../../../src/checkpoints/npy'
import { writeRecipe } from '../../../src/checkpoints/recipe'
import { encodeSafetensors } from '../../../src/checkpoints/safetensors'
import { shapesOf } from '../../../src/checkpoints/shapes'
import { labError } from '../../../src/contract/errors'
import { added, declared } from '../../fixtures/declared'
import { modelOf } from '../../fixtures/model'
import { bits, emptyFolder, errorOf, facts, network, tensor } from './samples'

const networkIds = ['source_encoder', 'classifier', 'target_encoder', 'discriminator'] as const
const all = networkIds.flatMap(network)
const source = [...network('source_encoder'), ...network('classifier')]
let folder: string

beforeEach(async () => {
  folder = await emptyFolder()
})

function sorted(tensors: Parameters<typeof bits>[0]) {
  return bits(tensors).sort((a, b) => (a.name < b.name ? -1 : 1))
}

describe("the recipe's files", () => {
  it('come back from a folder, or from any one of the four', async () => {
    const files = await writeRecipe(folder, all)
    expect(files.map((file) => file.slice(folder.length + 1))).toEqual(['MS.npy', 'C.npy', 'MT.npy', 'D.npy'])
    const imported = await importWeights(folder, added)
    expect(sorted(imported.tensors)).toEqual(sorted(all))
    expect(imported).toMatchObject({
      networks: networkIds.map(declared),
      classes: 2,
      model: { encoder: 'lenet', side: 28, channels: 1 },
      facts: null,
      origin: 'foreign',
    })
    expect((await importWeights(join(folder, 'D.npy'), added)).networks).toEqual(networkIds.map(declared))
  })

  it.each(['lenet-bn', 'lenet-mlp', 'mlp'] as const)(
    'keep a classifier that adaptation trained, and all of %s',
    async (encoder) => {
      const model = modelOf(encoder)
      const ids = ['source_encoder', 'classifier', 'target_encoder', 'target_classifier'] as const
      const tensors = ids.flatMap((id) =>
        Object.entries(shapesOf(declared(id), model, 2)).map(([name, shape]) => tensor(name, ...shape)),
      )
      const files = await writeRecipe(folder, tensors)
      expect(files.map((file) => file.slice(folder.length + 1))).toEqual([
        'MS.npy',
        'C.npy',
        'MT.npy',
        'CT.npy',
      ])
      const imported = await importWeights(folder, added)
      expect(sorted(imported.tensors)).toEqual(sorted(tensors))
      expect(imported).toMatchObject({ networks: ids.map(declared), model, classes: 2 })
    },
  )

  it('of the source stage alone are enough', async () => {
    await writeRecipe(folder, source)
    expect(await fs.readdir(folder)).toEqual(['C.npy', 'MS.npy'])
    expect(await importWeights(folder, added)).toMatchObject({ networks: ['source_encoder', 'classifier'] })
  })

  it('are there all or not at all, and what went wrong once can be tried again', async () => {
    const out = join(folder, 'out')
    const unreadable = network('discriminator').map((one) => ({
      ...one,
      get data(): Float32Array {
        throw labError('disk-full', { path: folder })
      },
    }))
    expect((await errorOf(() => writeRecipe(out, [...source, ...unreadable]))).code).toBe('disk-full')
    expect(await fs.readdir(folder)).toEqual([])
    await writeRecipe(out, source)
    expect(await fs.readdir(folder)).toEqual(['out'])
    expect(await fs.readdir(out)).toEqual(['C.npy', 'MS.npy'])
  })

  it('are found in small letters, with another name for the linear layers', async () => {
    await writeRecipe(folder, source)
    const classifier = network('classifier').map((one) => ({
      ...one,
      name: one.name.replace('classifier.fc', 'fc1'),
    }))
    await fs.unlink(join(folder, 'C.npy'))
    await fs.writeFile(join(folder, 'c.npy'), encodeNpyDict(classifier))
    expect(sorted((await importWeights(folder, added)).tensors)).toEqual(sorted(source))
  })

  it('without the classifier are refused by the tensor that is missing', async () => {
    await writeRecipe(folder, network('source_encoder'))
    const error = await errorOf(() => importWeights(folder, added))
    expect(error).toMatchObject({
      code: 'checkpoint-missing-tensor',
      params: { tensor: 'classifier.fc.weight' },
    })
  })

  it('of another network are refused by the first wrong shape', async () => {
    await writeRecipe(folder, all)
    const other = [tensor('layer.0.weight', 100, 512), tensor('layer.0.bias', 100)]
    await fs.writeFile(join(folder, 'D.npy'), encodeNpyDict(other))
    const params = { tensor: 'discriminator.fc1.weight', found: '[100, 512]', expected: '[512, 512]' }
    expect(await errorOf(() => importWeights(folder, added))).toMatchObject({
      code: 'checkpoint-wrong-shape',
      params,
    })
  })

  it('with a name that nobody knows are refused by it', async () => {
    await writeRecipe(folder, all)
    await fs.writeFile(join(folder, 'D.npy'), encodeNpyDict([tensor('layer.7.weight', 2)]))
    const place = 'layer.7.weight ≠ layer.0.*, layer.1.*, layer.2.*'
    expect(await errorOf(() => importWeights(folder, added))).toMatchObject({
      code: 'pickle-malformed',
      params: { problem: 'name-unexpected', place },
    })
  })
})

describe('an import', () => {
  it('of a checkpoint of the lab keeps its facts', async () => {
    const path = join(folder, 'mailed.safetensors')
    await writeCheckpoint(path, facts, source)
    expect(await importWeights(path, added)).toMatchObject({ facts, origin: 'verified', classes: 2 })
  })

  it('of a foreign safetensors file takes our names', async () => {
    const path = join(folder, 'foreign.safetensors')
    await fs.writeFile(path, encodeSafetensors(all, {}))
    expect(await importWeights(path, added)).toMatchObject({
      facts: null,
      origin: 'foreign',
      networks: networkIds.map(declared),
    })
  })

  it.each(['notes.txt', 'other.npy'])('of anything else is refused: %s', async (name) => {
    const path = join(folder, name)
    await fs.writeFile(path, '')
    expect(await errorOf(() => importWeights(path, added))).toMatchObject({
      code: 'unknown-format',
      params: { file: path },
    })
  })

  it('of an empty folder, or of nothing, is refused', async () => {
    expect((await errorOf(() => importWeights(folder, added))).code).toBe('unknown-format')
    const missing = join(folder, 'nowhere')
    expect(await errorOf(() => importWeights(missing))).toMatchObject({
      code: 'file-not-found',
      params: { file: missing },
    })
  })
})
