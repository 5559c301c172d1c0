/**
 * A network: named variables and the pure function that they parameterise, called like the function in the
 * paper: `C(MS(x))`. Variables keep TensorFlow's layouts; names are PyTorch's ("source_encoder.conv1.weight").
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

/** A layer's shapes, and from how many inputs each of its units sums; or those of batch normalisation. */
export type LayerShape = Shape & ({ readonly fanIn: number } | { readonly running: readonly number[] })

/** A layer's values; batch normalisation also keeps running statistics, which no gradient moves. */
export interface Layer {
  readonly weight: tf.Variable
  readonly bias: tf.Variable
  readonly running?: { readonly mean: tf.Variable; readonly variance: tf.Variable }
}

/**
 * What networks of one kind share: the shapes of their layers and the forward pass. With `seeds` it is the pass of a
 * network that learns: batch normalisation goes by the batch, dropout draws from them. Null: as it is used.
 */
export interface Architecture<Name extends string = string> {
  readonly layers: Readonly<Record<Name, LayerShape>>
  readonly forward: (
    layers: Readonly<Record<Name, Layer>>,
    input: tf.Tensor,
    seeds: Seeds | null,
  ) => tf.Tensor2D
  /** The two passes differ: there is batch normalisation or dropout. */
  readonly twoModes?: true
}

export interface NamedVariable {
  readonly name: string
  readonly variable: tf.Variable
}

/** What a network computes. */
export type Pass = (input: tf.Tensor) => tf.Tensor2D

/** Called, it is the pass of a network as it is used. */
export interface Network extends Pass {
  readonly id: string
  /** All that a checkpoint holds of it. */
  readonly variables: readonly NamedVariable[]
  /** Those that gradients move: all but running statistics. */
  readonly learned: readonly NamedVariable[]
  /** The pass of a network that learns. */
  readonly learning: (seeds: Seeds) => Pass
  /** The same pass of one that is frozen: its running statistics stay as they are. */
  readonly frozenLearning: (seeds: Seeds) => Pass
  /** Whether the pass of a network that learns differs from the one that is used. */
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
  const values = Float32Array.from({ length }, () => bound * (2 * random.uniform() - 1))
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
 * moving average of what gradients move (Polyak, Juditsky 1992). Running statistics are each network's own.
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
