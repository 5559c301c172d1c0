/** Pausing, stopping, killing and resuming: an interrupted run gives the same result as an uninterrupted one. */
import { existsSync, readdirSync, readFileSync } from 'fs'
import { join } from 'path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isOptimiserState } from '../../src/checkpoints/optimiser-state'
import { readCheckpoint, writeCheckpoint } from '../../src/checkpoints/checkpoint'
import { readPause, writePause } from '../../src/checkpoints/pause'
import {
  checkpointPath,
  checkpointsFolder,
  metricsPath,
  pausePath,
  recordPath,
} from '../../src/checkpoints/run-folder'
import { updateRecord } from '../../src/checkpoints/run-record'
import type { NamedTensor } from '../../src/checkpoints/safetensors'
import type { ExperimentInput } from '../../src/contract/experiment'
import type { Progress } from '../../src/contract/training'
import type { RecordedEvent, RunRecord } from '../../src/contract/record'
import { isLong } from '../long'
import { isPending } from '../pending'
import { openLab, small, smallInput, temporaryFolder, useProgramsInFile, type Watched } from './programs'

useProgramsInFile()
let watched: Watched

/** A finished run of two rounds, which every test leaves as it was. */
let finished: { folder: string; run: string }

beforeAll(async () => {
  watched = await openLab()
  finished = await watched.train(quick({ name: 'finished' }))
})
afterAll(() => watched.lab.close())

/** No held-out target images, so that measuring is quick. */
function quick(changes: Partial<ExperimentInput> = {}) {
  return small({ target: { ...smallInput.target, split: 'test' }, ...changes })
}

async function weights(folder: string, round: number) {
  const { tensors } = await readCheckpoint(checkpointPath(folder, round))
  return Object.fromEntries(
    tensors
      .filter((tensor) => !isOptimiserState(tensor))
      .map(({ name, data }) => [name, Buffer.from(data.buffer).toString('base64')]),
  )
}

/** The measured values, without times and rates. */
function figures(history: readonly RecordedEvent[]) {
  const figuresOf = (event: RecordedEvent): object[] => {
    if (event.type === 'loss') return [{ round: event.round, step: event.step, losses: event.losses }]
    if (event.type !== 'round') return []
    const { round, losses, measures, verdicts } = event
    return [{ round, losses, measures, verdicts }]
  }
  return history.flatMap(figuresOf)
}

const reaches = (run: string, fits: (progress: Progress) => boolean) => watched.reached(run, fits)

const pausedAt = (round: number, step: number) => (progress: Progress) =>
  progress.phase === 'paused' && progress.round === round && progress.step === step

/** Starts a run and pauses it after two steps of its second round. */
async function startUntilMidRound(experiment: unknown) {
  const { lab } = watched
  const begun = await lab.call('start', { experiment })
  const { run } = begun
  await lab.call('control', { run, action: 'round' })
  await reaches(run, (progress) => progress.phase === 'paused' && progress.round === 0)
  await lab.call('control', { run, action: 'round' })
  await reaches(run, pausedAt(1, 4))
  await lab.call('control', { run, action: 'step' })
  await reaches(run, pausedAt(2, 1))
  await lab.call('control', { run, action: 'step' })
  await reaches(run, pausedAt(2, 2))
  return begun
}

const adam = { kind: 'adam' } as const

const adaptations = {
  'SGD with momentum': { ...smallInput.adaptation, optimiser: { kind: 'sgd', momentum: 0.9 } },
  Adam: { ...smallInput.adaptation, optimiser: adam },
  'optimisers that last through the run': {
    method: 'adversarial-consistency',
    learningRate: 0.001,
    optimiser: adam,
  },
} as const

/** The last one has Adam and states that outlive a round; `npm run long` has all three. */
const tried = Object.entries(adaptations).slice(isLong ? 0 : -1)

describe.each(tried)('a run with %s', (kind, adaptation) => {
  const experiment = quick({
    name: `resume ${kind}`,
    adaptation: { ...adaptation, epochs: 3, schedule: 'cosine' },
  })
  let reference: { folder: string; run: string }

  beforeAll(async () => {
    reference = await watched.train(experiment)
  })

  let run: string
  let folder: string
  /** Number of events heard before the run was resumed. */
  let heardBefore: number

  it('that is stopped in mid-round and resumed comes to the same weights, bit for bit', async () => {
    ;({ run, folder } = await startUntilMidRound(experiment))
    const heard = watched.events.length
    await watched.lab.call('control', { run, action: 'stop' })
    expect(await watched.ending(run, heard)).toMatchObject({ type: 'stopped', round: 2, step: 2 })
    expect((await watched.lab.call('run', { run })).record?.state).toBe('stopped')
    expect(existsSync(checkpointPath(folder, 2))).toBe(false)

    heardBefore = watched.events.length
    expect(await watched.lab.call('resume', { run })).toEqual({ run, folder })
    await watched.lab.call('control', { run, action: 'round' })
    await watched.reached(run, pausedAt(2, 4), heardBefore)
    expect(await weights(folder, 2)).toEqual(await weights(reference.folder, 2))
    expect(await watched.lab.call('history', { run })).toContainEqual(
      expect.objectContaining({ type: 'started', resumedFrom: { round: 2, step: 2 } }),
    )
    expect(readdirSync(join(folder, 'pause'))).toEqual([])
  })

  it('whose trainer is killed thereafter loses the round in progress alone', async () => {
    for (const step of [1, 2]) {
      await watched.lab.call('control', { run, action: 'step' })
      await watched.reached(run, pausedAt(3, step), heardBefore)
    }
    const { pid } = await watched.reached(run, pausedAt(3, 2), heardBefore)
    const heard = watched.events.length
    process.kill(pid, 'SIGKILL')
    expect(await watched.ending(run, heard)).toMatchObject({
      type: 'failed',
      code: 'worker-died',
      params: { worker: 'trainer', signal: 'SIGKILL' },
    })
    expect((await watched.lab.call('run', { run })).summary).toMatchObject({
      state: 'interrupted',
      rounds: 2,
    })
    expect(await weights(folder, 2)).toEqual(await weights(reference.folder, 2))

    const before = watched.events.length
    await watched.lab.call('resume', { run })
    expect((await watched.ending(run, before)).type).toBe('finished')
    expect(await weights(folder, 3)).toEqual(await weights(reference.folder, 3))
    const history = await watched.lab.call('history', { run })
    expect(figures(history)).toEqual(figures(await watched.lab.call('history', { run: reference.run })))
  })
})

describe('a run whose trainer is killed', () => {
  const lastStart = (events: readonly RecordedEvent[]) =>
    events.reduce<RecordedEvent | null>((last, event) => (event.type === 'started' ? event : last), null)

  const filesOf = (folder: string) =>
    new Map(
      readdirSync(checkpointsFolder(folder)).map((name) => [
        name,
        readFileSync(join(checkpointsFolder(folder), name)).toString('base64'),
      ]),
    )

  async function goOn(run: string) {
    const heard = watched.events.length
    await watched.lab.call('resume', { run })
    return watched.ending(run, heard)
  }

  it('between recording a round and counting it does not do that round again', async () => {
    const { run, folder } = finished
    const before = filesOf(folder)
    await updateRecord(folder, { state: 'running', rounds: 1 })
    expect((await watched.lab.call('run', { run })).summary).toMatchObject({
      state: 'interrupted',
      rounds: 2,
    })
    expect((await goOn(run)).type).toBe('finished')
    expect(filesOf(folder)).toEqual(before)
    const { record } = await watched.lab.call('run', { run })
    expect(record).toMatchObject({ state: 'finished', rounds: 2 })
    const events = await watched.lab.call('history', { run })
    expect(lastStart(events)).toMatchObject({ resumedFrom: { round: 3, step: 0 } })
  })

  it('before its first round goes on from the checkpoint that it began with', async () => {
    const changes = { 'target.seed': 1 }
    const { run, folder } = await watched.lab.call('resume', { run: finished.run, round: 1, changes })
    const { pid } = await reaches(run, () => true)
    const heard = watched.events.length
    process.kill(pid, 'SIGKILL')
    expect((await watched.ending(run, heard)).type).toBe('failed')
    const before = filesOf(folder)
    expect([...before.keys()]).toEqual(['round-0001.dalab.safetensors'])
    expect((await goOn(run)).type).toBe('finished')
    const after = filesOf(folder)
    expect([...after.keys()]).toEqual(['round-0001.dalab.safetensors', 'round-0002.dalab.safetensors'])
    for (const [name, bytes] of before) expect(after.get(name)).toBe(bytes)
  })
})

describe('controls', () => {
  // In `npm test`, test/unit/training stops and resumes in both stages, without a process.
  if (isLong) {
    it('pause and continue change nothing but the time', async () => {
      const experiment = quick({ name: 'paused' })
      const plain = await watched.train(experiment)
      const { run, folder } = await startUntilMidRound(experiment)
      const heard = watched.events.length
      await watched.lab.call('control', { run, action: 'continue' })
      expect((await watched.ending(run, heard)).type).toBe('finished')
      expect(await weights(folder, 2)).toEqual(await weights(plain.folder, 2))
    })

    it('stop in the source stage, and go on from there', async () => {
      const experiment = quick({
        name: 'source stopped',
        sourceStage: { epochs: 3, optimiser: { kind: 'adam' }, learningRate: 0.001 },
      })
      const plain = await watched.train(experiment)
      const { run, folder } = await watched.lab.call('start', { experiment })
      await watched.lab.call('control', { run, action: 'pause' })
      const { step: pausedAtFirst } = await reaches(run, ({ phase }) => phase === 'paused')
      for (let step = pausedAtFirst + 1; step <= pausedAtFirst + 5; step++) {
        await watched.lab.call('control', { run, action: 'step' })
        await reaches(run, ({ phase, step: now }) => phase === 'paused' && now === step)
      }
      await watched.lab.call('control', { run, action: 'stop' })
      expect(await watched.ending(run)).toMatchObject({ type: 'stopped', round: 0 })
      const heard = watched.events.length
      await watched.lab.call('resume', { run })
      expect((await watched.ending(run, heard)).type).toBe('finished')
      expect(await weights(folder, 2)).toEqual(await weights(plain.folder, 2))
    })
  }

  it('are refused for a run that does not train, and for one that there is not', async () => {
    const { run } = finished
    const control = (name: string) => watched.lab.call('control', { run: name, action: 'pause' })
    await expect(control(run)).rejects.toMatchObject({ code: 'not-running', params: { run } })
    await expect(control(`${run}x`)).rejects.toMatchObject({ code: 'unknown-run', params: { nearest: run } })
  })
})

describe('an imported checkpoint of the source stage, without measures,', () => {
  it('is adapted from as it is, and neither trained anew nor written over', async () => {
    const { facts, tensors } = await readCheckpoint(checkpointPath(finished.folder, null))
    const path = join(temporaryFolder(), 'source.dalab.safetensors')
    await writeCheckpoint(path, { ...facts!, measures: null }, tensors)
    const { run, checkpoint } = await watched.lab.call('import', { path })
    const before = readFileSync(checkpoint)
    // Starting from the beginning would draw other weights.
    await updateRecord(join(finished.folder, '..', run), { experiment: { ...facts!.experiment, seed: 77 } })
    await watched.lab.call('resume', { run })
    expect((await watched.ending(run)).type).toBe('finished')
    expect(readFileSync(checkpoint).equals(before)).toBe(true)
    const history = await watched.lab.call('history', { run })
    expect(history.map(({ type }) => type)).not.toContain('source-loss')
    expect(history.flatMap((event) => (event.type === 'round' ? [event.round] : []))).toContain(2)
  })
})

describe('tensors that are NaN', () => {
  const madeNaN = (tensors: readonly NamedTensor[], name: string) =>
    tensors.map((tensor) => (tensor.name === name ? { ...tensor, data: tensor.data.map(() => NaN) } : tensor))

  it('are refused: by the trainer, and in an earlier round before a new run is made', async () => {
    const experiment = quick({ name: 'spoilt', adaptation: { ...smallInput.adaptation, optimiser: adam } })
    const { run, folder } = await startUntilMidRound(experiment)
    await watched.lab.call('control', { run, action: 'stop' })
    await watched.ending(run)
    const pause = (await readPause(folder))!
    const state = pause.tensors[pause.tensors.length - 1]?.name ?? ''
    await writePause(folder, { ...pause, tensors: madeNaN(pause.tensors, state) })
    const heard = watched.events.length
    await watched.lab.call('resume', { run })
    expect(await watched.ending(run, heard)).toMatchObject({
      type: 'failed',
      code: 'tensor-not-finite',
      params: { file: pausePath(folder), tensor: state },
    })

    const path = checkpointPath(folder, 1)
    const { facts, tensors } = await readCheckpoint(path)
    await writeCheckpoint(path, facts!, madeNaN(tensors, 'classifier.fc.bias'))
    const before = await watched.lab.call('runs', {})
    await expect(watched.lab.call('resume', { run, round: 1 })).rejects.toMatchObject({
      code: 'tensor-not-finite',
      params: { file: path, tensor: 'classifier.fc.bias' },
    })
    expect(await watched.lab.call('runs', {})).toHaveLength(before.length)
  })
})

describe('a new run from an earlier one', () => {
  /** The new run as seen on disk while it is made: its rounds, its checkpoints, and whether it has a history. */
  async function seenDuring(making: Promise<unknown>): Promise<string[]> {
    const runs = join(finished.folder, '..')
    const before = readdirSync(runs)
    const isNew = (name: string) => !name.startsWith('.') && !before.includes(name)
    const seen: string[] = []
    while (await isPending(making)) {
      for (const name of readdirSync(runs).filter(isNew)) {
        const { rounds } = JSON.parse(readFileSync(recordPath(join(runs, name)), 'utf8')) as RunRecord
        const hasHistory = existsSync(metricsPath(join(runs, name)))
        seen.push(`${rounds} ${readdirSync(checkpointsFolder(join(runs, name))).join()} ${hasHistory}`)
      }
    }
    return seen
  }

  it('begins at an earlier round, overwrites nothing and comes to the same', async () => {
    const parent = finished
    const before = await weights(parent.folder, 2)
    const beginning = watched.lab.call('resume', { run: parent.run, round: 1 })
    expect((await seenDuring(beginning))[0]).toBe('1 round-0001.dalab.safetensors true')
    const child = await beginning
    expect(child.run).not.toBe(parent.run)
    expect((await watched.ending(child.run)).type).toBe('finished')
    const { record } = await watched.lab.call('run', { run: child.run })
    expect(record).toMatchObject({ parent: { run: parent.run, round: 1 }, rounds: 2, state: 'finished' })
    expect(await weights(child.folder, 2)).toEqual(before)
    expect(await weights(parent.folder, 2)).toEqual(before)
    const history = await watched.lab.call('history', { run: child.run })
    expect(figures(history)).toEqual(figures(await watched.lab.call('history', { run: parent.run })))
    expect(await watched.lab.call('view', { run: child.run, round: 0 })).toEqual(
      await watched.lab.call('view', { run: parent.run, round: 0 }),
    )
  })

  it('begins after the last round when only a setting is changed', async () => {
    const changes = { 'adaptation.learningRate': '0.1' }
    const child = await watched.lab.call('resume', { run: finished.run, changes, rounds: 3 })
    expect((await watched.ending(child.run)).type).toBe('finished')
    const { record } = await watched.lab.call('run', { run: child.run })
    expect(record?.parent).toEqual({ run: finished.run, round: 2 })
    expect(record?.experiment.adaptation.learningRate).toBe(0.1)
    const { differences } = await watched.lab.call('compare', { runs: [finished.run, child.run] })
    expect(differences).toEqual([
      { setting: 'adaptation.epochs', values: [2, 3] },
      { setting: 'adaptation.learningRate', values: [0.001, 0.1] },
    ])
  })

  it.each([
    [{ round: 9 }, 'unknown-round', { known: '0, 1, 2' }],
    [{ round: 2 }, 'nothing-to-resume', {}],
    [
      { changes: { 'adaptation.learningrate': 1 } },
      'unknown-setting',
      { nearest: 'adaptation.learningRate' },
    ],
    [{ changes: { 'adaptation.learningRate': 0 } }, 'out-of-range', {}],
    [{ changes: { pairing: [0, 0] }, rounds: 3 }, 'invalid-pairing', {}],
    [{ changes: { 'model.encoder': 'lenet-bn' }, rounds: 3 }, 'checkpoint-wrong-shape', {}],
    [{ changes: { 'model.channels': 3 }, rounds: 3 }, 'checkpoint-wrong-shape', {}],
    [
      {
        changes: { 'source.classes': [0, 1, 4], 'target.classes': [2, 3, 5], pairing: [0, 1, 2] },
        rounds: 3,
      },
      'checkpoint-wrong-shape',
      { tensor: 'classifier.fc.weight', found: '[2, 512]', expected: '[3, 512]' },
    ],
  ])('is refused with %j', async (order, code, params) => {
    const before = readdirSync(join(finished.folder, '..'))
    await expect(watched.lab.call('resume', { run: finished.run, ...order })).rejects.toMatchObject({
      code,
      params,
    })
    expect(readdirSync(join(finished.folder, '..'))).toEqual(before)
  })
})
