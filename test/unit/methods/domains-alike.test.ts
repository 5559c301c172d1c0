/**
 * The encoders of both domains run in the same mode when they produce D's inputs, so that D can separate them by
 * domain only.
 */
import { describe, expect, test } from 'vitest'
import { encoders } from '../../../src/contract/experiment'
import { methodNamed } from '../../../src/methods/registry'
import { architecturesOf } from '../../../src/models/architectures'
import { disposeVariables } from '../../../src/models/network'
import { hasTwoModes } from '../../../src/networks/properties'
import { adaptationNumbers, adaptationStage } from '../../../src/training/adaptation'
import { featuresOf } from '../../../src/training/evaluate'
import { createNetworks, startAdaptation } from '../../../src/training/networks'
import { disposeDomain, residentDomain } from '../../../src/training/resident'
import { prepareSteps } from '../../../src/training/steps'
import { loadTensorFlow } from '../../../src/workers/native'
import { modelOf } from '../../fixtures/model'
import { firstOf, zerosAndOnes } from '../training/support'
import { experimentOf, textOf } from './stage'

await loadTensorFlow(1)

const count = 50
const two = [0, 1].map((shift) => Int32Array.from({ length: 20 }, (_, i) => 2 * i + shift))

/** D's losses when source and target are the same images and MT equals MS and does not change. */
function lossesOfD(method: string, encoder: (typeof encoders)[number]): number[] {
  const { parameters } = methodNamed(method).declaration
  const experiment = experimentOf(
    method,
    {
      learningRate: 1e-9,
      optimiser: { kind: 'adam' },
      parameters: {
        discriminatorLearningRate: 1e-3,
        // Without an activation, D is linear and does not notice the effect of dropout.
        ...('discriminatorActivation' in parameters ? { discriminatorActivation: 'relu' } : {}),
      },
    },
    encoder,
  )
  const networks = createNetworks(experiment)
  startAdaptation(networks)
  const { MS, adaptation, ofSource, ofAdaptation } = networks
  if (adaptation === null) throw new Error(`${method} adapts`)
  const domain = residentDomain(firstOf(zerosAndOnes, 40))
  const data = { source: domain, target: domain, sourceFeatures: featuresOf(MS, domain.images), shots: null }
  const numbersOf = (step: number) => {
    const [even, odd] = two as [Int32Array, Int32Array]
    const pair = step % 2 === 0 ? { source: even, target: odd } : { source: odd, target: even }
    return adaptationNumbers(experiment, adaptation, null, pair, 1, step, count)
  }
  const stage = adaptationStage(networks, adaptation, methodNamed(method).declaration, experiment, data)
  const steps = prepareSteps(stage, [numbersOf(0)], 'compiled')
  const before = textOf(MS)
  const losses = Array.from({ length: count }, (_, step) => steps.run(numbersOf(step))['D'] ?? NaN)
  steps.read()
  expect(textOf(MS)).toBe(before)
  steps.dispose()
  disposeDomain(domain)
  data.sourceFeatures.dispose()
  for (const { variables } of [...ofSource, ...ofAdaptation]) disposeVariables(variables)
  return losses
}

describe.each(['adda', 'adversarial-consistency'])('D of %s', (method) => {
  test.each(['lenet-bn', 'lenet-mlp'] as const)(
    'on %s does not tell a domain from itself, and MS stays as it is',
    (encoder) => {
      const last = lossesOfD(method, encoder).slice(-10)
      expect(last.reduce((sum, loss) => sum + loss, 0) / last.length).toBeGreaterThan(0.5)
    },
  )
})

test('encoders say whether they have a mode of learning that differs from their use', () => {
  const modes = encoders.map((encoder) => {
    const { encoder: own } = architecturesOf(modelOf(encoder), 2)
    return hasTwoModes(own)
  })
  expect(modes).toEqual([false, true, true, true, true])
})
