import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromTorch, toTorch } from '../../../src/checkpoints/layout'
import type { NamedTensor } from '../../../src/checkpoints/safetensors'
import { networkIds, shapesOf, type NetworkId } from '../../../src/checkpoints/shapes'
import { encoders } from '../../../src/contract/experiment'
import { architecturesOf } from '../../../src/models/architectures'
import { discriminator } from '../../../src/networks/discriminator'
import type { Layer } from '../../../src/networks/layer'
import { shapesByName, tensorsOf } from '../../../src/networks/tensors'
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
/** A small encoder with its optimiser state, in memory layout. */
const smallEncoders = fc
  .tuple(sizes, sizes, sizes, sizes, sizes)
  .map(([k, inputs, maps, pixels, outputs]) =>
    ['target_encoder.#', 'optimiser.target_encoder.#.mean'].flatMap((name) => [
      counting(name.replace('#', 'conv2.weight'), k, k, inputs, maps),
      counting(name.replace('#', 'conv2.bias'), maps),
      counting(name.replace('#', 'fc.weight'), pixels * maps, outputs),
      counting(name.replace('#', 'fc.bias'), outputs),
    ]),
  )

describe('layouts', () => {
  it('come back exactly, from either side', () => {
    fc.assert(
      fc.property(smallEncoders, (tensors) => {
        expect(fromTorch(toTorch(tensors))).toEqual(tensors)
        expect(toTorch(fromTorch(toTorch(tensors)))).toEqual(toTorch(tensors))
      }),
    )
  })

  it('put a convolution from HWIO into OIHW', () => {
    const memory = counting('target_encoder.conv1.weight', 5, 4, 3, 2)
    const [torch] = toTorch([memory])
    expect(torch?.shape).toEqual([2, 3, 5, 4])
    expect(torch && valueAt(torch, 1, 2, 4, 3)).toBe(valueAt(memory, 4, 3, 2, 1))
    expect(torch && valueAt(torch, 0, 1, 2, 3)).toBe(valueAt(memory, 2, 3, 1, 0))
  })

  it('turn a linear layer round', () => {
    expect(toTorch([counting('classifier.fc.weight', 3, 2)])).toEqual([
      { name: 'classifier.fc.weight', shape: [2, 3], data: Float32Array.of(0, 2, 4, 1, 3, 5) },
    ])
  })

  it('reorder what follows flatten from row, column, map to map, row, column', () => {
    const [rows, columns, maps, outputs] = [4, 4, 3, 2]
    const memory = counting('source_encoder.fc.weight', rows * columns * maps, outputs)
    const torch = named(toTorch([memory, counting('source_encoder.conv2.bias', maps)]), memory.name)
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
      counting('source_encoder.conv1.bias', 3),
      { name: 'discriminator.updates', shape: [], data: Float32Array.of(7) },
    ]
    expect(toTorch(others)).toEqual(others)
  })

  it('refuse a flattened layer that does not fit the convolution before it', () => {
    const tensors = [counting('source_encoder.fc.weight', 10, 2), counting('source_encoder.conv2.bias', 3)]
    expect(() => toTorch(tensors)).toThrow('contract-violation')
    expect(() => fromTorch(tensors)).toThrow('contract-violation')
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
    const { features, ...architectures } = architecturesOf(model, classes)
    const layersOf = (network: NetworkId): readonly Layer[] => {
      if (network.endsWith('encoder')) return architectures.encoder
      if (network.endsWith('classifier')) return architectures.classifier
      return discriminator('none', network === 'discriminator' ? features : features * classes)
    }
    for (const network of networkIds) {
      const memory = tensorsOf(layersOf(network)).map(({ name, memoryShape }) =>
        tensor(`${network}.${name}`, ...memoryShape),
      )
      const shapes = toTorch(memory).map(({ name, shape }) => [name, shape])
      expect(Object.fromEntries(shapes)).toEqual(shapesOf(network, model, classes))
      expect(shapesByName(network, layersOf(network))).toEqual(shapesOf(network, model, classes))
    }
  })
})
