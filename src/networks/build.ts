/** Short forms of layers that most declarations use. */
import type { BatchNorm, Convolution, Dropout, Layer, Linear, MaxPool } from './layer'
import { shapeAfter, type SampleShape } from './sample-shape'

/** Stride 1, no padding, every map connected, with a bias; `changes` says what differs. */
export function convolution(
  name: string,
  inputs: number,
  outputs: number,
  kernel: number,
  changes: Partial<Pick<Convolution, 'stride' | 'padding' | 'connects' | 'bias'>> = {},
): Convolution {
  return {
    kind: 'convolution',
    name,
    inputs,
    outputs,
    kernel,
    stride: 1,
    padding: 0,
    connects: 'all-maps',
    bias: true,
    ...changes,
  }
}

export function linear(name: string, inputs: number, outputs: number): Linear {
  return { kind: 'linear', name, inputs, outputs, bias: true }
}

/** With PyTorch's epsilon. */
export function batchNorm(name: string, units: number): BatchNorm {
  return { kind: 'batch-norm', name, units, epsilon: 1e-5 }
}

export const relu: Layer = { kind: 'relu' }
export const relu6: Layer = { kind: 'relu6' }

export function maxPool(size: number, stride = size, padding = 0): MaxPool {
  return { kind: 'max-pool', size, stride, padding }
}

export function dropout(share: number, of: Dropout['of'] = 'values'): Dropout {
  return { kind: 'dropout', share, of }
}

/** Number of values in a sample after these layers. */
export function valuesAfter(layers: readonly Layer[], input: SampleShape): number {
  return shapeAfter(layers, input).reduce((product, size) => product * size, 1)
}
