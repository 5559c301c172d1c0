import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromTorch, toTorch } from '../../../src/checkpoints/layout'
import type { NamedTensor } from '../../../src/checkpoints/safetensors'
import {
  baseNetworks,
  idOf,
  layersOf,
  networksOf,
  shapesOf,
  type Networks,
} from '../../../src/checkpoints/shapes'
import { encoders } from '../../../src/contract/experiment'
import { architecturesOf } from '../../../src/models/architectures'
import { convolution, linear } from '../../../src/networks/build'
import type { Layer } from '../../../src/networks/layer'
import { tensorsOf } from '../../../src/networks/tensors'
import { added } from '../../fixtures/declared'
import { modelOf } from '../../fixtures/model'
import { errorOf, tensor } from './samples'

function counting(name: string, ...shape: number[]): NamedTensor {
  const { data } = tensor(name, ...shape)
  return { name, shape, data: data.map((_, index) => index) }
}

/** Value at a position, in C order. */
function valueAt({ shape, data }: NamedTensor, ...position: number[]): number | undefined {
  return data[position.reduce((offset, index, axis) => offset * (shape[axis] ?? 0) + index, 0)]
}

function named(tensors: readonly NamedTensor[], name: string): NamedTensor {
  const found = tensors.find((one) => one.name === name)
  if (found === undefined) throw new Error(`no ${name}`)
  return found
}

const sizes = fc.integer({ min: 1, max: 5 })
const flatten: Layer = { kind: 'flatten', order: 'map-innermost' }

/** The network `net` with these layers. */
const net = (...layers: Layer[]): Networks => new Map([['net', layers]])

/** The tensors of a network in memory layout, with the state of an optimiser. */
function memoryOf(networks: Networks): NamedTensor[] {
  return [...networks].flatMap(([network, layers]) =>
    tensorsOf(layers).flatMap(({ name, memoryShape }) => [
      counting(`${network}.${name}`, ...memoryShape),
      counting(`optimiser.${network}.${name}.mean`, ...memoryShape),
    ]),
  )
}

/** A small encoder. */
const smallEncoders = fc
  .tuple(sizes, sizes, sizes, sizes, sizes)
  .map(([k, inputs, maps, pixels, outputs]) =>
    net(convolution('conv2', inputs, maps, k), flatten, linear('fc', pixels * maps, outputs)),
  )

describe('layouts', () => {
  it('come back exactly, from either side', () => {
    fc.assert(
      fc.property(smallEncoders, (networks) => {
        const tensors = memoryOf(networks)
        const torch = toTorch(tensors, networks)
        expect(fromTorch(torch, networks, 'file')).toEqual(tensors)
        expect(toTorch(fromTorch(torch, networks, 'file'), networks)).toEqual(torch)
      }),
    )
  })

  it('put a convolution from HWIO into OIHW', () => {
    const memory = counting('net.conv1.weight', 4, 4, 3, 2)
    const [torch] = toTorch([memory], net(convolution('conv1', 3, 2, 4)))
    expect(torch?.shape).toEqual([2, 3, 4, 4])
    expect(torch && valueAt(torch, 1, 2, 3, 2)).toBe(valueAt(memory, 3, 2, 2, 1))
    expect(torch && valueAt(torch, 0, 1, 2, 3)).toBe(valueAt(memory, 2, 3, 1, 0))
  })

  it('put a depthwise kernel from [k, k, maps, 1] into [maps, 1, k, k]', () => {
    const memory = counting('net.conv1.weight', 3, 3, 2, 1)
    const [torch] = toTorch([memory], net(convolution('conv1', 2, 2, 3, { connects: 'each-map' })))
    expect(torch?.shape).toEqual([2, 1, 3, 3])
    expect(torch && valueAt(torch, 1, 0, 2, 0)).toBe(valueAt(memory, 2, 0, 1, 0))
  })

  it('turn a linear layer round', () => {
    expect(toTorch([counting('net.fc.weight', 3, 2)], net(linear('fc', 3, 2)))).toEqual([
      { name: 'net.fc.weight', shape: [2, 3], data: Float32Array.of(0, 2, 4, 1, 3, 5) },
    ])
  })

  it('reorder what follows flatten from row, column, map to map, row, column', () => {
    const [rows, columns, maps, outputs] = [4, 4, 3, 2]
    const memory = counting('net.fc.weight', rows * columns * maps, outputs)
    const networks = net(
      convolution('conv2', 1, maps, 1),
      flatten,
      linear('fc', memory.shape[0] ?? 0, outputs),
    )
    const torch = named(toTorch([memory], networks), memory.name)
    expect(torch.shape).toEqual([outputs, maps * rows * columns])
    for (const [row, column, map, output] of [
      [0, 1, 2, 1],
      [3, 0, 1, 0],
      [2, 3, 0, 1],
    ] as const) {
      const inMemory = valueAt(memory, (row * columns + column) * maps + map, output)
      expect(valueAt(torch, output, (map * rows + row) * columns + column)).toBe(inMemory)
    }
  })

  it('leave biases and counters alone', () => {
    const others = [
      counting('net.conv1.bias', 3),
      { name: 'discriminator.updates', shape: [], data: Float32Array.of(7) },
    ]
    expect(toTorch(others, net(convolution('conv1', 1, 3, 5)))).toEqual(others)
  })

  it.each([
    'net.other.weight',
    'net.conv1.gamma',
    'other.conv1.weight',
    'optimiser.net.other.weight.mean',
    'conv1',
  ])('that nobody declared are refused: %s', async (name) => {
    const networks = net(convolution('conv1', 1, 3, 5))
    const error = { code: 'layout-unknown', params: { tensor: name } }
    expect(await errorOf(() => toTorch([counting(name, 2, 3)], networks))).toMatchObject(error)
    expect(await errorOf(() => fromTorch([counting(name, 2, 3)], networks, 'file'))).toMatchObject(error)
  })

  it('refuse a tensor of another shape', async () => {
    const networks = net(linear('fc', 3, 2))
    const stored = [counting('net.fc.weight', 2, 4)]
    expect(() => toTorch(stored, networks)).toThrow('contract-violation')
    expect(await errorOf(() => fromTorch(stored, networks, 'a.safetensors'))).toMatchObject({
      code: 'checkpoint-wrong-shape',
      params: { file: 'a.safetensors', tensor: 'net.fc.weight', found: '[2, 4]', expected: '[2, 3]' },
    })
  })

  it('are refused for a side that leaves no pixel, with both shapes', async () => {
    const least = '[side ≥ 16, side, 1 | 3]'
    for (const [encoder, changes, takes, given] of [
      ['lenet', { side: 15 }, least, '[15, 15, 1]'],
      ['lenet-bn', { length: 7 }, least, '[7]'],
      ['mlp', { length: null }, '[length]', '[28, 28, 1]'],
    ] as const)
      expect(await errorOf(() => architecturesOf(modelOf(encoder, changes), 2))).toMatchObject({
        code: 'encoder-refuses-samples',
        params: { encoder, takes, given },
      })
  })

  it.each(encoders)('of the models are those that checkpoints are checked against, %s', (encoder) => {
    const classes = 4
    const model = modelOf(encoder, { channels: 3 })
    const networks = networksOf(model, classes, added)
    const base = architecturesOf(model, classes)
    expect(tensorsOf(networks.get('target_encoder') ?? [])).toEqual(tensorsOf(base.encoder))
    expect(tensorsOf(networks.get('target_classifier') ?? [])).toEqual(tensorsOf(base.classifier))
    for (const network of [...baseNetworks, ...added]) {
      const layers = layersOf(network, model, classes)
      const id = idOf(network)
      const memory = tensorsOf(layers).map(({ name, memoryShape }) => tensor(`${id}.${name}`, ...memoryShape))
      const shapes = toTorch(memory, networks).map(({ name, shape }) => [name, shape])
      expect(Object.fromEntries(shapes)).toEqual(shapesOf(network, model, classes))
    }
    expect(shapesOf(added[1] ?? 'classifier', model, classes)).toMatchObject({
      'conditional_discriminator.fc1.weight': [512, base.features * classes],
    })
  })
})
