/** Failures during training: each is reported with one error code, and no completed work is lost. */
import { execFileSync, fork } from 'child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'fs'
import { join } from 'path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCheckpoint } from '../../src/checkpoints/checkpoint'
import { checkpointPath } from '../../src/checkpoints/run-folder'
import { isLong } from '../long'
import { openLab, small, smallInput, temporaryFolder, useProgramsInFile, type Watched } from './programs'

const programs = useProgramsInFile()
let watched: Watched

beforeAll(async () => {
  watched = await openLab()
})
afterAll(() => watched.lab.close())

const target = { ...smallInput.target, split: 'test' } as const

describe('a loss that is no longer finite', () => {
  it('stops the adaptation, names the term and keeps what was good', async () => {
    const adaptation = {
      ...smallInput.adaptation,
      learningRate: 10,
      parameters: { discriminatorLearningRate: 10 },
    }
    const { run, folder, ended } = await watched.train(small({ target, adaptation }))
    expect(ended).toMatchObject({ type: 'failed', code: 'loss-not-finite', params: { round: 1 } })
    const { summary, record } = await watched.lab.call('run', { run })
    expect(summary).toMatchObject({ state: 'failed', rounds: 0, damage: [] })
    expect(record?.failure).toMatchObject({ code: 'loss-not-finite' })
    expect(['D', 'MT']).toContain(record?.failure?.params['term'])
    expect(summary.targetAccuracyBefore).not.toBeNull()
    const source = await readCheckpoint(checkpointPath(folder, null))
    expect(source.origin).toBe('verified')
    expect(source.tensors.every(({ data }) => data.every(Number.isFinite))).toBe(true)
    expect((await watched.lab.call('history', { run })).some(({ type }) => type === 'failed')).toBe(true)
  })

  it('stops the source stage', async () => {
    const { ended, folder } = await watched.train(
      small({ target, sourceStage: { learningRate: 10, epochs: 5 } }),
    )
    expect(ended).toMatchObject({ type: 'failed', code: 'source-loss-not-finite' })
    expect(readdirSync(join(folder, 'checkpoints'))).toEqual([])
  })
})

describe('a disk that is full', () => {
  const mount = temporaryFolder()
  const isMounted = (() => {
    try {
      // Large enough for the run's estimate; a file fills it up later.
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=30m', 'tmpfs', mount], { stdio: 'ignore' })
      return true
    } catch {
      return false
    }
  })()
  afterAll(() => {
    if (isMounted) execFileSync('umount', [mount])
  })

  it('is told before anything is written, with figures', async () => {
    const huge = small({ target, adaptation: { ...smallInput.adaptation, epochs: 100_000 } })
    await expect(watched.lab.call('start', { experiment: huge })).rejects.toMatchObject({
      code: 'not-enough-space',
      params: { needed: expect.stringMatching(/GB|TB/), free: expect.stringMatching(/B$/) },
    })
  })

  // Without permission to mount, test/unit/checkpoints/refusals.test.ts checks the same under a limit on file sizes.
  const onSmallDisk: typeof it | (() => void) = isMounted ? it : () => undefined
  onSmallDisk('takes the round in progress and none before', async () => {
    const lab = await openLab(mount)
    try {
      const { run, folder } = await lab.lab.call('start', { experiment: small({ target }) })
      await lab.lab.call('control', { run, action: 'round' })
      await lab.reached(run, ({ phase }) => phase === 'paused')
      await lab.lab.call('control', { run, action: 'round' })
      await lab.reached(run, ({ phase, round }) => phase === 'paused' && round === 1)
      const free = Number(execFileSync('stat', ['-f', '-c', '%a', mount], { encoding: 'utf8' })) * 4096
      writeFileSync(join(mount, 'filler'), Buffer.alloc(Math.max(0, free - 1_000_000)))
      await lab.lab.call('control', { run, action: 'continue' })
      const ended = await lab.ending(run)
      expect(ended).toMatchObject({ type: 'failed', code: 'disk-full' })
      expect(existsSync(checkpointPath(folder, 2))).toBe(false)
      expect((await readCheckpoint(checkpointPath(folder, 1))).facts?.round).toBe(1)
      const { summary } = await lab.lab.call('run', { run })
      expect(summary).toMatchObject({ rounds: 1, damage: [] })
      expect(['failed', 'interrupted']).toContain(summary.state)

      writeFileSync(join(mount, 'filler'), '')
      const heard = lab.events.length
      await lab.lab.call('resume', { run })
      expect((await lab.ending(run, heard)).type).toBe('finished')
    } finally {
      await lab.lab.close()
    }
  })
})

describe('a data folder without permission', () => {
  const mayWriteAnywhere = process.getuid?.() === 0

  it('refuses a start and writes nothing', async () => {
    const parent = temporaryFolder()
    const folder = join(parent, 'data')
    if (mayWriteAnywhere) {
      // No folder is read-only for root, but a file in place of the folder cannot be written through.
      mkdirSync(folder)
      writeFileSync(join(folder, 'runs'), '')
    } else {
      mkdirSync(folder, { mode: 0o500 })
    }
    const lab = await openLab(folder)
    try {
      await expect(lab.lab.call('start', { experiment: small({ target }) })).rejects.toMatchObject({
        code: mayWriteAnywhere ? expect.any(String) : 'no-permission',
      })
      expect(readdirSync(folder)).toEqual(mayWriteAnywhere ? ['runs'] : [])
    } finally {
      chmodSync(folder, 0o700)
      await lab.lab.close()
    }
  })
})

describe('two labs on one data folder', () => {
  it('see each other train, live, and only one writes a run', async () => {
    const folder = temporaryFolder()
    const first = await openLab(folder)
    const second = await openLab(folder)
    try {
      await second.lab.call('runs', {})
      const { run } = await first.lab.call('start', { experiment: small({ target }) })
      await first.lab.call('control', { run, action: 'round' })
      await first.reached(run, ({ phase }) => phase === 'paused')
      await second.until((event) => event.type === 'recorded' && event.event.type === 'round')
      expect(await second.lab.call('runs', {})).toMatchObject([{ id: run, state: 'running' }])
      await expect(second.lab.call('resume', { run })).rejects.toMatchObject({ code: 'run-locked' })
      await expect(second.lab.call('control', { run, action: 'stop' })).rejects.toMatchObject({
        code: 'run-locked',
      })
      await expect(second.lab.call('trash', { run })).rejects.toMatchObject({ code: 'run-running' })
      await expect(first.lab.call('start', { experiment: small({ target }) })).rejects.toMatchObject({
        code: 'run-running',
        params: { run },
      })
      await first.lab.call('control', { run, action: 'continue' })
      const [here, there] = await Promise.all([first.ending(run), second.ending(run)])
      expect(there).toEqual(here)
      const recorded = ({ events }: Watched) =>
        events.flatMap((event) => (event.type === 'recorded' ? [event.event] : []))
      expect(recorded(second)).toEqual(recorded(first))
    } finally {
      await first.lab.close()
      await second.lab.close()
    }
  })

  if (isLong) {
    it('may train two runs at once', async () => {
      const folder = temporaryFolder()
      const labs = await Promise.all([openLab(folder), openLab(folder)])
      try {
        const ended = await Promise.all(labs.map((lab) => lab.train(small({ target }))))
        expect(ended.map((one) => one.ended.type)).toEqual(['finished', 'finished'])
        expect(new Set(ended.map(({ run }) => run)).size).toBe(2)
      } finally {
        await Promise.all(labs.map(({ lab }) => lab.close()))
      }
    })
  }
})

describe('a lab that is closed', () => {
  it('stops its run with its state saved', async () => {
    const folder = temporaryFolder()
    const lab = await openLab(folder)
    const { run } = await lab.lab.call('start', { experiment: small({ target }) })
    await lab.lab.call('control', { run, action: 'round' })
    await lab.reached(run, ({ phase }) => phase === 'paused')
    await lab.lab.close()
    expect((await watchedState(folder, run)).state).toBe('stopped')
  })

  it('and one that dies, too: the trainer saves and ends, whatever else it was told', async () => {
    const folder = temporaryFolder()
    const run = join(folder, 'runs', 'orphan')
    mkdirSync(join(run, 'checkpoints'), { recursive: true })
    const experiment = small({ target })
    const record = {
      schema: 2,
      id: 'orphan',
      created: new Date().toISOString(),
      experiment,
      machinery: null,
      parent: null,
      state: 'running',
      rounds: 0,
      failure: null,
    }
    writeFileSync(join(run, 'run.json'), JSON.stringify(record))
    const trainer = fork(join(programs, 'trainer.cjs'), [], {
      execArgv: [],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    const gone = new Promise<string | null>((resolve) => {
      trainer.once('exit', (_code, signal) => resolve(signal))
    })
    trainer.send({
      type: 'train',
      run: 'orphan',
      folder: run,
      datasets: join(folder, 'datasets'),
      experiment,
      from: 'fresh',
      threads: 2,
      lockedBy: null,
    })
    const learns = new Promise<void>((resolve) => {
      trainer.on('message', (message: { type: string; event?: { type: string } }) => {
        if (message.event?.type === 'source-loss' || message.event?.type === 'round') resolve()
      })
    })
    const isGone = gone.then((signal) => {
      throw new Error(`the trainer ended before it learned: ${signal}`)
    })
    await Promise.race([learns, isGone])
    trainer.send({ type: 'control', action: 'explode' })
    trainer.send('nonsense')
    trainer.disconnect()
    await gone
    expect(JSON.parse(readFileSync(join(run, 'run.json'), 'utf8'))).toMatchObject({ state: 'stopped' })
    expect(existsSync(join(run, 'lock'))).toBe(false)
    expect(readdirSync(join(run, 'pause'))).toHaveLength(1)
  })
})

async function watchedState(folder: string, run: string) {
  const lab = await openLab(folder)
  try {
    return (await lab.lab.call('run', { run })).summary
  } finally {
    await lab.lab.close()
  }
}
