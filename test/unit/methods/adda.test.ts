/** ADDA as published: the inputs of each loss, and the networks that each update may change. */
import { expect, test } from 'vitest'
import { adda } from '../../../src/methods/adda'
import { disposeVariables, valuesOf, type Network } from '../../../src/models/network'
import { adaptationStage } from '../../../src/training/adaptation'
import { featuresOf } from '../../../src/training/evaluate'
import { createNetworks } from '../../../src/training/networks'
import { disposeDomain, residentDomain } from '../../../src/training/resident'
import { prepareSteps } from '../../../src/training/steps'
import { loadTensorFlow } from '../../../src/workers/native'
import { experimentWith, firstOf, twosAndThrees, zerosAndOnes } from '../training/support'

await loadTensorFlow(1)

const slow = 1e-9
const numbers = { shown: { source: Int32Array.of(0, 1, 2), target: Int32Array.of(3, 4) }, rateFactor: 1 }

interface Rates {
  readonly ofD: number
  readonly ofMT: number
  readonly adversarialWeight?: number
}

function textOf({ variables }: Network): string {
  return valuesOf(variables)
    .map(({ data }) => Buffer.from(data.slice().buffer).toString('base64'))
    .join()
}

/** Two steps from the same initial state: their losses, and the networks after the first. */
function twoSteps({ ofD, ofMT, adversarialWeight = 1 }: Rates) {
  const experiment = experimentWith({
    adaptation: {
      learningRate: ofMT,
      parameters: { discriminatorLearningRate: ofD, discriminatorActivation: 'relu', adversarialWeight },
    },
  })
  const networks = createNetworks(experiment)
  const { MS, MT, adaptation, ofSource, ofAdaptation } = networks
  const D = ofAdaptation.find(({ id }) => id === 'discriminator')
  if (adaptation === null || D === undefined) throw new Error('ADDA adapts, with a discriminator')
  const source = residentDomain(firstOf(zerosAndOnes, 6))
  const target = residentDomain(firstOf(twosAndThrees, 6))
  const data = { source, target, sourceFeatures: featuresOf(MS, source.images), shots: null }
  const given = { ...numbers, weights: adaptation.weights(0), draw: () => ({}) }
  const running = prepareSteps(
    adaptationStage(networks, adaptation, adda.declaration, experiment, data),
    [given],
    'eager',
  )
  const start = { MT: textOf(MT), D: textOf(D) }
  const first = running.run(given)
  const after = { MT: textOf(MT), D: textOf(D) }
  const second = running.run(given)
  running.dispose()
  disposeDomain(source)
  disposeDomain(target)
  data.sourceFeatures.dispose()
  for (const { variables } of [...ofSource, ...ofAdaptation]) disposeVariables(variables)
  return { start, first, after, second }
}

test("D's loss comes before any update; MT's is through the D just updated", () => {
  const still = twoSteps({ ofD: slow, ofMT: slow })
  const moved = twoSteps({ ofD: 1, ofMT: slow })
  expect(moved.first.D).toBe(still.first.D)
  expect(Math.abs((moved.first.MT ?? NaN) - (still.first.MT ?? NaN))).toBeGreaterThan(1e-3)
})

test("MT's loss is computed before MT's update", () => {
  const still = twoSteps({ ofD: slow, ofMT: slow })
  const moved = twoSteps({ ofD: slow, ofMT: 0.1 })
  expect(moved.first.MT).toBe(still.first.MT)
  expect(moved.second.MT).not.toBe(still.second.MT)
})

test("D does not learn from MT's loss, nor MT from D's", () => {
  const both = twoSteps({ ofD: 0.1, ofMT: 0.1 })
  const unopposed = twoSteps({ ofD: 0.1, ofMT: 0.1, adversarialWeight: 0 })
  expect(unopposed.after.D).toBe(both.after.D)
  expect(unopposed.after.MT).toBe(unopposed.start.MT)
  expect(both.after.MT).not.toBe(both.start.MT)
})

test('it goes the right way: D lowers its loss, and MT, with D all but still, its own', () => {
  const police = twoSteps({ ofD: 0.1, ofMT: slow })
  expect(police.second.D).toBeLessThan(police.first.D ?? NaN)
  const forger = twoSteps({ ofD: slow, ofMT: 0.01 })
  expect(forger.second.MT).toBeLessThan(forger.first.MT ?? NaN)
})
