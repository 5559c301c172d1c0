/** Statistics against SciPy and NumPy (test/fixtures/statistics/make.py). */
import { expect, it } from 'vitest'
import type { LabelFree } from '../../../src/contract/record'
import { wilsonInterval } from '../../../src/statistics/interval'
import { mcnemar, pairedBootstrap, pooledBootstrap } from '../../../src/statistics/paired'
import { rankCorrelation, ranksOf } from '../../../src/statistics/rank'
import { signFlip } from '../../../src/statistics/sign-flip'
import { spreadOf } from '../../../src/statistics/spread'
import { validatorsOf } from '../../../src/statistics/validators'
import expected from '../../fixtures/statistics/expected.json'

it.each(expected.wilson)('the interval of $accuracy over $count images', ({ accuracy, count, low, high }) => {
  const interval = wilsonInterval(accuracy, count)
  expect(interval.low).toBeCloseTo(low, 10)
  expect(interval.high).toBeCloseTo(high, 10)
})

it.each(expected.paired)('McNemar and bootstrap: $onlyFirst against $onlySecond', (given) => {
  const test = mcnemar(given)
  expect([test.onlyFirst, test.onlySecond]).toEqual([given.onlyFirst, given.onlySecond])
  expect(test.p).toBeCloseTo(given.p, 10)

  const { difference, low, high } = pairedBootstrap(given)
  expect(difference).toBeCloseTo(given.difference, 10)
  // Two bootstraps differ by their draws, but by far less than a tenth of the interval's width.
  const width = given.high - given.low
  expect(Math.abs(low - given.low)).toBeLessThan(width / 10)
  expect(Math.abs(high - given.high)).toBeLessThan(width / 10)
})

it.each(expected.signed)('signs of $differences', ({ differences, p }) => {
  expect(signFlip(differences).p).toBeCloseTo(p, 12)
  expect(signFlip(differences.map((value) => -value)).p).toBeCloseTo(p, 12)
})

it('one seed shows nothing, and twenty are counted to the end', () => {
  expect(signFlip([0.3])).toEqual({ p: 1, minP: 1 })
  expect(signFlip([0, 0, 0])).toEqual({ p: 1, minP: 0.25 })
  const twenty = Array.from({ length: 20 }, (_, seed) => 0.01 + seed / 1000)
  expect(signFlip(twenty)).toEqual({ p: 2 / 2 ** 20, minP: 2 / 2 ** 20 })
})

it('several pairs on the same images are no more images', () => {
  const { pairs, difference, low, high } = expected.pooled
  const found = pooledBootstrap(pairs)
  expect(found.difference).toBeCloseTo(difference, 10)
  const width = high - low
  expect(Math.abs(found.low - low)).toBeLessThan(width / 10)
  expect(Math.abs(found.high - high)).toBeLessThan(width / 10)
  const [first] = pairs
  if (first === undefined) throw new Error('no pair')
  expect(pooledBootstrap([first, first, first])).toEqual(pairedBootstrap(first))
})

it('two networks that never differ differ by nothing', () => {
  const same = { first: [true, false, true], second: [true, false, true] }
  expect(mcnemar(same)).toEqual({ onlyFirst: 0, onlySecond: 0, p: 1 })
  expect(pairedBootstrap(same)).toEqual({ difference: 0, low: 0, high: 0 })
})

it('a thousand differences neither overflow nor vanish', () => {
  const first = Array.from({ length: 3000 }, (_, place) => place % 2 === 0)
  const second = first.map((right) => !right)
  expect(mcnemar({ first, second }).p).toBeCloseTo(1, 10)
})

it.each(expected.ranked)('ranks of $a', ({ a, b, ranks, correlation }) => {
  expect(ranksOf(a)).toEqual(ranks)
  expect(rankCorrelation(a, b)).toBeCloseTo(correlation, 10)
})

it('what does not vary has no order', () => {
  expect(rankCorrelation([1, 1, 1], [1, 2, 3])).toBeNull()
  expect(rankCorrelation([1], [1])).toBeNull()
})

it('the spread of seeds', () => {
  const { values, mean, deviation } = expected.spread
  const spread = spreadOf([...values, null])
  expect(spread?.mean).toBeCloseTo(mean, 12)
  expect(spread?.deviation).toBeCloseTo(deviation, 12)
  expect(spread).toMatchObject({ least: Math.min(...values), most: Math.max(...values) })
  expect(spreadOf([null])).toBeNull()
  expect(spreadOf([0.5])?.deviation).toBeNull()
})

it('a validator is judged by the order it gives, and by what its choice costs', () => {
  const scores = (entropy: number, mutualInformation: number): LabelFree => ({
    entropy,
    mutualInformation,
    diversity: 0.69,
    agreement: 1,
    discriminatorConfusion: null,
    sourceKept: 0.9,
    density: 5,
  })
  // The third one has collapsed: the lowest entropy, but no information.
  const found = validatorsOf([
    { accuracy: 0.6, labelFree: scores(0.3, 0.3) },
    { accuracy: 0.9, labelFree: scores(0.1, 0.6) },
    { accuracy: 0.5, labelFree: scores(0, 0) },
  ])
  const of = (score: string) => found.find((one) => one.score === score)
  expect(of('mutualInformation')).toEqual({
    score: 'mutualInformation',
    better: 'larger',
    correlation: 1,
    regret: 0,
    chosen: 1,
  })
  expect(of('entropy')).toMatchObject({ better: 'smaller', correlation: -0.5, chosen: 2 })
  expect(of('entropy')?.regret).toBeCloseTo(0.4, 12)
  expect(of('agreement')).toMatchObject({ correlation: null, chosen: 0 })
  expect(of('discriminatorConfusion')).toBeUndefined()
  // The round that a score chooses does not depend on the accuracies.
  const turned = validatorsOf([
    { accuracy: 0.9, labelFree: scores(0.3, 0.3) },
    { accuracy: 0.1, labelFree: scores(0.1, 0.6) },
    { accuracy: 0.7, labelFree: scores(0, 0) },
  ])
  expect(turned.map(({ chosen }) => chosen)).toEqual(found.map(({ chosen }) => chosen))
  expect(validatorsOf([])).toEqual([])
})
