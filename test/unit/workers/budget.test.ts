import { describe, expect, it } from 'vitest'
import { createBudget } from '../../../src/workers/budget'

/** Most messages within any one second. */
function busiestSecond(times: readonly number[]): number {
  return Math.max(...times.map((start) => times.filter((at) => at >= start && at < start + 1000).length))
}

describe('a budget', () => {
  it('lets progress be told at most 20 times a second, however often it is asked', () => {
    const budget = createBudget()
    const told: number[] = []
    for (let now = 0; now < 5000; now++) if (budget.take(now)) told.push(now)
    expect(busiestSecond(told)).toBeLessThanOrEqual(20)
    expect(told.length).toBeGreaterThan(50)
  })

  it('counts other messages, too', () => {
    const budget = createBudget()
    const told: number[] = []
    for (let now = 0; now < 5000; now++) {
      if (now % 250 === 0) {
        budget.spend(now)
        told.push(now)
      } else if (budget.take(now)) told.push(now)
    }
    expect(busiestSecond(told)).toBeLessThanOrEqual(20)
  })
})
