import { describe, expect, it } from 'vitest'
import { createControl } from '../../../src/workers/control'

/** Whether a training that waits for its turn gets it without a further command. */
async function goesOn(turn: Promise<void>): Promise<boolean> {
  const soon = new Promise<boolean>((resolve) => void setTimeout(() => resolve(false), 20))
  return Promise.race([turn.then(() => true), soon])
}

const ignore = () => undefined

describe('a control', () => {
  it('lets a training go on until it is paused, and again when it is continued', async () => {
    const control = createControl()
    expect(await goesOn(control.turn(ignore))).toBe(true)
    control.act('pause')
    let pauses = 0
    const turn = control.turn(() => {
      pauses++
    })
    expect(await goesOn(turn)).toBe(false)
    expect(pauses).toBe(1)
    control.act('continue')
    expect(await goesOn(turn)).toBe(true)
  })

  it('lets one step through, then pauses', async () => {
    const control = createControl()
    control.act('pause')
    const turn = control.turn(ignore)
    control.act('step')
    expect(await goesOn(turn)).toBe(true)
    control.did('step')
    expect(await goesOn(control.turn(ignore))).toBe(false)
  })

  it('lets steps through until a round is complete, then pauses', async () => {
    const control = createControl()
    control.act('round')
    control.did('step')
    expect(await goesOn(control.turn(ignore))).toBe(true)
    control.did('round')
    expect(await goesOn(control.turn(ignore))).toBe(false)
  })

  it('stops a paused training, for good', async () => {
    const control = createControl()
    control.act('pause')
    const turn = control.turn(ignore)
    expect(await goesOn(turn)).toBe(false)
    control.act('stop')
    expect(await goesOn(turn)).toBe(true)
    control.act('pause')
    expect(control.stopping).toBe(true)
    expect(await goesOn(control.turn(ignore))).toBe(true)
  })
})
