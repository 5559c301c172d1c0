/** Helpers for the tests of compiled steps: tensor values, and running a step both ways. */
import * as tf from '@tensorflow/tfjs-core'
import type { Tensor, Variable } from '@tensorflow/tfjs-core'
import { compileSteps, eagerSteps } from '../../../src/graph/compiled-steps'
import type { Step, Tensors } from '../../../src/graph/compiled-steps'

export type Variables = Readonly<Record<string, Variable>>
export type Numbers = Record<string, number[]>

export function numbers(tensors: Tensors): Numbers {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [name, Array.from(tensor.dataSync())]),
  )
}

/** Variables by name, float32. */
export function variablesOf(values: Readonly<Record<string, number | number[]>>): Variables {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, tf.tidy(() => tf.variable(tf.tensor(value)))]),
  )
}

export interface Trial {
  /** Outputs of each run. */
  readonly outputs: readonly Numbers[]
  /** Variables after the last run. */
  readonly variables: Numbers
}

/** Runs a step `times` times compiled and, from the same initial state, eagerly. */
export function bothWays(
  step: Step,
  inputs: Tensors,
  variables: Variables = {},
  { resident = {}, times = 1 }: { resident?: Tensors; times?: number } = {},
): { compiled: Trial; eager: Trial } {
  const sources = { steps: { only: { step, inputs } }, variables, resident }
  const start = Object.values(variables).map((variable) => tf.clone(variable as Tensor))
  const trial = (steps: ReturnType<typeof compileSteps<'only'>>): Trial => {
    const outputs: Numbers[] = []
    for (let k = 0; k < times; k++) {
      const tensors = steps.run('only', inputs)
      outputs.push(numbers(tensors))
      tf.dispose(tensors)
    }
    steps.read()
    const result = { outputs, variables: numbers(variables) }
    steps.dispose()
    return result
  }
  const compiled = trial(compileSteps(sources))
  Object.values(variables).forEach((variable, k) => {
    const value = start[k]
    if (value !== undefined) variable.assign(value)
  })
  const eager = trial(eagerSteps(sources))
  tf.dispose(start)
  return { compiled, eager }
}
