/** What every method must keep to, whichever it is. */
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test } from 'vitest'
import { schemaOfAll } from '../../../src/contract/parameter'
import { stream } from '../../../src/data/random'
import { methodNamed, methods } from '../../../src/methods/registry'
import { disposeVariables } from '../../../src/models/network'
import { adaptationStage } from '../../../src/training/adaptation'
import { featuresOf } from '../../../src/training/evaluate'
import { createNetworks } from '../../../src/training/networks'
import { disposeDomain, residentDomain } from '../../../src/training/resident'
import { prepareSteps } from '../../../src/training/steps'
import { loadTensorFlow } from '../../../src/workers/native'
import { digits } from '../../fixtures/torch/formula'
import { experimentWith, firstOf } from '../training/support'

await loadTensorFlow(2)

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

  test('its initial values are within its own bounds', () => {
    expect(() => schemaOfAll(declaration.parameters).parse({})).not.toThrow()
  })

  test('its declaration survives as JSON, which is how other rooms get it', () => {
    expect(JSON.parse(JSON.stringify(declaration))).toEqual(declaration)
  })

  test('a parameter that it does not declare, or one out of range, is refused', () => {
    if (method.adapt === null) return
    expect(() =>
      createNetworks(experimentWith({ adaptation: { method: id, parameters: { x: 1 } } })),
    ).toThrow()
  })

  test('a step gives the declared losses and changes the learners alone', () => {
    const tensors = tf.memory().numTensors
    const networks = createNetworks(experimentWith({ adaptation: { method: id, learningRate: 0.1 } }))
    const { MS, adaptation, ofSource, ofAdaptation } = networks
    const all = [...ofSource, ...ofAdaptation]
    if (adaptation === null) {
      expect(declaration.losses).toEqual([])
    } else {
      const source = residentDomain(firstOf(digits(0, 1), 12))
      const target = residentDomain(firstOf(digits(2, 3), 12))
      const data = { source, target, sourceFeatures: featuresOf(MS, source.images) }
      const stage = adaptationStage(networks, adaptation, declaration.losses, data)
      const numbers = {
        shown: { source: Int32Array.of(0, 3, 5, 7), target: Int32Array.of(1, 2, 9) },
        rateFactor: 1,
        weights: adaptation.weights(0),
        draw: () => adaptation.draws(stream(0, 'test'), { source: 4, target: 3 }),
      }
      const running = prepareSteps(stage, [numbers], 'eager')
      const before = valuesByNetwork(all)
      const losses = running.run(numbers)
      const learners = adaptation.learners.map(({ network }) => network.id)
      const changed = [...valuesByNetwork(all)].filter(([name, values]) => before.get(name) !== values)
      expect(Object.keys(losses)).toEqual(declaration.losses)
      for (const loss of Object.values(losses)) expect(loss).toBeGreaterThan(0)
      expect(changed.map(([name]) => name).sort()).toEqual([...learners].sort())
      expect(adaptation.discriminate !== null).toBe(declaration.discriminator)
      running.dispose()
      disposeDomain(source)
      disposeDomain(target)
      data.sourceFeatures.dispose()
    }
    for (const { variables } of all) disposeVariables(variables)
    expect(tf.memory().numTensors).toBe(tensors)
  })

  test('a hundred compiled steps give the losses of the eager ones', () => {
    const { adapt } = method
    if (adapt === null) return
    const losses = (['eager', 'compiled'] as const).map((engine) => {
      const networks = createNetworks(
        experimentWith({ adaptation: { method: id, learningRate: 1e-3, parameters: {} } }),
      )
      const { MS, adaptation, ofSource, ofAdaptation } = networks
      if (adaptation === null) throw new Error('a method that adapts has an adaptation')
      const source = residentDomain(firstOf(digits(0, 1), 200))
      const target = residentDomain(firstOf(digits(2, 3), 200))
      const data = { source, target, sourceFeatures: featuresOf(MS, source.images) }
      const numbers = Array.from({ length: 100 }, (_, step) => ({
        shown: {
          source: stream(0, 'source', step).permutation(200).subarray(0, 20),
          target: stream(0, 'target', step).permutation(200).subarray(0, 20),
        },
        rateFactor: 1,
        weights: adaptation.weights(step / 100),
        draw: () => adaptation.draws(stream(0, 'draws', step), { source: 20, target: 20 }),
      }))
      const running = prepareSteps(
        adaptationStage(networks, adaptation, declaration.losses, data),
        numbers,
        engine,
      )
      expect(running.obstacle).toBeNull()
      const found = numbers.map((one) => running.run(one))
      running.dispose()
      disposeDomain(source)
      disposeDomain(target)
      data.sourceFeatures.dispose()
      for (const { variables } of [...ofSource, ...ofAdaptation]) disposeVariables(variables)
      return found
    })
    const [eager, compiled] = losses
    eager?.forEach((terms, step) => {
      for (const [name, loss] of Object.entries(terms))
        expect(Math.abs((compiled?.[step]?.[name] ?? NaN) - loss)).toBeLessThanOrEqual(1e-6 * Math.abs(loss))
    })
  })
})

/** All values of a network as one string, to see whether any changed. */
function valuesByNetwork(
  networks: readonly { id: string; variables: readonly { variable: tf.Variable }[] }[],
) {
  return new Map(
    networks.map(({ id, variables }) => [
      id,
      variables
        .map(({ variable }) => Buffer.from(variable.dataSync().slice().buffer).toString('base64'))
        .join(),
    ]),
  )
}
