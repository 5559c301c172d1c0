import { describe, expect, it } from 'vitest'
import { createPace, sizeOfStep } from '../../../src/workers/pace'

describe('a pace', () => {
  it('is unknown before a tenth of a second was seen', () => {
    const pace = createPace()
    pace.step(50, 0)
    pace.step(50, 50)
    expect(pace.perSecond()).toBeNull()
    expect(pace.secondsPerStep()).toBeNull()
  })

  it('counts images between the first and the last step seen', () => {
    const pace = createPace()
    for (let step = 0; step <= 10; step++) pace.step(50, step * 20)
    expect(pace.perSecond()).toBeCloseTo(2500)
    expect(pace.secondsPerStep()).toBeCloseTo(0.02)
  })

  it('forgets what is more than a second ago', () => {
    const pace = createPace()
    for (let at = 0; at < 5000; at += 100) pace.step(10, at)
    for (let at = 5000; at <= 8000; at += 50) pace.step(10, at)
    expect(pace.perSecond()).toBeCloseTo(200)
  })

  it('still knows steps that take longer than its window', () => {
    const pace = createPace()
    for (const at of [0, 3000, 6000]) pace.step(30, at)
    expect(pace.perSecond()).toBeCloseTo(10)
  })

  it('does not count a pause', () => {
    const pace = createPace()
    for (let step = 0; step <= 10; step++) pace.step(50, step * 20)
    pace.interrupt()
    expect(pace.perSecond()).toBeNull()
    for (let step = 0; step <= 10; step++) pace.step(50, 60_000 + step * 20)
    expect(pace.perSecond()).toBeCloseTo(2500)
  })
})

it('sizeOfStep ends each pass with what is left, unless steps are counted', () => {
  const sizes = (count: number, steps: number | null) =>
    [1, 2, 3, 4, 5, 6].map((step) => sizeOfStep(step, count, { batch: 50, steps }))
  expect(sizes(120, null)).toEqual([50, 50, 20, 50, 50, 20])
  expect(sizes(20, null)).toEqual(Array(6).fill(20))
  expect(sizes(120, 3)).toEqual(Array(6).fill(50))
  expect(sizes(20, 3)).toEqual(Array(6).fill(20))
})
