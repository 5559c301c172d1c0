/** Accepting and restarting attempts in the real worker: what is kept of each, and resuming during an attempt. */
import { existsSync, writeFileSync } from 'fs'
import { join } from 'path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readCheckpoint } from '../../src/checkpoints/checkpoint'
import { appendEvent, readHistory } from '../../src/checkpoints/metrics'
import { roundEvents } from '../../src/checkpoints/rounds'
import { attemptPath, checkpointPath } from '../../src/checkpoints/run-folder'
import { updateRecord } from '../../src/checkpoints/run-record'
import type { ExperimentInput } from '../../src/contract/experiment'
import type { RoundEvent } from '../../src/contract/record'
import { encodeNpz } from '../../src/data/stored-arrays'
import { equalImages } from '../../src/data/dataset'
import { seedOfAttempt } from '../../src/training/attempt'
import { digits } from '../fixtures/torch/formula'
import { copyRun } from '../journey/disk'
import { openLab, small, smallInput, temporaryFolder, useProgramsInFile, type Watched } from './programs'

useProgramsInFile()
let watched: Watched
/** A run with the second attempt's seed. */
let alone: string
beforeAll(async () => {
  watched = await openLab()
  alone = (await watched.train(small({ ...quick, adaptation, seed: seedOfAttempt(0, 2), name: 'alone' })))
    .folder
})
afterAll(() => watched.lab.close())

const quick = { ...smallInput, target: { ...smallInput.target, split: 'test' } } satisfies ExperimentInput
/** Limits that no run with 200 images and two rounds can reach. */
const unreachable = { most: 1, leastInformation: 1, leastAgreement: 1 }
const adaptation = { ...smallInput.adaptation, epochs: 1 }

type ReadCheckpoint = Awaited<ReturnType<typeof readCheckpoint>>
const weightsIn = ({ tensors }: ReadCheckpoint) =>
  tensors.map(({ name, data }) => [name, Buffer.from(data.buffer).toString('base64')])

async function weights(folder: string) {
  return weightsIn(await readCheckpoint(checkpointPath(folder, 1)))
}

/** The digits 2 and 3 as a user's dataset, with correct labels or with the two labels swapped. */
function digitsLabelled(label: (digit: number) => number, name: string): string {
  const { pixels, labels } = digits(2, 3)
  const part = (from: number, to: number) => ({
    pixels: Uint8Array.from(pixels.subarray(from * 784, to * 784), (pixel) => Math.round(pixel * 255)),
    labels: Uint8Array.from(labels.subarray(from, to), label),
  })
  const path = join(temporaryFolder(), `${name}.npz`)
  const size = { width: 28, height: 28, channels: 1 } as const
  writeFileSync(path, encodeNpz(equalImages({ ...size, train: part(0, 200), test: part(200, 300) })))
  return path
}

/** Results of two attempts on that dataset, the first of which is rejected. */
async function attemptsOn(dataset: string) {
  const { folder, run } = await watched.train(
    small({
      target: { dataset, classes: [0, 1] },
      adaptation: { method: 'adversarial-consistency', epochs: 1, learningRate: 0.001 },
      restarts: unreachable,
    }),
  )
  const { record, summary } = await watched.lab.call('run', { run })
  const first = weightsIn(await readCheckpoint(attemptPath(folder, 1)))
  return { attempts: record?.attempts, weights: [first, await weights(folder)], summary }
}

it('neither trains nor judges by a label of the target: with all of them wrong, every attempt is the same', async () => {
  const honest = await attemptsOn(digitsLabelled((digit) => digit, 'honest'))
  const poisoned = await attemptsOn(digitsLabelled((digit) => 1 - digit, 'poisoned'))
  expect(honest.attempts?.map(({ verdict }) => verdict)).toEqual(['restarted', 'kept'])
  expect(poisoned.attempts).toEqual(honest.attempts)
  expect(poisoned.weights).toEqual(honest.weights)
  const right = ({ summary }: typeof honest) => summary.unseenTargetAccuracy ?? NaN
  expect(right(poisoned)).toBeCloseTo(1 - right(honest), 10)
}, 300_000)

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

  // The second attempt equals a run with its seed.
  expect(await weights(folder)).toEqual(await weights(alone))
}, 300_000)

interface Killed {
  readonly run: string
  readonly folder: string
  readonly measures: RoundEvent['measures'] | undefined
}

/** A run whose trainer was killed after its last round and before the verdict, and a copy of it. */
async function killedBeforeItsVerdict(): Promise<readonly [Killed, Killed]> {
  const { lab } = watched
  const experiment = small({ ...quick, adaptation, restarts: unreachable, name: 'killed' })
  const { run, folder } = await lab.call('start', { experiment })
  const pausedAfter = (round: number) =>
    watched.reached(run, (progress) => progress.phase === 'paused' && progress.round === round)
  for (const round of [0, 1]) {
    await lab.call('control', { run, action: 'round' })
    await pausedAfter(round)
  }
  const { events } = await readHistory(folder)
  const { pid } = await pausedAfter(1)
  const before = watched.events.length
  process.kill(pid, 'SIGKILL')
  await watched.ending(run, before)
  const measures = roundEvents(events).get(1)?.measures
  const copy = copyRun(join(folder, '..', '..'), run, (record) => record)
  return [
    { run, folder, measures },
    { run: copy, folder: join(folder, '..', copy), measures },
  ]
}

let killed: readonly [Killed, Killed]
beforeAll(async () => {
  killed = await killedBeforeItsVerdict()
})

async function goOn(run: string) {
  const before = watched.events.length
  await watched.lab.call('resume', { run })
  expect((await watched.ending(run, before)).type).toBe('finished')
  return watched.lab.call('run', { run })
}

it('judges again what was given up and not yet said to be', async () => {
  const [{ run, folder }] = killed
  await updateRecord(folder, { rounds: 0 })
  const { record } = await goOn(run)
  expect(record?.attempts?.map(({ verdict }) => verdict)).toEqual(['restarted', 'kept'])
  expect(await weights(folder)).toEqual(await weights(alone))
}, 300_000)

it('begins a further attempt anew, also in a run that itself began with a checkpoint of another', async () => {
  const [, { run, folder, measures }] = killed
  if (measures?.labelFree === undefined) throw new Error('nothing to judge')
  const { mutualInformation, agreement } = measures.labelFree
  const verdict = { attempt: 1, seed: 0, mutualInformation, agreement, verdict: 'restarted' } as const
  await appendEvent(folder, { type: 'attempt', time: new Date().toISOString(), ...verdict, measures })
  await updateRecord(folder, { rounds: 0, parent: { run: 'another', round: 0 } })
  const { record } = await goOn(run)
  expect(record?.attempts?.map(({ verdict }) => verdict)).toEqual(['restarted', 'kept'])
  expect(await weights(folder)).toEqual(await weights(alone))
}, 300_000)
