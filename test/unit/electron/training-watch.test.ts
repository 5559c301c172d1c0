/** The state that the host derives from the lab's events: whether a run trains, its progress, and how it ended. */
import { expect, it } from 'vitest'
import { watchTraining, type Ending } from '../../../electron/training-watch'
import type { Lab, LabEvent } from '../../../src/contract/lab'
import type { Progress } from '../../../src/contract/training'

function watched() {
  let tell: (event: LabEvent) => void = () => undefined
  const lab = {
    subscribe(listener: (event: LabEvent) => void) {
      tell = listener
      return () => undefined
    },
  } as unknown as Lab
  const watch = watchTraining(lab)
  const fractions: (number | null)[] = []
  const endings: Ending[] = []
  watch.onProgress((fraction) => fractions.push(fraction))
  watch.onEnding((ending) => endings.push(ending))
  return { watch, fractions, endings, tell: (event: LabEvent) => tell(event) }
}

const progress = (changes: Partial<Progress>): LabEvent => ({
  type: 'progress',
  run: 'a',
  progress: {
    phase: 'adaptation',
    round: 1,
    rounds: 4,
    step: 0,
    steps: 10,
    losses: {},
    perSecond: null,
    secondsLeft: null,
    pid: 1,
    ...changes,
  },
})
const time = '2026-01-01T00:00:00.000Z'

it('follows a run from its first progress to its end', () => {
  const { watch, fractions, endings, tell } = watched()
  expect(watch.running()).toBeNull()
  tell(progress({ phase: 'source', round: 0, step: 5 }))
  expect(watch.running()).toBe('a')
  tell(progress({ round: 3, step: 5 }))
  tell({ type: 'recorded', run: 'a', event: { type: 'finished', time, seconds: 1 } })
  expect(watch.running()).toBeNull()
  expect(fractions).toEqual([0, 0.625, null])
  expect(endings).toMatchObject([{ run: 'a', failure: null }])
})

it('tells why a run failed', () => {
  const { endings, tell } = watched()
  const params = { worker: 'trainer', signal: 'SIGKILL' }
  tell(progress({}))
  tell({ type: 'recorded', run: 'a', event: { type: 'failed', time, code: 'worker-died', params } })
  expect(endings).toMatchObject([{ run: 'a', failure: { code: 'worker-died', params } }])
})

it('leaves alone what another program trains', () => {
  const { watch, endings, tell } = watched()
  tell(progress({}))
  tell({ type: 'recorded', run: 'b', event: { type: 'finished', time, seconds: 1 } })
  expect(watch.running()).toBe('a')
  expect(endings).toEqual([])
})
