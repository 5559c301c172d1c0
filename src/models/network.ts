/**
 * A network: named variables and a pure function of them, called as in the paper: `C(MS(x))`. Variables have
 * TensorFlow's layouts and PyTorch's names ("source_encoder.conv1.weight").
 */
import * as tf from '@tensorflow/tfjs-core'
import type { NamedTensor } from '../checkpoints/safetensors'
import { labError } from '../contract/errors'
import type { Random } from '../data/random'
import type { Seeds } from './dropout'

interface Shape {
  readonly weight: readonly number[]
  readonly bias: readonly number[]
}

/** A layer's shapes, with the fan-in of its units or the shape of its running statistics (batch normalisation). */
export type LayerShape = Shape & ({ readonly fanIn: number } | { readonly running: readonly number[] })

/** A layer's values; batch normalisation also keeps running statistics, which no gradient moves. */
export interface Layer {
  readonly weight: tf.Variable
  readonly bias: tf.Variable
  readonly running?: { readonly mean: tf.Variable; readonly variance: tf.Variable }
}

/**
 * The layer shapes and the forward pass of one kind of network. With `seeds`, the pass is in training mode: batch
 * normalisation uses the batch's statistics, and dropout draws from the seeds. With null, it is in inference mode.
 */
export interface Architecture<Name extends string = string> {
  readonly layers: Readonly<Record<Name, LayerShape>>
  readonly forward: (
    layers: Readonly<Record<Name, Layer>>,
    input: tf.Tensor,
    seeds: Seeds | null,
  ) => tf.Tensor2D
  /** Set if training and inference mode differ: the network has batch normalisation or dropout. */
  readonly twoModes?: true
}

export interface NamedVariable {
  readonly name: string
  readonly variable: tf.Variable
}

/** What a network computes. */
export type Pass = (input: tf.Tensor) => tf.Tensor2D

/** Calling a network runs it in inference mode. */
export interface Network extends Pass {
  readonly id: string
  /** All variables that a checkpoint stores. */
  readonly variables: readonly NamedVariable[]
  /** Variables that gradients change: all but running statistics. */
  readonly learned: readonly NamedVariable[]
  /** The pass in training mode. */
  readonly learning: (seeds: Seeds) => Pass
  /** The pass in training mode without updating running statistics, for a frozen network. */
  readonly frozenLearning: (seeds: Seeds) => Pass
  /** Whether training and inference mode differ. */
  readonly twoModes: boolean
}

export function linearLayer(inputs: number, outputs: number): LayerShape {
  return { weight: [inputs, outputs], bias: [outputs], fanIn: inputs }
}

export function convolutionLayer(size: number, inputs: number, outputs: number): LayerShape {
  return { weight: [size, size, inputs, outputs], bias: [outputs], fanIn: size * size * inputs }
}

export function normalisationLayer(units: number): LayerShape {
  return { weight: [units], bias: [units], running: [units] }
}

/** `[batch, inputs]` times `[inputs, outputs]` plus `[outputs]`. */
export function linear(input: tf.Tensor, { weight, bias }: Layer): tf.Tensor2D {
  return tf.add(tf.matMul(input as tf.Tensor2D, weight as tf.Tensor2D), bias)
}

/** PyTorch's default for linear and convolution layers: weights and biases uniform within 1 / sqrt(fan in). */
function initialVariable(shape: readonly number[], fanIn: number, random: Random): tf.Variable {
  const bound = 1 / Math.sqrt(fanIn)
  const length = shape.reduce((product, size) => product * size, 1)
  // A loop, because Float32Array.from takes four times as long, and the paper's encoder has a million weights.
  const values = new Float32Array(length)
  for (let i = 0; i < length; i++) values[i] = bound * (2 * random.uniform() - 1)
  return tf.tidy(() => tf.variable(tf.tensor(values, [...shape])))
}

function constant(shape: readonly number[], value: number, learned: boolean): tf.Variable {
  return tf.tidy(() => tf.variable(tf.fill([...shape], value), learned))
}

function initialLayer(shape: LayerShape, random: Random): Layer {
  if ('fanIn' in shape)
    return {
      weight: initialVariable(shape.weight, shape.fanIn, random),
      bias: initialVariable(shape.bias, shape.fanIn, random),
    }
  return {
    weight: constant(shape.weight, 1, true),
    bias: constant(shape.bias, 0, true),
    running: { mean: constant(shape.running, 0, false), variance: constant(shape.running, 1, false) },
  }
}

/** A new network with PyTorch's default initialisation, drawn from `random`. */
export function createNetwork<Name extends string>(
  id: string,
  { layers, forward, twoModes }: Architecture<Name>,
  random: Random,
): Network {
  const learned: NamedVariable[] = []
  const variables: NamedVariable[] = []
  const values = {} as Record<Name, Layer>
  const withoutRunning = {} as Record<Name, Layer>
  for (const name of Object.keys(layers) as Name[]) {
    const { weight, bias, running } = (values[name] = initialLayer(layers[name], random))
    withoutRunning[name] = { weight, bias }
    const own = [
      { name: `${id}.${name}.weight`, variable: weight },
      { name: `${id}.${name}.bias`, variable: bias },
    ]
    learned.push(...own)
    variables.push(...own)
    if (running === undefined) continue
    variables.push(
      { name: `${id}.${name}.running_mean`, variable: running.mean },
      { name: `${id}.${name}.running_var`, variable: running.variance },
    )
  }
  return Object.assign((input: tf.Tensor) => forward(values, input, null), {
    id,
    variables,
    learned,
    learning:
      (seeds: Seeds): Pass =>
      (input) =>
        forward(values, input, seeds),
    frozenLearning:
      (seeds: Seeds): Pass =>
      (input) =>
        forward(withoutRunning, input, seeds),
    twoModes: twoModes === true,
  })
}

/** Gives `to` the weights of `from`, a network of the same architecture. */
export function copyWeights(from: Network, to: Network): void {
  from.variables.forEach(({ variable }, index) => to.variables[index]?.variable.assign(variable))
}

/** The values of variables as they are now. */
export function valuesOf(variables: readonly NamedVariable[]): NamedTensor[] {
  return variables.map(({ name, variable }) => ({
    name,
    shape: [...variable.shape],
    data: variable.dataSync<'float32'>(),
  }))
}

/** Sets variables to stored values. Throws `checkpoint-missing-tensor` and `checkpoint-wrong-shape`. */
export function restore(
  variables: readonly NamedVariable[],
  tensors: readonly NamedTensor[],
  file: string,
): void {
  const stored = new Map(tensors.map((tensor) => [tensor.name, tensor]))
  for (const { name, variable } of variables) {
    const tensor = stored.get(name)
    if (tensor === undefined) throw labError('checkpoint-missing-tensor', { file, tensor: name })
    const found = `[${tensor.shape.join(', ')}]`
    const expected = `[${variable.shape.join(', ')}]`
    if (found !== expected) throw labError('checkpoint-wrong-shape', { file, tensor: name, found, expected })
    tf.tidy(() => variable.assign(tf.tensor(tensor.data, [...tensor.shape])))
  }
}

/**
 * Moves `to` towards `from`, a network of the same architecture: to = decay * to + (1 - decay) * from, an exponential
 * moving average of the learned variables (Polyak, Juditsky 1992). Running statistics are not averaged.
 */
export function follow(from: Network, to: Network, decay: number): void {
  from.learned.forEach(({ variable }, index) => {
    const average = to.learned[index]?.variable
    average?.assign(tf.add(tf.mul(average, decay), tf.mul(variable, 1 - decay)))
  })
}

export function disposeVariables(variables: readonly NamedVariable[]): void {
  for (const { variable } of variables) variable.dispose()
}
