/**
 * Update rules with PyTorch's semantics (torch.optim 2.x). The learning rate is a tensor passed to each update. All
 * optimiser state is held in variables, so that it can be saved and restored.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Optimiser as OptimiserSettings } from '../contract/experiment'
import type { Gradients } from './gradients'
import type { NamedVariable } from './network'

type SgdSettings = Extract<OptimiserSettings, { kind: 'sgd' }>
type AdamSettings = Extract<OptimiserSettings, { kind: 'adam' }>

export interface Optimiser {
  /** State variables, named after the variable they belong to: "target_encoder.fc.weight.momentum". */
  readonly state: readonly NamedVariable[]
  /** One update of every variable of this optimiser. */
  update(gradients: Gradients, learningRate: tf.Scalar): void
}

/** Creates a new optimiser for a network's variables. */
export function createOptimiser(settings: OptimiserSettings, variables: readonly NamedVariable[]): Optimiser {
  return settings.kind === 'sgd' ? sgd(settings, variables) : adam(settings, variables)
}

/** Resets an optimiser's state to zeros. */
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
  const velocities = momentum > 0 ? besideEach(variables, 'momentum') : null

  function direction(variable: tf.Variable, gradient: tf.Tensor): tf.Tensor {
    const decayed = weightDecay === 0 ? gradient : tf.add(gradient, tf.mul(variable, weightDecay))
    if (velocities === null) return decayed
    const velocity = of(velocities.by, variable)
    velocity.assign(tf.add(tf.mul(velocity, momentum), decayed))
    return nesterov ? tf.add(decayed, tf.mul(velocity, momentum)) : velocity
  }

  return {
    state: velocities === null ? [] : velocities.state,
    update(gradients, learningRate) {
      for (const { variable } of variables) {
        const step = direction(variable, of(gradients, variable))
        variable.assign(tf.sub(variable, tf.mul(learningRate, step)))
      }
    },
  }
}

/**
 * Kingma and Ba 2015, algorithm 1:  m = beta1 m + (1 - beta1) g;  v = beta2 v + (1 - beta2) g^2; p -= rate * (m / (1
 * - beta1^t)) / (sqrt(v / (1 - beta2^t)) + epsilon).
 *
 * The state holds the sums m / (1 - beta1) and v / (1 - beta2). Factors that are equal for all weights then become
 * one scalar, and an update passes over the weights 10 times instead of 13.
 */
function adam({ beta1, beta2, epsilon }: AdamSettings, variables: readonly NamedVariable[]): Optimiser {
  const sums = besideEach(variables, 'sum')
  const squares = besideEach(variables, 'squares')
  const network = variables[0]?.name.split('.')[0] ?? ''
  const updates = tf.tidy(() => tf.variable(tf.scalar(0), false))

  /** (1 - beta) / (1 - beta^t), without the cancellation that a power in float32 brings when beta is close to 1. */
  const share = (beta: number) =>
    beta === 0 ? tf.scalar(1) : tf.div(beta - 1, tf.expm1(tf.mul(updates, Math.log(beta))))

  return {
    state: [...sums.state, ...squares.state, { name: `${network}.updates`, variable: updates }],
    update(gradients, learningRate) {
      updates.assign(tf.add(updates, 1))
      const root = tf.sqrt(share(beta2))
      const rate = tf.div(tf.mul(learningRate, share(beta1)), root)
      const least = tf.div(epsilon, root)
      for (const { variable } of variables) {
        const gradient = of(gradients, variable)
        const sum = of(sums.by, variable)
        const square = of(squares.by, variable)
        sum.assign(tf.add(tf.mul(sum, beta1), gradient))
        square.assign(tf.add(tf.mul(square, beta2), tf.square(gradient)))
        const step = tf.div(sum, tf.add(tf.sqrt(square), least))
        variable.assign(tf.sub(variable, tf.mul(rate, step)))
      }
    },
  }
}

/** Creates a variable of zeros for each variable, found through `by`. */
function besideEach(variables: readonly NamedVariable[], quantity: string) {
  const by = new Map<tf.Variable, tf.Variable>()
  const state = variables.map(({ name, variable }) => {
    const beside = tf.tidy(() => tf.variable(tf.zeros(variable.shape), false))
    by.set(variable, beside)
    return { name: `${name}.${quantity}`, variable: beside }
  })
  return { by, state }
}

function of<T>(by: ReadonlyMap<tf.Variable, T>, variable: tf.Variable): T {
  const found = by.get(variable)
  if (found === undefined) throw new Error('an update without the gradient of each variable')
  return found
}
