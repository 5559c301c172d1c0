/** Requirements on every method. */
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { applySettings, readExperiment } from '../../../src/contract/check'
import type { Experiment } from '../../../src/contract/experiment'
import { suggestedSettings } from '../../../src/contract/method'
import { bibtex, citation } from '../../../src/contract/reference'
import { schemaOfAll } from '../../../src/contract/parameter'
import { valueAt } from '../../../src/contract/schema'
import { methodNamed, methods } from '../../../src/methods/registry'
import { sourceOnly } from '../../../src/methods/source-only'
import { valuesOf } from '../../../src/models/network'
import { createNetworks } from '../../../src/training/networks'
import type { EngineKind } from '../../../src/training/steps'
import { loadTensorFlow } from '../../../src/workers/native'
import { isLong } from '../../long'
import { experimentOf, runningStage, textOf, type Running } from './stage'

await loadTensorFlow(1)

const sizes = { source: 4, target: 3 }

/** Eager steps are slow; `npm run long` compares 100. */
const stepsCompared = isLong ? 100 : 4

test('ids are unique', () => {
  const ids = methods.map(({ declaration }) => declaration.id)
  expect(new Set(ids).size).toBe(ids.length)
})

test('an unknown one is refused, with the nearest', () => {
  expect(() => methodNamed('ada')).toThrow(
    expect.objectContaining({ code: 'unknown-method', params: { name: 'ada', nearest: 'adda' } }) as Error,
  )
})

describe.each(methods.map((method) => [method.declaration.id, method] as const))('%s', (id, method) => {
  const { declaration } = method

  test('its initial values are within its own bounds, and usual ones too', () => {
    expect(() => schemaOfAll(declaration.parameters).parse({})).not.toThrow()
    for (const parameter of Object.values(declaration.parameters)) {
      if (parameter.kind !== 'number' && parameter.kind !== 'integer') continue
      for (const value of parameter.usual ?? [])
        expect(() => schemaOfAll({ parameter }).parse({ parameter: value })).not.toThrow()
    }
  })

  test('its declaration survives as JSON, which is how other rooms get it', () => {
    expect(JSON.parse(JSON.stringify(declaration))).toEqual(declaration)
  })

  test('the settings that it suggests are those of an experiment that can run', () => {
    const settings = suggestedSettings(declaration)
    const experiment = applySettings(
      experimentOf('source-only'),
      [['adaptation.method', id], ...settings],
      [declaration, sourceOnly.declaration],
    )
    const read = readExperiment(experiment, [declaration])
    for (const [name, value] of settings) expect(valueAt(read, name.split('.'))).toBe(value)
  })

  test('its references can be cited', () => {
    for (const reference of declaration.references) {
      expect(citation(reference)).toContain(reference.title)
      expect(bibtex(reference)).toMatch(/^@(inproceedings|article)\{\w+,\n( {2}\w+ = \{.+\},\n){4,8}\}$/)
    }
  })

  test('a parameter that it does not declare, or one out of range, is refused', () => {
    if (method.adapt === null) return
    expect(() => createNetworks(experimentOf(id, { parameters: { x: 1 } }))).toThrow()
  })

  test('a step gives the declared losses, moves every learner and leaves the source networks alone', () => {
    const tensors = tf.memory().numTensors
    const running = runningStage(experimentOf(id, { learningRate: 0.1 }), 'eager', 12, sizes)
    if (running === null) expect(declaration.losses).toEqual([])
    else {
      expectStep(running)
      running.dispose()
    }
    expect(tf.memory().numTensors).toBe(tensors)
  })

  function expectStep({ networks, adaptation, steps, numbersOf }: Running): void {
    const { ofSource, ofAdaptation, MT } = networks
    const texts = () => new Map([...ofSource, ...ofAdaptation].map((one) => [one.id, textOf(one)]))
    const before = texts()
    const losses = steps.run(numbersOf(50))
    const changed = new Set(
      [...texts()].filter(([name, text]) => before.get(name) !== text).map(([name]) => name),
    )
    expect(Object.keys(losses)).toEqual(declaration.losses)
    for (const loss of Object.values(losses)) expect(loss).toBeGreaterThan(0)
    for (const { network } of adaptation.learners) expect(changed).toContain(network.id)
    expect(changed).toContain(MT.id)
    for (const { id: frozen } of ofSource) expect(changed).not.toContain(frozen)
    const declared = declaration.networks.map(({ id }) => id)
    for (const { id: added } of adaptation.networks) expect(declared).toContain(added)
    expect(adaptation.discriminate !== null).toBe(declaration.discriminator)
    // A checkpoint is read by names only: target_..., or else the source's.
    const { encoder, classifier } = adaptation.target
    const ownClassifier = adaptation.networks.some(({ id: added }) => added === 'target_classifier')
    expect(encoder.id).toBe('target_encoder')
    expect(classifier.id).toBe(ownClassifier ? 'target_classifier' : 'classifier')
  }

  test(`${stepsCompared} compiled steps give the losses and the weights of as many eager ones`, () => {
    expectSameOnEitherEngine(experimentOf(id), stepsCompared)
  })

  test.each(isLong ? (['lenet-bn', 'lenet-mlp'] as const) : (['lenet-bn'] as const))(
    'on batch normalisation and dropout of %s, with labelled target images and views of the source, too',
    (encoder) => {
      const experiment = experimentOf(id, { shots: 2 }, encoder)
      const { sourceStage, adaptation } = experiment
      expectSameOnEitherEngine({ ...experiment, sourceStage: { ...sourceStage, views: adaptation.views } }, 3)
    },
  )
})

/**
 * Tolerance relative to the loss, or to 1 if the loss is smaller. Two losses are differences of nearly equal numbers
 * (MMD's kernel means and MCD's two classifiers) and keep the rounding errors of these numbers.
 */
const lossTolerance: Readonly<Record<string, number>> = { dan: 5e-6, mcd: 5e-6 }

/** The losses of each of `count` steps, and all networks afterwards. Null for a method that does not learn. */
function trialOf(experiment: Experiment, engine: EngineKind, count: number) {
  const running = runningStage(experiment, engine, 60, { source: 4, target: 4 })
  if (running === null) return null
  const { steps, networks, numbersOf } = running
  expect(steps.obstacle).toBeNull()
  const losses = Array.from({ length: count }, (_, step) => steps.run(numbersOf(step)))
  steps.read()
  const weights = valuesOf(networks.ofAdaptation.flatMap(({ variables }) => variables))
  running.dispose()
  return { losses, weights }
}

function expectSameOnEitherEngine(experiment: Experiment, count: number): void {
  const eager = trialOf(experiment, 'eager', count)
  const compiled = trialOf(experiment, 'compiled', count)
  const tolerance = lossTolerance[experiment.adaptation.method] ?? 1e-6
  eager?.losses.forEach((terms, step) => {
    for (const [name, loss] of Object.entries(terms))
      expect(
        Math.abs((compiled?.losses[step]?.[name] ?? NaN) - loss),
        `${name} of step ${step}`,
      ).toBeLessThanOrEqual(tolerance * Math.max(1, Math.abs(loss)))
  })
  eager?.weights.forEach(({ name, data }, index) => {
    const found = compiled?.weights[index]?.data ?? []
    const distance = data.reduce((most, value, k) => Math.max(most, Math.abs(value - (found[k] ?? NaN))), 0)
    expect(distance, name).toBeLessThanOrEqual(1e-5)
  })
}
