/** Accept or restart, in the real worker: what is kept of each attempt, and going on in the middle of one. */
import { existsSync } from 'fs'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readCheckpoint } from '../../src/checkpoints/checkpoint'
import { attemptPath, checkpointPath } from '../../src/checkpoints/run-folder'
import type { ExperimentInput } from '../../src/contract/experiment'
import { seedOfAttempt } from '../../src/training/attempt'
import { openLab, small, smallInput, useProgramsInFile, type Watched } from './programs'

useProgramsInFile()
let watched: Watched
beforeAll(async () => {
  watched = await openLab()
})
afterAll(() => watched.lab.close())

const quick = { ...smallInput, target: { ...smallInput.target, split: 'test' } } satisfies ExperimentInput
/** Nothing that learns from 200 images in two rounds has this. */
const unreachable = { most: 1, leastInformation: 1, leastAgreement: 1 }
const adaptation = { ...smallInput.adaptation, epochs: 1 }

async function weights(folder: string) {
  const { tensors } = await readCheckpoint(checkpointPath(folder, 1))
  return tensors.map(({ name, data }) => [name, Buffer.from(data.buffer).toString('base64')])
}

it('gives up what is not accepted, goes on where it was stopped, and marks the last attempt', async () => {
  const { lab } = watched
  const experiment = small({ ...quick, adaptation, restarts: unreachable, name: 'restarts' })
  const { run, folder } = await lab.call('start', { experiment })
  await watched.until(
    (event) => event.type === 'recorded' && event.run === run && event.event.type === 'attempt',
  )
  await lab.call('control', { run, action: 'stop' })
  expect((await watched.ending(run)).type).toBe('stopped')
  expect((await lab.call('run', { run })).record?.attempts).toHaveLength(1)

  const before = watched.events.length
  await lab.call('resume', { run })
  expect((await watched.ending(run, before)).type).toBe('finished')
  const { record, summary } = await lab.call('run', { run })
  expect(record?.attempts).toMatchObject([
    { attempt: 1, seed: 0, verdict: 'restarted' },
    { attempt: 2, seed: seedOfAttempt(0, 2), verdict: 'kept' },
  ])
  expect(summary).toMatchObject({ state: 'finished', rounds: 1 })
  expect(existsSync(attemptPath(folder, 1))).toBe(true)
  expect(existsSync(attemptPath(folder, 2))).toBe(false)
  const history = await lab.call('history', { run })
  expect(history.flatMap((event) => (event.type === 'round' ? [event.round] : []))).toEqual([0, 1])
  expect(history.filter(({ type }) => type === 'attempt')).toHaveLength(2)

  // The second attempt is what a run with its seed would have been.
  const alone = await watched.train(small({ ...quick, adaptation, seed: seedOfAttempt(0, 2), name: 'alone' }))
  expect(await weights(folder)).toEqual(await weights(alone.folder))
}, 300_000)
