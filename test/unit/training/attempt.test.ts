/** Accept or restart: both scores count, the limits belong to the accepted side, and no label takes part. */
import { expect, test } from 'vitest'
import { restartsSchema } from '../../../src/contract/experiment'
import { createTraining } from '../../../src/training/training'
import { isAccepted, seedOfAttempt, verdictOn } from '../../../src/training/attempt'
import { loadTensorFlow } from '../../../src/workers/native'
import { eventsOf, experimentWith, images } from './support'

await loadTensorFlow(1)
const restarts = restartsSchema.parse({})
const good = { mutualInformation: 0.66, agreement: 0.98 }

test('for two classes: 0.655 nat and 0.975', () => {
  expect(isAccepted({ mutualInformation: 0.6551, agreement: 0.975 }, 2, restarts)).toBe(true)
  expect(isAccepted({ ...good, mutualInformation: 0.6549 }, 2, restarts)).toBe(false)
  expect(isAccepted({ ...good, agreement: 0.9749 }, 2, restarts)).toBe(false)
})

test('a collapse, which agrees with itself, is refused', () => {
  expect(isAccepted({ mutualInformation: 0, agreement: 1 }, 2, restarts)).toBe(false)
})

test('with more classes more information is asked for', () => {
  expect(isAccepted(good, 10, restarts)).toBe(false)
  expect(isAccepted({ ...good, mutualInformation: 0.95 * Math.log(10) }, 10, restarts)).toBe(true)
})

test('as many restarts as are allowed', () => {
  const bad = {
    entropy: 0,
    diversity: 0,
    mutualInformation: 0,
    agreement: 1,
    discriminatorConfusion: null,
    sourceKept: 0.5,
    density: 0,
  }
  const verdicts = [1, 2, 3, 4].map((attempt) => verdictOn(bad, 2, restarts, attempt))
  expect(verdicts).toEqual(['restarted', 'restarted', 'restarted', 'kept'])
  expect(verdictOn({ ...bad, ...good }, 2, restarts, 4)).toBe('accepted')
})

test('seeds: the first is the own one, the others differ and are always the same', () => {
  const seeds = [1, 2, 3, 4].map((attempt) => seedOfAttempt(5, attempt))
  expect(seeds[0]).toBe(5)
  expect(new Set(seeds).size).toBe(4)
  expect(seedOfAttempt(5, 3)).toBe(seeds[2])
})

test('other labels of the target change accuracies and none of what decides', async () => {
  const honest = images(40, 40)
  const turned = (labels: Int32Array) => labels.map((label) => 1 - label)
  const poisoned = {
    ...honest,
    target: { ...honest.target, labels: turned(honest.target.labels) },
    unseenTarget: honest.unseenTarget && {
      ...honest.unseenTarget,
      labels: turned(honest.unseenTarget.labels),
    },
  }
  const experiment = experimentWith({
    sourceStage: { batch: 10 },
    adaptation: { epochs: 1, batch: 10, learningRate: 1e-3 },
  })
  const measured = async (given: typeof honest) => {
    const training = createTraining(experiment, given, { engine: 'eager' })
    const events = await eventsOf(training)
    training.dispose()
    return events.flatMap((event) => (event.type === 'round' ? [event.event.measures] : []))
  }
  const [a, b] = [await measured(honest), await measured(poisoned)]
  expect(b.map(({ labelFree }) => labelFree)).toEqual(a.map(({ labelFree }) => labelFree))
  expect(b.map(({ target }) => target.accuracy)).not.toEqual(a.map(({ target }) => target.accuracy))
}, 60_000)
