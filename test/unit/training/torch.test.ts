/** Fifty steps of each stage, with either engine, follow PyTorch's losses (test/fixtures/torch) within 1e-3. */
import { describe, expect, test } from 'vitest'
import { methodNamed } from '../../../src/methods/registry'
import { disposeVariables, copyWeights } from '../../../src/models/network'
import { adaptationStage } from '../../../src/training/adaptation'
import { featuresOf } from '../../../src/training/evaluate'
import { createNetworks } from '../../../src/training/networks'
import { residentDomain } from '../../../src/training/resident'
import { sourceStage } from '../../../src/training/source-stage'
import { prepareSteps, type EngineKind, type Stage, type StepNumbers } from '../../../src/training/steps'
import { loadTensorFlow } from '../../../src/workers/native'
import { batchAt, batchSize, digits, expected, fill } from '../../fixtures/torch/formula'
import { isLong } from '../../long'
import { experimentWith } from './support'

await loadTensorFlow(1)

const adam = { kind: 'adam', beta1: 0.5, beta2: 0.99 } as const
const steps = 50
/** The images that make.py reads. */
const model = { side: 28 }
const lastTargetBatch = 30

/** Losses of each step, by name. */
function follow(stage: Stage, numbers: readonly StepNumbers[], engine: EngineKind): Record<string, number[]> {
  const running = prepareSteps(stage, numbers, engine)
  expect(running.obstacle).toBeNull()
  const losses = numbers.map((one) => running.run(one))
  running.dispose()
  return Object.fromEntries(stage.losses.map((name) => [name, losses.map((one) => one[name] ?? NaN)]))
}

function expectToFollow(found: readonly number[] | undefined, wanted: readonly number[]): void {
  expect(found).toHaveLength(wanted.length)
  const furthest = Math.max(...wanted.map((loss, step) => Math.abs((found?.[step] ?? NaN) - loss)))
  expect(furthest).toBeLessThan(1e-3)
}

const constant = { rateFactor: 1, draw: () => ({}) }

/** Training is compiled; test/unit/methods compares the eager steps with compiled ones. */
const engines = isLong ? (['compiled', 'eager'] as const) : (['compiled'] as const)

describe.each(engines)('%s', (engine) => {
  test.each([
    ['published', {}],
    ['adam', { learningRate: 1e-4, optimiser: adam }],
  ] as const)('source stage, %s', (kind, settings) => {
    const experiment = experimentWith({ model, sourceStage: settings })
    const networks = createNetworks(experiment)
    fill(networks.MS, 1)
    fill(networks.C, 11)
    const numbers = Array.from({ length: steps }, (_, step) => ({
      shown: { source: batchAt(step) },
      weights: {},
      ...constant,
    }))
    const source = residentDomain(digits(0, 1))
    const losses = follow(sourceStage(networks, experiment, source), numbers, engine)
    expectToFollow(losses.source, expected.sourceStage[kind])
    for (const { variables } of [...networks.ofSource, ...networks.ofAdaptation]) disposeVariables(variables)
  })

  test.each([
    ['published', {}],
    [
      'quick',
      {
        learningRate: 0.01,
        parameters: { discriminatorLearningRate: 0.01, discriminatorActivation: 'relu' },
      },
    ],
    [
      'adam',
      {
        learningRate: 1e-4,
        optimiser: adam,
        parameters: { discriminatorLearningRate: 1e-4, discriminatorActivation: 'relu' },
      },
    ],
  ] as const)('adaptation, %s; the last pair is unequal', (kind, settings) => {
    const experiment = experimentWith({ model, adaptation: settings })
    const networks = createNetworks(experiment)
    const { MS, MT, adaptation, ofAdaptation } = networks
    const D = ofAdaptation.find(({ id }) => id === 'discriminator')
    if (adaptation === null || D === undefined) throw new Error('ADDA adapts, with a discriminator')
    fill(MS, 1)
    fill(D, 31)
    copyWeights(MS, MT)
    const source = residentDomain(digits(0, 1))
    const target = residentDomain(digits(2, 3))
    const data = { source, target, sourceFeatures: featuresOf(MS, source.images), shots: null }
    const numbers = Array.from({ length: steps }, (_, step) => ({
      shown: {
        source: batchAt(step),
        target: batchAt(step, step === steps - 1 ? lastTargetBatch : batchSize),
      },
      weights: adaptation.weights(0),
      ...constant,
    }))
    const { declaration } = methodNamed('adda')
    const stage = adaptationStage(networks, adaptation, declaration, experiment, data)
    const losses = follow(stage, numbers, engine)
    expectToFollow(losses.D, expected.adaptation[kind].D)
    expectToFollow(losses.MT, expected.adaptation[kind].MT)
    for (const { variables } of [...networks.ofSource, ...ofAdaptation]) disposeVariables(variables)
  })
})
