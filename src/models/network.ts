/**
 * A network: named variables and a pure function of them, called as in the paper: `C(MS(x))`. Variables have
 * TensorFlow's layouts and PyTorch's names ("source_encoder.conv1.weight").
 */
import * as tf from '@tensorflow/tfjs-core'
import type { NamedTensor } from '../checkpoints/safetensors'
import { labError } from '../contract/errors'
import type { Random } from '../data/random'
import type { Layer } from '../networks/layer'
import { hasTwoModes } from '../networks/properties'
import { tensorsOf, type DeclaredTensor } from '../networks/tensors'
import type { Seeds } from './dropout'
import { planned, type Mode } from './pass'

export interface NamedVariable {
  readonly name: string
  readonly variable: tf.Variable
}

/** What a network computes. */
export type Pass = (input: tf.Tensor) => tf.Tensor2D

/** Calling a network runs it in inference mode. */
export interface Network extends Pass {
  readonly id: string
  readonly layers: readonly Layer[]
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

function initialValues({ memoryShape, initial, isLearned }: DeclaredTensor, random: Random): tf.Variable {
  return 'fanIn' in initial
    ? initialVariable(memoryShape, initial.fanIn, random)
    : constant(memoryShape, initial.value, isLearned)
}

/** A new network with PyTorch's default initialisation, drawn from `random` in the order of the tensors. */
export function createNetwork(id: string, layers: readonly Layer[], random: Random): Network {
  const declared = tensorsOf(layers)
  const weights = new Map(declared.map((tensor) => [tensor.name, initialValues(tensor, random)]))
  const named = (tensors: readonly DeclaredTensor[]): NamedVariable[] =>
    tensors.flatMap(({ name }) => {
      const variable = weights.get(name)
      return variable === undefined ? [] : [{ name: `${id}.${name}`, variable }]
    })
  const pass = planned(layers)
  const inMode =
    (mode: Mode): Pass =>
    (input) =>
      pass(input, weights, mode) as tf.Tensor2D
  return Object.assign(inMode({ kind: 'inference' }), {
    id,
    layers,
    variables: named(declared),
    learned: named(declared.filter(({ isLearned }) => isLearned)),
    learning: (seeds: Seeds) => inMode({ kind: 'learning', seeds }),
    frozenLearning: (seeds: Seeds) => inMode({ kind: 'frozen-learning', seeds }),
    twoModes: hasTwoModes(layers),
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
