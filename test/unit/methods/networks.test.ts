import { expect, test } from 'vitest'
import { declaredNetworks } from '../../../src/methods/networks'
import { methods } from '../../../src/methods/registry'
import { layersOf } from '../../../src/checkpoints/shapes'
import { layersOfAdded, type AddedNetwork } from '../../../src/networks/added'
import { baseLayers } from '../../../src/networks/registry'
import { tensorsOf } from '../../../src/networks/tensors'
import { modelOf } from '../../fixtures/model'

const model = modelOf('lenet')
const tensors = (network: AddedNetwork) => tensorsOf(layersOf(network, model, 3))

test('methods that declare one id declare the same tensors, so that a checkpoint can pass between them', () => {
  for (const { declaration } of methods)
    for (const network of declaration.networks) {
      const first = declaredNetworks.find(({ id }) => id === network.id)
      expect(first && tensors(first), `${declaration.id}: ${network.id}`).toEqual(tensors(network))
    }
})

test('declarations survive JSON, in which they are read where there is no TensorFlow', () => {
  expect(JSON.parse(JSON.stringify(declaredNetworks))).toEqual(declaredNetworks)
})

test('sizes by name follow from the experiment, and activations from the parameters of the method', () => {
  const base = baseLayers(model, 3)
  const network: AddedNetwork = {
    id: 'judge',
    layers: [
      { kind: 'linear', name: 'fc', inputs: 'features x classes', outputs: 'features', bias: false },
      { kind: 'batch-norm', name: 'bn', units: 'features', epsilon: 1e-5 },
      { kind: 'relu', when: { parameter: 'activation', is: 'relu' } },
      { kind: 'dropout', share: 0.5, of: 'values' },
      { kind: 'linear', name: 'out', inputs: 'features', outputs: 'classes', bias: true },
    ],
  }
  const layers = layersOfAdded(network, base, 3, { activation: 'relu' })
  expect(layers.map(({ kind }) => kind)).toEqual(['linear', 'batch-norm', 'relu', 'dropout', 'linear'])
  expect(layersOfAdded(network, base, 3, { activation: 'none' }).map(({ kind }) => kind)).not.toContain(
    'relu',
  )
  expect(Object.fromEntries(tensors(network).map(({ name, shape }) => [name, shape]))).toMatchObject({
    'fc.weight': [512, 1536],
    'bn.running_var': [512],
    'out.weight': [3, 512],
  })
  expect(layersOfAdded({ id: 'other_encoder', like: 'encoder' }, base, 3)).toBe(base.encoder)
})
