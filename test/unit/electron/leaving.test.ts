/** The program ends even if the lab cannot be closed, and closes it only once. */
import { setImmediate as settled } from 'timers/promises'
import { expect, it } from 'vitest'
import { leaveBy } from '../../../electron/leaving'

function leaving(close: () => Promise<void>) {
  const codes: number[] = []
  const reported: unknown[] = []
  const leave = leaveBy(
    close,
    (code) => void codes.push(code),
    (error) => void reported.push(error),
  )
  return { leave, codes, reported }
}

it('closes the lab and ends', async () => {
  const { leave, codes, reported } = leaving(() => Promise.resolve())
  leave()
  expect(codes).toEqual([])
  await settled()
  expect({ codes, reported }).toEqual({ codes: [0], reported: [] })
})

it('ends where the lab cannot be closed, and reports why', async () => {
  const { leave, codes, reported } = leaving(() => Promise.reject(new Error('on purpose')))
  leave()
  await settled()
  expect({ codes, reported }).toEqual({ codes: [1], reported: [new Error('on purpose')] })
})

it('closes the lab once, however often it is asked to', async () => {
  let closed = 0
  const { leave, codes } = leaving(async () => {
    closed += 1
  })
  leave()
  leave()
  await settled()
  expect({ closed, codes }).toEqual({ closed: 1, codes: [0] })
})
