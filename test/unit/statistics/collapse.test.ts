import { expect, it } from 'vitest'
import { isCollapsed } from '../../../src/statistics/collapse'

const entropyOf = (shares: readonly number[]) => -shares.reduce((sum, p) => sum + p * Math.log(p), 0)

it('a collapse has less than half of the diversity that so many classes allow', () => {
  expect(isCollapsed(0, 2)).toBe(true)
  expect(isCollapsed(entropyOf([0.95, 0.05]), 2)).toBe(true)
  expect(isCollapsed(entropyOf([0.8, 0.2]), 2)).toBe(false)
  expect(isCollapsed(Math.log(3), 10)).toBe(true)
  expect(isCollapsed(Math.log(4), 10)).toBe(false)
  // With a single class the entropy is always 0.
  expect(isCollapsed(0, 1)).toBe(false)
})
