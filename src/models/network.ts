/**
 * A network: named variables and the pure function that they parameterise, called like the function in the
 * paper: `C(MS(x))`. Variables keep TensorFlow's layouts; names are PyTorch's ("source_encoder.conv1.weight").
 */
import * as tf from '@tensorflow/tfjs-core'
import type { NamedTensor } from '../checkpoints/safetensors'
import { labError } from '../contract/errors'
import type { Random } from '../data/random'

/** A layer's shapes, and from how many inputs each of its units sums. */
export interface LayerShape {
  readonly weight: readonly number[]
  readonly bias: readonly number[]
  readonly fanIn: number
}

/** A layer's values. */
export interface Layer {
  readonly weight: tf.Tensor
  readonly bias: tf.Tensor
}

/** What networks of one kind share: the shapes of their layers and the forward pass. */
export interface Architecture<Name extends string = string> {
  readonly layers: Readonly<Record<Name, LayerShape>>
  readonly forward: (layers: Readonly<Record<Name, Layer>>, input: tf.Tensor) => tf.Tensor2D
}

export interface NamedVariable {
  readonly name: string
  readonly variable: tf.Variable
}

export interface Network {
  (input: tf.Tensor): tf.Tensor2D
  readonly id: string
  readonly variables: readonly NamedVariable[]
}

export function linearLayer(inputs: number, outputs: number): LayerShape {
  return { weight: [inputs, outputs], bias: [outputs], fanIn: inputs }
}

export function convolutionLayer(size: number, inputs: number, outputs: number): LayerShape {
  return { weight: [size, size, inputs, outputs], bias: [outputs], fanIn: size * size * inputs }
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

/** A new network with PyTorch's default initialisation, drawn from `random`. */
export function createNetwork<Name extends string>(
  id: string,
  { layers, forward }: Architecture<Name>,
  random: Random,
): Network {
  const variables: NamedVariable[] = []
  const values = {} as Record<Name, Layer>
  for (const name of Object.keys(layers) as Name[]) {
    const shape = layers[name]
    const weight = initialVariable(shape.weight, shape.fanIn, random)
    const bias = initialVariable(shape.bias, shape.fanIn, random)
    values[name] = { weight, bias }
    variables.push(
      { name: `${id}.${name}.weight`, variable: weight },
      { name: `${id}.${name}.bias`, variable: bias },
    )
  }
  return Object.assign((input: tf.Tensor) => forward(values, input), { id, variables })
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

export function disposeVariables(variables: readonly NamedVariable[]): void {
  for (const { variable } of variables) variable.dispose()
}
