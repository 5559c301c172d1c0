/** Closing the window while a run trains: it can be closed even if a step fails. */
import { setImmediate as settled } from 'timers/promises'
import { expect, it } from 'vitest'
import { guardClosing, type Question } from '../../../electron/closing'
import type { Ending, TrainingWatch } from '../../../electron/training-watch'
import { labError } from '../../../src/contract/errors'
import type { Lab } from '../../../src/contract/lab'

type Ask = Question['ask']

/** A window with a running run; `calls` are the answers of its lab. */
function training(calls: Readonly<Record<string, () => Promise<unknown>>>, ask: Ask) {
  let running: string | null = 'a'
  let isDestroyed = false
  let close: (event: { preventDefault(): void }) => void = () => undefined
  const endings: ((ending: Ending) => void)[] = []
  const window = {
    on: (_name: string, listener: typeof close) => void (close = listener),
    isDestroyed: () => isDestroyed,
    destroy() {
      if (isDestroyed) throw new Error('Object has been destroyed')
      isDestroyed = true
    },
  }
  const watch = {
    running: () => running,
    onEnding: (listener: (ending: Ending) => void) => void endings.push(listener),
  } as unknown as TrainingWatch
  const lab = { call: (name: string) => calls[name]?.() ?? Promise.reject(new Error(name)) }
  const failures: unknown[] = []
  const failed = (error: unknown) => void failures.push(error)
  guardClosing(window as never, lab as unknown as Lab, watch, { ask, failed })
  return {
    failures,
    end() {
      running = null
      for (const tell of endings) tell({} as Ending)
    },
    isDestroyed: () => isDestroyed,
    /** Whether the window stays open for now. */
    async close() {
      let stays = false
      close({ preventDefault: () => void (stays = true) })
      await settled()
      return stays
    },
  }
}

const series = (...states: string[]) => ({ items: states.map((state) => ({ state })) })
const queue = () => Promise.resolve([series('waiting', 'done'), series('waiting')])
const control = () => Promise.resolve({})

it('who agrees, told how many others wait, leaves when the run has ended', async () => {
  const told: number[] = []
  const lab = training({ queue, control }, (waiting) => {
    told.push(waiting)
    return Promise.resolve(true)
  })
  expect(await lab.close()).toBe(true)
  expect(told).toEqual([2])
  expect(lab.isDestroyed()).toBe(false)
  lab.end()
  await settled()
  expect(lab.isDestroyed()).toBe(true)
})

it('who stays is asked again the next time, but not twice at once', async () => {
  let asked = 0
  let answer: (agrees: boolean) => void = () => undefined
  const lab = training({ queue, control }, () => {
    asked += 1
    return new Promise((resolve) => (answer = resolve))
  })
  await lab.close()
  await lab.close()
  expect(asked).toBe(1)
  answer(false)
  await settled()
  expect(lab.isDestroyed()).toBe(false)
  await lab.close()
  expect(asked).toBe(2)
})

it('a queue that cannot be read keeps nobody', async () => {
  const lab = training({ queue: () => Promise.reject(new Error('EACCES')), control }, (waiting) =>
    Promise.resolve(waiting === 0),
  )
  await lab.close()
  lab.end()
  await settled()
  expect(lab.isDestroyed()).toBe(true)
})

it('a question that cannot be shown is reported, and asked again the next time', async () => {
  const problem = new Error('no display')
  const answers = [Promise.reject(problem), Promise.resolve(true)]
  const lab = training({ queue, control }, () => answers.shift()!)
  await lab.close()
  expect(lab.failures).toEqual([problem])
  await lab.close()
  lab.end()
  await settled()
  expect(lab.isDestroyed()).toBe(true)
})

it('a run that ends by itself while it is being stopped keeps nobody', async () => {
  const gone = () => Promise.reject(labError('not-running', { run: 'a' }))
  const lab = training({ queue, control: gone }, () => Promise.resolve(true))
  await lab.close()
  expect(lab.isDestroyed()).toBe(true)
})

it('a run that has ended while the question stood is not stopped', async () => {
  const lab = training({ queue }, () => {
    lab.end()
    return Promise.resolve(true)
  })
  await lab.close()
  expect(lab.isDestroyed()).toBe(true)
})

it('who closes and agrees twice while the run is stopping closes one window', async () => {
  const lab = training({ queue, control }, () => Promise.resolve(true))
  await lab.close()
  await lab.close()
  lab.end()
  await settled()
  expect(lab.isDestroyed()).toBe(true)
  expect(lab.failures).toEqual([])
})

it('nobody is asked where nothing trains', async () => {
  const lab = training({}, () => Promise.reject(new Error('it asked')))
  lab.end()
  expect(await lab.close()).toBe(false)
})
