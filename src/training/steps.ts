/**
 * Prepares the steps of one stage: the stage's computation, its learners and their optimisers, on the requested
 * engine. Everything that changes from step to step is an input tensor.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { ErrorMessage } from '../contract/errors'
import { eagerSteps, fastestSteps, type Tensors } from '../graph/compiled-steps'
import type { Learner, StepTools } from '../methods/method'
import type { Random } from '../data/random'
import { seedsFrom } from '../models/dropout'
import { gradients, recorded } from '../models/gradients'
import type { NamedVariable, Network } from '../models/network'
import { createOptimiser, renew, type Optimiser } from '../models/optimisers'
import type { Samples } from './samples'

/** `compiled`: each step runs as one TensorFlow graph; `eager`: one operation at a time. */
export type EngineKind = 'compiled' | 'eager'

type Role = 'source' | 'target'

/** A domain's part of this step's batch. */
export interface Shown {
  /** Indices of the images, `[batch]`, int32. */
  (domain: Role): tf.Tensor1D
  /** What the stage's samples make the images of (`Samples.batch`). */
  (domain: Role, what: 'samples'): tf.Tensor
}

/** The tools available in both stages; adaptation adds `labelled`. */
export type StageTools = Omit<StepTools, 'labelled'>

export interface Stage {
  readonly networks: readonly Network[]
  readonly learners: readonly Learner[]
  /** The names of the losses, in order. */
  readonly losses: readonly string[]
  /** The samples of which the step's batches are, by domain. */
  readonly samples?: Readonly<Partial<Record<Role, Samples>>>
  /** Large tensors that never change, by name: images, labels, frozen features. */
  readonly resident: Tensors
  /** One step. */
  readonly step: (shown: Shown, tools: StageTools) => Readonly<Record<string, tf.Scalar>>
}

/** The inputs of one step. */
export interface StepNumbers {
  readonly shown: Readonly<Partial<Record<Role, Int32Array>>>
  /** Factor applied to every learner's learning rate. */
  readonly rateFactor: number
  readonly weights: Readonly<Record<string, number>>
  /** What the method computed before the round; it stays with its owner. */
  readonly ofRound?: Tensors
  readonly draw: () => Readonly<Record<string, tf.Tensor>>
}

export interface StageSteps {
  /** Runs one step and returns its losses. */
  run(numbers: StepNumbers): Record<string, number>
  /** The optimisers' state. A step changes only this and the networks. */
  readonly state: readonly NamedVariable[]
  renewOptimisers(): void
  /** Call this after changing variables from outside and before the next step. */
  write(): void
  /** Call this before reading variables from outside. */
  read(): void
  dispose(): void
  readonly engine: EngineKind
  /** Seconds taken by recording and loading; 0 for eager steps. */
  readonly seconds: number
  /** Why the steps run eagerly although compiled steps were requested; null otherwise. */
  readonly obstacle: ErrorMessage | null
}

interface Learning extends Learner {
  readonly rule: Optimiser
}

/** `examples` must include every batch size that will occur; their values do not matter. */
export function prepareSteps(stage: Stage, examples: readonly StepNumbers[], engine: EngineKind): StageSteps {
  const learnings = stage.learners.map((learner): Learning => ({
    ...learner,
    rule: createOptimiser(learner.optimiser, learner.network.learned),
  }))
  const state = learnings.flatMap(({ rule }) => rule.state)
  const variables = [...stage.networks.flatMap((network) => network.variables), ...state]
  const bySize = new Map(examples.map((example) => [sizeOf(example), example]))
  const sources = {
    steps: Object.fromEntries(
      [...bySize].map(([size, example]) => [
        size,
        {
          step: (inputs: Tensors) => runStage(stage, learnings, inputs),
          inputs: inputsOf(example, stage, learnings),
        },
      ]),
    ),
    variables: Object.fromEntries(variables.map(({ name, variable }) => [name, variable])),
    resident: stage.resident,
  }
  const steps = engine === 'compiled' ? fastestSteps(sources) : eagerSteps(sources)
  tf.dispose(Object.values(sources.steps).map(({ inputs }) => inputs))

  return {
    run: (numbers) =>
      tf.tidy(() => {
        const { losses } = steps.run(sizeOf(numbers), inputsOf(numbers, stage, learnings))
        const values = losses?.dataSync() ?? []
        return Object.fromEntries(stage.losses.map((name, index) => [name, values[index] ?? NaN]))
      }),
    state,
    renewOptimisers: () => learnings.forEach(({ rule }) => renew(rule)),
    write: steps.write,
    read: steps.read,
    dispose() {
      steps.dispose()
      for (const { variable } of state) variable.dispose()
    },
    engine: steps.engine,
    seconds: steps.seconds,
    obstacle: steps.obstacle,
  }
}

/** The seed for all dropout of one step, drawn from the step's random numbers: `[2]`, int32. */
export function drawSeed(random: Random): tf.Tensor1D {
  return tf.tensor1d([random.integer(2 ** 31), random.integer(2 ** 30)], 'int32')
}

/** Key of a compiled step: each combination of batch sizes has its own. */
function sizeOf({ shown }: StepNumbers): string {
  return Object.values(shown)
    .map(({ length }) => length)
    .join('x')
}

function inputsOf(
  { shown, rateFactor, weights, ofRound = {}, draw }: StepNumbers,
  { samples }: Stage,
  learnings: readonly Learning[],
): Record<string, tf.Tensor> {
  const inputs: Record<string, tf.Tensor> = {}
  for (const [domain, indices] of Object.entries(shown)) {
    inputs[`shown.${domain}`] = tf.tensor1d(indices, 'int32')
    const stored = samples?.[domain as Role]
    if (stored?.resident === null) inputs[`samples.${domain}`] = stored.input(indices)
  }
  for (const { network, learningRate } of learnings)
    inputs[`rate.${network.id}`] = tf.scalar(learningRate * rateFactor)
  for (const [term, weight] of Object.entries(weights)) inputs[`weight.${term}`] = tf.scalar(weight)
  for (const [name, tensor] of Object.entries(ofRound)) inputs[`round.${name}`] = tf.clone(tensor)
  for (const [name, tensor] of Object.entries(draw())) inputs[`drawn.${name}`] = tensor
  return inputs
}

/** The stage's step as a function of input tensors only; it returns the losses as one vector. */
function runStage(stage: Stage, learnings: readonly Learning[], inputs: Tensors) {
  const input = (name: string) => {
    const tensor = inputs[name]
    if (tensor === undefined) throw new Error(`a step without its input "${name}"`)
    return tensor
  }
  const seeds = seedsFrom(() => input('drawn.seed') as tf.Tensor1D)
  const tools: StageTools = {
    train: (network) => network.learning(seeds),
    trainFrozen: (network) => network.frozenLearning(seeds),
    learn: (loss, ...networks) =>
      learn(loss, learnings, networks, (network) => input(`rate.${network.id}`) as tf.Scalar),
    weight: (term) => input(`weight.${term}`) as tf.Scalar,
    drawn: (name) => input(`drawn.${name}`),
    ofRound: (name) => input(`round.${name}`),
  }
  /** The indices are also what batches of samples in memory are made of. */
  const shown = (domain: Role, what?: 'samples') => {
    const name = what === 'samples' && stage.samples?.[domain]?.resident === null ? 'samples' : 'shown'
    return input(`${name}.${domain}`) as tf.Tensor1D
  }
  const losses = recorded(() => {
    const terms = stage.step(shown, tools)
    return tf.stack(
      stage.losses.map((name) => {
        const term = terms[name]
        if (term === undefined) throw new Error(`a step without its loss "${name}"`)
        return term
      }),
    )
  })
  return { losses }
}

/** One update of each of `networks` down the gradient of `loss`. */
function learn(
  loss: tf.Scalar,
  learnings: readonly Learning[],
  networks: readonly Network[],
  rateOf: (network: Network) => tf.Scalar,
): void {
  const variables = networks.flatMap((network) => network.learned.map(({ variable }) => variable))
  const slopes = gradients(loss, variables)
  for (const network of networks) {
    const learning = learnings.find((one) => one.network === network)
    if (learning === undefined) throw new Error(`"${network.id}" is to learn but is no learner`)
    learning.rule.update(slopes, rateOf(network))
  }
}
