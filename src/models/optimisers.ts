/**
 * Update rules with PyTorch's semantics (torch.optim 2.x). The learning rate is a tensor that each update is
 * given; everything that an optimiser remembers lies in variables, so that it can be saved and restored.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Optimiser as OptimiserSettings } from '../contract/experiment'
import type { NamedVariable } from './network'

type SgdSettings = Extract<OptimiserSettings, { kind: 'sgd' }>
type AdamSettings = Extract<OptimiserSettings, { kind: 'adam' }>

/** A variable and the gradient of the loss with respect to it. */
export interface Slope {
  readonly variable: tf.Variable
  readonly gradient: tf.Tensor
}

export interface Optimiser {
  /** Named after the variable that it belongs to: "target_encoder.fc.weight.momentum". */
  readonly state: readonly NamedVariable[]
  /** One update of every variable of `slopes`. */
  update(slopes: readonly Slope[], learningRate: tf.Scalar): void
}

/** The optimiser, as new, of a network's variables. */
export function createOptimiser(settings: OptimiserSettings, variables: readonly NamedVariable[]): Optimiser {
  return settings.kind === 'sgd' ? sgd(settings, variables) : adam(settings, variables)
}

/** Makes an optimiser forget what it has seen. */
export function renew({ state }: Optimiser): void {
  for (const { variable } of state) tf.tidy(() => variable.assign(tf.zeros(variable.shape)))
}

/**
 * g += weightDecay * p;  m = momentum * m + g;  p -= rate * (nesterov ? g + momentum * m : m).
 * m starts at 0, so that its first value is the first gradient, as in PyTorch.
 */
function sgd(
  { momentum, nesterov, weightDecay }: SgdSettings,
  variables: readonly NamedVariable[],
): Optimiser {
  const velocities = memoryOf(momentum > 0 ? variables : [], 'momentum')

  function direction(gradient: tf.Tensor, velocity: tf.Variable | undefined): tf.Tensor {
    if (velocity === undefined) return gradient
    velocity.assign(tf.add(tf.mul(velocity, momentum), gradient))
    return nesterov ? tf.add(gradient, tf.mul(velocity, momentum)) : velocity
  }

  function update(slopes: readonly Slope[], learningRate: tf.Scalar): void {
    for (const { variable, gradient } of slopes) {
      const decayed = weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(variable, weightDecay))
      const step = direction(decayed, velocities.of.get(variable))
      variable.assign(tf.sub(variable, tf.mul(learningRate, step)))
    }
  }

  return { state: velocities.state, update }
}

/**
 * Kingma and Ba 2015, algorithm 1:  m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2;
 * p -= rate * (m / (1 - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon).
 */
function adam({ beta1, beta2, epsilon }: AdamSettings, variables: readonly NamedVariable[]): Optimiser {
  const first = memoryOf(variables, 'mean')
  const second = memoryOf(variables, 'square')
  const owner = variables[0]?.name.split('.')[0] ?? ''
  const count = { name: `${owner}.updates`, variable: tf.tidy(() => tf.variable(tf.scalar(0), false)) }

  /** 1 - beta^t, without the cancellation that a power in float32 would bring for beta near 1. */
  const correction = (beta: number) =>
    beta === 0 ? tf.scalar(1) : tf.neg(tf.expm1(tf.mul(count.variable, Math.log(beta))))

  function update(slopes: readonly Slope[], learningRate: tf.Scalar): void {
    count.variable.assign(tf.add(count.variable, 1))
    const rate = tf.div(learningRate, correction(beta1))
    const root = tf.sqrt(correction(beta2))
    for (const { variable, gradient } of slopes) {
      const mean = first.of.get(variable)
      const square = second.of.get(variable)
      if (mean === undefined || square === undefined)
        throw new Error('a variable that this optimiser has not')
      mean.assign(tf.add(tf.mul(mean, beta1), tf.mul(gradient, 1 - beta1)))
      square.assign(tf.add(tf.mul(square, beta2), tf.mul(tf.square(gradient), 1 - beta2)))
      const scale = tf.add(tf.div(tf.sqrt(square), root), epsilon)
      variable.assign(tf.sub(variable, tf.mul(rate, tf.div(mean, scale))))
    }
  }

  return { state: [...first.state, ...second.state, count], update }
}

/** One variable of zeros beside each variable. */
function memoryOf(variables: readonly NamedVariable[], quantity: string) {
  const of = new Map<tf.Variable, tf.Variable>()
  const state = variables.map(({ name, variable }) => {
    const memory = tf.tidy(() => tf.variable(tf.zeros(variable.shape), false))
    of.set(variable, memory)
    return { name: `${name}.${quantity}`, variable: memory }
  })
  return { of, state }
}
