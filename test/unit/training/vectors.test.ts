/** Vectors through the encoder `mlp`: every method that needs no views, on both engines, and what is measured. */
import { describe, expect, test, vi } from 'vitest'
import { methods } from '../../../src/methods/registry'
import { createTraining, type EngineKind } from '../../../src/training/training'
import { loadTensorFlow } from '../../../src/workers/native'
import { modelOf } from '../../fixtures/model'
import { vectorsBy } from '../../fixtures/vectors'
import { settingsOf } from '../methods/stage'
import { at, eventsOf, experimentWith, fingerprint, resumedAt } from './support'

await loadTensorFlow(1)
vi.setConfig({ testTimeout: 180_000 })

const few = vectorsBy(40, { source: 24, target: 20, unseenTarget: 10 })
const declarations = methods.map(({ declaration }) => declaration)
const withoutViews = declarations.filter(({ needsViews }) => needsViews !== true).map(({ id }) => id)

function experimentOf(method: string, { shots = 2, ...model }: { shots?: number; hidden?: number[] } = {}) {
  return experimentWith({
    sourceStage: { batch: 10 },
    adaptation: { ...settingsOf(method), epochs: 1, batch: 10, shots },
    model: modelOf('mlp', model),
  })
}

async function trained(method: string, engine: EngineKind) {
  const training = createTraining(experimentOf(method), few, { engine })
  const events = await eventsOf(training)
  const weights = training.checkpoint().map(({ name, data }) => ({ name, data: data.slice() }))
  const obstacle = training.obstacle()
  training.dispose()
  return { events, weights, obstacle }
}

describe.each(withoutViews)('%s on vectors', (method) => {
  test('compiled and eager steps give the same weights, but for rounding', async () => {
    const [compiled, eager] = [await trained(method, 'compiled'), await trained(method, 'eager')]
    expect(compiled.obstacle).toBeNull()
    eager.weights.forEach(({ name, data }, index) => {
      const found = compiled.weights[index]?.data ?? []
      const distance = data.reduce((most, value, k) => Math.max(most, Math.abs(value - (found[k] ?? NaN))), 0)
      expect(distance, name).toBeLessThanOrEqual(1e-5)
    })
    const rounds = eager.events.flatMap((event) => (event.type === 'round' ? [event.event] : []))
    for (const { measures } of rounds) {
      expect(measures.labelFree?.agreement).toBeNull()
      expect(measures.labelFree?.mutualInformation).toBeGreaterThanOrEqual(0)
      expect(measures.unseenTarget?.count).toBe(10)
    }
  })
})

test('the other methods are refused by name', () => {
  const others = declarations.filter(({ needsViews }) => needsViews === true).map(({ id }) => id)
  expect(others).toEqual(['mean-teacher', 'adversarial-consistency', 'teacher-consistency', 'no-source'])
  for (const method of others)
    expect(() => createTraining(experimentOf(method), few)).toThrow(
      expect.objectContaining({ code: 'method-needs-views', params: { method } }),
    )
})

test('stopped and resumed, MCC on vectors ends as one never stopped', async () => {
  const start = () => createTraining(experimentOf('mcc'), few, { engine: 'eager' })
  const whole = start()
  await eventsOf(whole)
  const end = fingerprint(whole.checkpoint())
  whole.dispose()
  const { reached } = await resumedAt(start, [at('source', 0, 2), at('adaptation', 1, 1)])
  expect(reached).toBe(end)
})

test('MCC learns clusters that are shifted and wider in the target', async () => {
  const many = vectorsBy(40, { source: 400, target: 400, unseenTarget: 200 })
  const experiment = experimentWith({
    sourceStage: { epochs: 5, batch: 40 },
    adaptation: { method: 'mcc', epochs: 5, batch: 40, learningRate: 0.01 },
    model: modelOf('mlp'),
  })
  const training = createTraining(experiment, many)
  const events = await eventsOf(training)
  training.dispose()
  const last = events.flatMap((event) => (event.type === 'round' ? [event.event] : [])).pop()
  expect(last?.measures.unseenTarget?.accuracy).toBeGreaterThan(0.9)
})
