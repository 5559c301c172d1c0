/**
 * Everything follows from a declaration that exists in this test alone: a residual, depthwise convolutions, layers
 * without bias, nested names, padding in pixels and `same`, ReLU6.
 */
import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { fromTorch, toTorch } from '../../../src/checkpoints/layout'
import { layersInPython } from '../../../src/checkpoints/python-network'
import { requireUsable } from '../../../src/checkpoints/usable-weights'
import { stream } from '../../../src/data/random'
import { createNetwork, disposeVariables, valuesOf } from '../../../src/models/network'
import { batchNorm, convolution, linear, maxPool, relu, relu6 } from '../../../src/networks/build'
import type { Layer } from '../../../src/networks/layer'
import { shapeAfter } from '../../../src/networks/sample-shape'
import { shapesByName } from '../../../src/networks/tensors'
import { applyLayers } from '../../../src/workers/layers-model'
import { loadTensorFlow } from '../../../src/workers/native'

const { tf: native } = await loadTensorFlow(1)

const layers: readonly Layer[] = [
  convolution('stem.0', 3, 4, 3, { stride: 2, padding: 1, bias: false }),
  { ...batchNorm('stem.1', 4), epsilon: 1e-3 },
  relu6,
  {
    kind: 'residual',
    body: [
      convolution('layer1.0.depthwise', 4, 4, 3, { padding: 'same', connects: 'each-map', bias: false }),
      batchNorm('layer1.0.bn1', 4),
      relu,
      convolution('layer1.0.project', 4, 6, 1, { bias: false }),
    ],
    shortcut: [convolution('layer1.0.downsample', 4, 6, 1)],
  },
  relu,
  maxPool(3, 2, 1),
  { kind: 'dropout', share: 0.5, of: 'maps' },
  { kind: 'flatten', order: 'map-innermost' },
  batchNorm('bn', 24),
  { ...linear('fc', 24, 5), bias: false },
]
const side = 8
const networks = new Map([['net', layers]])

/** The network with random running statistics and scales. */
function network() {
  const created = createNetwork('net', layers, stream(0, 'declared'))
  const random = stream(1, 'declared')
  for (const { name, variable } of created.variables) {
    if (!/bn|stem\.1/.test(name)) continue
    const values = Float32Array.from({ length: variable.size }, () => 0.5 + random.uniform())
    tf.tidy(() => variable.assign(tf.tensor(values, variable.shape)))
  }
  return created
}

const pixels = () => {
  const random = stream(2, 'declared')
  return tf.tensor4d(
    Float32Array.from({ length: 2 * side * side * 3 }, () => random.uniform()),
    [2, side, side, 3],
  )
}

test('shapes in PyTorch’s layout, under nested names', () => {
  expect(shapeAfter(layers, [side, side, 3])).toEqual([5])
  expect(shapesByName('net', layers)).toMatchObject({
    'net.stem.0.weight': [4, 3, 3, 3],
    'net.stem.1.running_var': [4],
    'net.layer1.0.depthwise.weight': [4, 1, 3, 3],
    'net.layer1.0.downsample.bias': [6],
    'net.bn.weight': [24],
    'net.fc.weight': [5, 24],
  })
  expect(Object.keys(shapesByName('net', layers))).not.toContain('net.fc.bias')
})

test('layouts come back, and features keep their map, row and column', () => {
  const created = network()
  const memory = valuesOf(created.variables)
  const torch = toTorch(memory, networks)
  expect(fromTorch(torch, networks, 'file')).toEqual(memory)
  const valuesIn = (tensors: typeof memory, name: string) =>
    tensors.find((one) => one.name === name)?.data ?? new Float32Array()
  // Feature 7 in memory is row 0, column 1, map 1 of [2, 2, 6]; in PyTorch it is 1 * 4 + 0 * 2 + 1.
  expect(valuesIn(torch, 'net.bn.weight')[5]).toBe(valuesIn(memory, 'net.bn.weight')[7])
  expect(valuesIn(torch, 'net.fc.weight')[2 * 24 + 5]).toBe(valuesIn(memory, 'net.fc.weight')[7 * 5 + 2])
  expect(() => requireUsable(torch, 'file')).not.toThrow()
  disposeVariables(created.variables)
})

test('the module of PyTorch spells out every layer', () => {
  const { layers: made, steps } = layersInPython('Encoder', '', layers, [side, side, 3])
  expect(made).toEqual([
    'self.stem = nn.ModuleDict({',
    '    "0": nn.Conv2d(3, 4, kernel_size=3, stride=2, padding=1, bias=False),',
    '    "1": nn.BatchNorm2d(4, eps=0.001),',
    '})',
    'self.layer1 = nn.ModuleDict({',
    '    "0": nn.ModuleDict({',
    '        "depthwise": nn.Conv2d(4, 4, kernel_size=3, groups=4, bias=False),',
    '        "bn1": nn.BatchNorm2d(4),',
    '        "project": nn.Conv2d(4, 6, kernel_size=1, bias=False),',
    '        "downsample": nn.Conv2d(4, 6, kernel_size=1),',
    '    }),',
    '})',
    'self.bn = nn.BatchNorm1d(24)',
    'self.fc = nn.Linear(24, 5, bias=False)',
  ])
  expect(steps).toEqual([
    'x = F.relu6(self.stem["1"](self.stem["0"](x)))  # [batch, 4, 4, 4]',
    'shortcut = x',
    'x = F.relu(self.layer1["0"]["bn1"](self.layer1["0"]["depthwise"](F.pad(x, (1, 1, 1, 1)))))  # [batch, 4, 4, 4]',
    'x = self.layer1["0"]["project"](x)  # [batch, 6, 4, 4]',
    'shortcut = self.layer1["0"]["downsample"](shortcut)  # [batch, 6, 4, 4]',
    'x = x + shortcut',
    'x = F.max_pool2d(F.relu(x), 3, stride=2, padding=1)  # [batch, 6, 2, 2]',
    'x = self.fc(self.bn(x.flatten(1)))  # [batch, 5]',
    'return x',
  ])
})

test('the layers of TensorFlow.js give the same outputs, in inference mode', () => {
  const created = network()
  const input = native.input({ shape: [side, side, 3] })
  const { output, weighted } = applyLayers(native, layers, input, '')
  const model = native.model({ inputs: input, outputs: output })
  tf.tidy(() => {
    for (const { layer, tensors } of weighted)
      layer.setWeights(
        tensors.map((tensor) => {
          const found = created.variables.find(({ name }) => name === `net.${tensor}`)
          if (found === undefined) throw new Error(`no ${tensor}`)
          return found.variable
        }),
      )
    const x = pixels()
    const own = Array.from(created(x).dataSync())
    const theirs = Array.from((model.predict(x) as tf.Tensor).dataSync())
    const largest = Math.max(...own.map(Math.abs))
    expect(largest).toBeGreaterThan(0.01)
    own.forEach((value, index) =>
      expect(Math.abs(value - (theirs[index] ?? NaN)) / largest).toBeLessThan(1e-5),
    )
  })
  model.dispose()
  disposeVariables(created.variables)
})

test('a pass in training mode moves running statistics and draws dropout; a frozen one moves none', () => {
  const created = network()
  const before = valuesOf(created.variables).map(({ data }) => Array.from(data))
  const now = () => valuesOf(created.variables).map(({ data }) => Array.from(data))
  const seeds = () => tf.tensor1d([3, 5], 'int32')
  tf.tidy(() => {
    const frozen = created.frozenLearning(seeds)(pixels())
    expect(now()).toEqual(before)
    const learning = created.learning(seeds)(pixels())
    expect(Array.from(learning.dataSync())).toEqual(Array.from(frozen.dataSync()))
    expect(Array.from(created(pixels()).dataSync())).not.toEqual(Array.from(learning.dataSync()))
  })
  const moved = created.variables.filter((_, index) => now()[index]?.join() !== before[index]?.join())
  expect(moved.map(({ name }) => name)).toEqual(
    ['stem.1', 'layer1.0.bn1', 'bn'].flatMap((name) =>
      ['running_mean', 'running_var'].map((part) => `net.${name}.${part}`),
    ),
  )
  disposeVariables(created.variables)
})
