/** `bench` trains each method with the image size of its own preset. */
import { expect, test } from 'vitest'
import { methods } from '../../../src/methods/registry'
import { publishedExperiment, stageExperiment } from '../../../src/workers/bench-experiments'
import { timeSteps } from '../../../src/workers/bench-steps'
import { loadTensorFlow } from '../../../src/workers/native'

await loadTensorFlow(2)

const requestOf = (method: string) =>
  ({ task: 'steps', stage: { method }, batch: 2, steps: 10, threads: 2, engine: 'eager' }) as const

const published = await publishedExperiment()
const learning = methods.filter(({ declaration }) => declaration.losses.length > 0)
const experiments = await Promise.all(
  learning.map(async ({ declaration: { id } }) => [id, await stageExperiment(requestOf(id))] as const),
)
const others = experiments.filter(
  ([, { model }]) => JSON.stringify(model) !== JSON.stringify(published.model),
)

test('some presets have another model than the published recipe, colour among them', () => {
  expect(others.some(([, { model }]) => model.channels === 3)).toBe(true)
})

test.each(others)('%s takes its steps', async (method) => {
  const { figures } = await timeSteps(requestOf(method))
  expect(figures.perSecond).toBeGreaterThan(0)
})
