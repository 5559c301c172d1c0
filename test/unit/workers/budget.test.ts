import { describe, expect, it } from 'vitest'
import { createBudget } from '../../../src/workers/budget'

/** Maximum number of messages within one second. */
function busiestSecond(times: readonly number[]): number {
  return Math.max(...times.map((start) => times.filter((at) => at >= start && at < start + 1000).length))
}

describe('a budget', () => {
  it('lets progress be told four times a second, however often it is asked', () => {
    const budget = createBudget()
    const told: number[] = []
    for (let now = 0; now < 5000; now++) if (budget.take(now)) told.push(now)
    expect(busiestSecond(told)).toBe(4)
    expect(told).toHaveLength(20)
  })

  it('counts other messages, too: where they take it up, progress is not told', () => {
    const budget = createBudget()
    const told: number[] = []
    let progress = 0
    for (let now = 0; now < 5000; now++) {
      if (now % 50 === 0) {
        budget.spend(now)
        told.push(now)
      } else if (budget.take(now)) {
        told.push(now)
        progress++
      }
    }
    expect(busiestSecond(told)).toBeLessThanOrEqual(20 + 4)
    expect(progress).toBeLessThanOrEqual(4)
  })
})
