/**
 * Accepting or restarting an attempt: both scores count, a score equal to its limit is accepted, and labels have no
 * influence.
 */
import { readdirSync, readFileSync } from 'fs'
import { join } from 'path'
import { expect, test } from 'vitest'
import { restartsSchema } from '../../../src/contract/experiment'
import type { Attempt } from '../../../src/contract/record'
import { errorAt } from '../../../src/statistics/fano'
import { createTraining } from '../../../src/training/training'
import { isAccepted } from '../../../src/statistics/acceptance'
import { seedOfAttempt, verdictOn } from '../../../src/training/attempt'
import { loadTensorFlow } from '../../../src/workers/native'
import { eventsOf, experimentWith, images } from './support'

await loadTensorFlow(1)
const restarts = restartsSchema.parse({})
const fixed = restartsSchema.parse({ leastInformation: 0.945 })

/** Scores for K classes: entropy of the predictions, ln K minus diversity, and agreement. */
const scoresOf = (classes: number, entropy: number, lack: number, agreement: number) => {
  const diversity = Math.log(classes) - lack
  return { entropy, diversity, mutualInformation: diversity - entropy, agreement }
}
const good = scoresOf(2, 0.016, 0, 0.99)

test('an error and the uncertainty that goes with it, for any number of classes', () => {
  for (const classes of [2, 3, 10, 1000]) {
    expect(errorAt(0, classes)).toBeCloseTo(0, 12)
    expect(errorAt(Math.log(classes), classes)).toBeCloseTo((classes - 1) / classes, 6)
  }
  // h(0.1) = 0.325083; ln 9 = 2.197225.
  expect(errorAt(0.325083, 2)).toBeCloseTo(0.1, 5)
  expect(errorAt(0.325083 + 0.1 * 2.197225, 10)).toBeCloseTo(0.1, 5)
  expect(errorAt(0.1, 1)).toBe(0)
})

test('what views change and what entropy leaves open count together', () => {
  // h(0.01) = 0.0560 nat
  expect(isAccepted(scoresOf(2, 0.0559, 0, 0.9851), 2, restarts)).toBe(true)
  expect(isAccepted(scoresOf(2, 0.0561, 0, 0.9849), 2, restarts)).toBe(false)
  expect(isAccepted(scoresOf(10, 0.0559 + 0.01 * Math.log(9), 0, 0.9851), 10, restarts)).toBe(true)
  expect(isAccepted(scoresOf(10, 0.0561 + 0.01 * Math.log(9), 0, 0.9849), 10, restarts)).toBe(false)
})

test.each([2, 3, 10, 31])(
  'of %i classes, two that became one are refused; uneven ones are not',
  (classes) => {
    const merged = (2 / classes) * Math.LN2
    expect(isAccepted(scoresOf(classes, 0, merged, 1), classes, restarts)).toBe(false)
    expect(isAccepted(scoresOf(classes, 0, 0.49 * merged, 1), classes, restarts)).toBe(true)
    expect(isAccepted(scoresOf(classes, 0, Math.log(classes), 1), classes, restarts)).toBe(false)
  },
)

test('a fixed information: for two classes 0.655 nat and 0.975', () => {
  expect(isAccepted({ ...good, mutualInformation: 0.6551, agreement: 0.975 }, 2, fixed)).toBe(true)
  expect(isAccepted({ ...good, mutualInformation: 0.6549 }, 2, fixed)).toBe(false)
  expect(isAccepted({ ...good, agreement: 0.9749 }, 2, fixed)).toBe(false)
  expect(isAccepted(good, 10, fixed)).toBe(false)
})

/** Attempts in docs/results that were judged by the earlier thresholds: those of `adversarial-consistency`. */
const results = join(import.meta.dirname, '../../../docs/results')
interface Recorded {
  readonly task: string
  readonly preset: string
  readonly attempts?: readonly Pick<Attempt, 'mutualInformation' | 'agreement' | 'verdict'>[]
}
const recorded = readdirSync(results)
  .map((file) => JSON.parse(readFileSync(join(results, file), 'utf8')) as Recorded)
  .filter(({ preset }) => preset === 'adversarial-consistency')
  .flatMap(({ task, attempts = [] }) => attempts.map((attempt) => ({ task, ...attempt })))

test('recorded attempts are decided as they were, but for two pairs on which all that was refused had succeeded', () => {
  // Their entropy is not recorded; it is at most ln K minus information, and diversity is at least information.
  const now = ({ mutualInformation, agreement }: (typeof recorded)[number]) => {
    const entropy = Math.LN2 - mutualInformation
    return isAccepted({ entropy, diversity: mutualInformation, mutualInformation, agreement }, 2, restarts)
  }
  const before = (one: (typeof recorded)[number]) => isAccepted({ ...good, ...one }, 2, fixed)
  const changed = recorded.filter((one) => now(one) !== before(one))
  expect(recorded.filter((one) => !before(one)).length).toBe(changed.length)
  expect(recorded.length - changed.length).toBe(19)
  expect(new Set(changed.map(({ task }) => task))).toEqual(new Set(['digits-38-46', 'digits-49-71']))
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
    unseenTarget: {
      ...honest.unseenTarget,
      labels: turned(honest.unseenTarget.labels),
    },
  }
  const judgedSource = { samples: honest.source, on: 'training' } as const
  const experiment = experimentWith({
    sourceStage: { batch: 10 },
    adaptation: { epochs: 1, batch: 10, learningRate: 1e-3 },
  })
  const measured = async (given: typeof honest) => {
    const training = createTraining(experiment, { ...given, judgedSource }, { engine: 'eager' })
    const events = await eventsOf(training)
    training.dispose()
    return events.flatMap((event) => (event.type === 'round' ? [event.event.measures] : []))
  }
  const [a, b] = [await measured(honest), await measured(poisoned)]
  expect(b.map(({ labelFree }) => labelFree)).toEqual(a.map(({ labelFree }) => labelFree))
  expect(a.every(({ estimate }) => estimate !== undefined)).toBe(true)
  expect(b.map(({ estimate }) => estimate)).toEqual(a.map(({ estimate }) => estimate))
  expect(b.map(({ target }) => target?.accuracy)).not.toEqual(a.map(({ target }) => target?.accuracy))
}, 60_000)
