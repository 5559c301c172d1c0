import { expect, it } from 'vitest'
import { paceOf } from '../../../src/lab/reading-progress'

it('the pace of a reading is that of the last seconds, and the time left follows from it', () => {
  let now = 0
  const pace = paceOf('/photos', () => now)
  expect(pace(0, null)).toEqual({ path: '/photos', done: 0, total: null, perSecond: null, secondsLeft: null })
  now = 1000
  expect(pace(300, null)).toMatchObject({ perSecond: 300, secondsLeft: null })
  // Decoding begins: the pace of the listing does not count.
  expect(pace(0, 1000)).toMatchObject({ perSecond: null, secondsLeft: null })
  now = 2000
  expect(pace(10, 1000)).toMatchObject({ perSecond: 10, secondsLeft: 99 })
  for (now = 3000; now <= 9000; now += 1000) pace(10 + (now - 2000) / 10, 1000)
  now = 9000
  expect(pace(710, 1000)).toMatchObject({ perSecond: 100, secondsLeft: 2.9 })
})
