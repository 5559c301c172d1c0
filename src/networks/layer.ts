/**
 * The layers of a network as data, from which the forward pass, the shapes and layouts of its tensors, its modules in
 * PyTorch and its layers in TensorFlow.js follow. Layers run one after another. A name is that of PyTorch's module below
 * its network, and may be nested ("layer1.0.conv1"); shapes are those of one sample, without the batch.
 */

/** Two-dimensional, on maps `[rows, columns, inputs]`. */
export interface Convolution {
  readonly kind: 'convolution'
  readonly name: string
  readonly inputs: number
  readonly outputs: number
  /** Rows and columns of its kernel. */
  readonly kernel: number
  readonly stride: number
  readonly padding: Padding
  /** `each-map`: one kernel for each map, and `outputs` equals `inputs` (depthwise). */
  readonly connects: 'all-maps' | 'each-map'
  readonly bias: boolean
}

/**
 * A number: that many pixels on each side, as in PyTorch; 0 is none. `same`: TensorFlow's, the output has
 * ceil(length / stride) pixels, and an odd pixel of padding comes last.
 */
export type Padding = number | 'same'

/** `[..., inputs]` to `[..., outputs]`. */
export interface Linear {
  readonly kind: 'linear'
  readonly name: string
  readonly inputs: number
  readonly outputs: number
  readonly bias: boolean
}

/** Over the last axis: features, or maps. */
export interface BatchNorm {
  readonly kind: 'batch-norm'
  readonly name: string
  readonly units: number
  readonly epsilon: number
}

export interface MaxPool {
  readonly kind: 'max-pool'
  readonly size: number
  readonly stride: number
  readonly padding: number
}

export interface Activation {
  readonly kind: 'relu' | 'relu6'
}

/** The mean of each map: `[rows, columns, maps]` to `[maps]`. */
export interface GlobalAverage {
  readonly kind: 'global-average'
}

/**
 * Maps to one vector. `map-innermost` (row, column, map) is TensorFlow's order, in which no value moves: a linear layer
 * after it has its inputs in another order than in PyTorch, and its weights are stored in PyTorch's. `map-outermost`
 * (map, row, column) is PyTorch's.
 */
export interface Flatten {
  readonly kind: 'flatten'
  readonly order: 'map-innermost' | 'map-outermost'
}

/** During training: drops this share of the values, or of whole maps. */
export interface Dropout {
  readonly kind: 'dropout'
  readonly share: number
  readonly of: 'values' | 'maps'
}

/** The sum of two branches; an empty shortcut is the input itself. */
export interface Residual {
  readonly kind: 'residual'
  readonly body: readonly Layer[]
  readonly shortcut: readonly Layer[]
}

export type Layer =
  | Convolution
  | Linear
  | BatchNorm
  | MaxPool
  | Activation
  | GlobalAverage
  | Flatten
  | Dropout
  | Residual
