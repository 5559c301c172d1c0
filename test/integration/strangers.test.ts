/** Untrusted files: reading them must not block the service, and only permitted paths in them are opened. */
import { renameSync, writeFileSync } from 'fs'
import { join } from 'path'
import { zipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCheckpoint, writeCheckpoint } from '../../src/checkpoints/checkpoint'
import type { Experiment } from '../../src/contract/experiment'
import { encodeNpz } from '../../src/data/stored-arrays'
import { equalImages } from '../../src/data/dataset'
import { encodeNpy } from '../../src/data/codecs/npy'
import { createAnalyst } from '../../src/lab/analyst'
import { turnsDuring } from '../event-loop'
import { openLab, small, smallInput, temporaryFolder, useProgramsInFile, type Watched } from './programs'

const programs = useProgramsInFile()
/** Longest time that the service's event loop may be blocked. */
const maxMs = 50
const files = temporaryFolder()

/** Images of bars in three colours, vertical in class 0 and horizontal in class 1. */
function bars(name: string): string {
  const [count, size] = [60, 28]
  const pixels = new Uint8Array(count * size * size * 3)
  const labels = Int32Array.from({ length: count }, (_, image) => image % 2)
  for (let place = 0; place < pixels.length; place++) {
    const [image, y, x] = [
      Math.floor(place / (3 * size * size)),
      Math.floor(place / (3 * size)) % size,
      Math.floor(place / 3) % size,
    ]
    const across = labels[image] === 0 ? x : y
    if (across > 8 + (image % 5) && across < 14 + (image % 5)) pixels[place] = 255 - 60 * (place % 3)
  }
  const file = join(files, name)
  writeFileSync(
    file,
    encodeNpz(equalImages({ width: size, height: size, channels: 3, train: { pixels, labels }, test: null })),
  )
  return file
}

/** An archive of uncompressed arrays, as written by `numpy.savez`. */
function large(name: string, count: number): string {
  const file = join(files, name)
  const pixels = Buffer.alloc(count * 784, Buffer.from(Array.from({ length: 251 }, (_, value) => value)))
  const labels = Buffer.from(Int32Array.from({ length: count }, (_, image) => image % 2).buffer)
  const images = encodeNpy({ type: '|u1', shape: [count, 28, 28], bytes: pixels })
  writeFileSync(
    file,
    zipSync(
      { 'images.npy': images, 'labels.npy': encodeNpy({ type: '<i4', shape: [count], bytes: labels }) },
      { level: 0 },
    ),
  )
  return file
}

/** An archive of 0.2 MB that unpacks to 200 MB and claims 36 MB. */
function lying(name: string): string {
  const archive = Buffer.from(zipSync({ 'images.npy': new Uint8Array(200_000_000) }))
  archive.writeUInt32LE(36_000_000, archive.lastIndexOf('PK\x01\x02', 'latin1') + 24)
  const file = join(files, name)
  writeFileSync(file, archive)
  return file
}

const domainOf = (dataset: string) => ({ dataset, classes: [0, 1] })
const refusalOf = (action: Promise<unknown>) =>
  action.then(
    () => 'done',
    (error: unknown) => error,
  )

describe('the event loop of the service', () => {
  let watched: Watched
  let honest: string
  let liar: string
  let checkpoint: string

  beforeAll(async () => {
    watched = await openLab()
    honest = large('large.npz', 160_000)
    liar = lying('lying.npz')
    checkpoint = join(files, 'foreign.dalab.safetensors')
    const { run } = await watched.train(small({ adaptation: { epochs: 0 } }))
    const [source] = await watched.lab.call('checkpoints', { run })
    const { tensors, facts } = await readCheckpoint(source?.path ?? '')
    if (facts === null) throw new Error('no facts')
    await writeCheckpoint(checkpoint, facts, tensors)
  })
  afterAll(() => watched.lab.close())

  it.each([
    ['a preview', () => watched.lab.call('previewDataset', { path: honest })],
    ['a check', () => watched.lab.call('check', { experiment: { ...smallInput, source: domainOf(honest) } })],
    [
      'an evaluation',
      () => watched.lab.call('evaluate', { checkpoint, ...domainOf(honest), count: 100, split: 'train' }),
    ],
  ] as const)('is free during %s of a large dataset', async (_, action) => {
    const { longestMs, count } = await turnsDuring<unknown>(action)
    expect(longestMs).toBeLessThan(maxMs)
    expect(count).toBeGreaterThan(2)
  })

  it('is free while a file is read that lies about its size, which ends with its name', async () => {
    for (const action of [
      () => watched.lab.call('previewDataset', { path: liar }),
      () => watched.lab.call('check', { experiment: { ...smallInput, target: domainOf(liar) } }),
      () => watched.lab.call('evaluate', { checkpoint, ...domainOf(liar) }),
    ]) {
      const { answer, longestMs } = await turnsDuring(() => refusalOf(action()))
      expect(answer).toMatchObject({
        code: 'npz-entry-unreadable',
        params: { file: liar, problem: 'longer-than-claimed' },
      })
      expect(longestMs).toBeLessThan(maxMs)
    }
  })

  it('is free while checkpoints are shown, opened, imported and exported', async () => {
    const { lab } = watched
    for (const action of [
      () => lab.call('show', { path: checkpoint }),
      () => lab.call('open', { path: checkpoint }),
      () => lab.call('export', { checkpoint, format: 'npy', out: join(files, 'npy') }),
      () => lab.call('import', { path: join(files, 'npy') }),
    ]) {
      expect((await turnsDuring<unknown>(action)).longestMs).toBeLessThan(maxMs)
    }
  })
})

describe('reading', () => {
  const order = { path: join(files, 'to-read.npz') }
  const place = { workers: programs, execPath: process.execPath }
  const diary = { log: () => undefined, crashed: () => undefined }

  beforeAll(() => void bars('to-read.npz'))

  it('that takes too long is ended with the name of the file, and the next question is answered', async () => {
    const analyst = createAnalyst(place, diary, { secondsToRead: 0.01 })
    const [read, next] = await Promise.all([
      refusalOf(analyst.ask('previewDataset', order)),
      analyst.ask('machinery', { threads: 1 }),
    ])
    expect(read).toMatchObject({ code: 'reading-too-long', params: { file: order.path, seconds: 0.01 } })
    expect(next).toMatchObject({ backend: 'tensorflow' })
    await analyst.close()
  })

  it('can be cancelled, under way or waiting, and what else was asked is answered', async () => {
    const analyst = createAnalyst(place, diary)
    const asked = Promise.all([
      refusalOf(analyst.ask('previewDataset', order)),
      analyst.ask('machinery', { threads: 1 }),
      refusalOf(analyst.ask('previewDataset', order)),
    ])
    analyst.cancel(order.path)
    const cancelled = { code: 'reading-cancelled', params: { file: order.path } }
    expect(await asked).toMatchObject([cancelled, { backend: 'tensorflow' }, cancelled])
    expect((await analyst.ask('previewDataset', order)).summary.channels).toBe(3)
    await analyst.close()
  })

  it('is cancelled by a command', async () => {
    const { lab } = await openLab()
    const reading = refusalOf(lab.call('previewDataset', order))
    await lab.call('cancelReading', { path: order.path })
    expect(await reading).toMatchObject({ code: 'reading-cancelled' })
    await lab.close()
  })
})

describe('a path inside a checkpoint', () => {
  const elsewhere = '\\\\host\\share\\set.npz'
  let own: Watched
  let other: Watched
  let dataset: string
  let trained: string

  beforeAll(async () => {
    dataset = bars('private.npz')
    own = await openLab()
    other = await openLab()
    const experiment = small({
      target: domainOf(dataset),
      model: { channels: 3 },
      source: { ...smallInput.source, count: 60 },
    })
    trained = (await own.train(experiment)).run
  })
  afterAll(async () => {
    await own.lab.close()
    await other.lab.close()
  })

  /** The run's last checkpoint as a file in another folder, with its experiment changed by `change`. */
  async function brought(name: string, change: (experiment: Experiment) => Experiment = (same) => same) {
    const last = (await own.lab.call('checkpoints', { run: trained })).pop()
    const { facts, tensors } = await readCheckpoint(last?.path ?? '')
    if (facts === null) throw new Error('no facts')
    const file = join(files, name)
    await writeCheckpoint(file, { ...facts, experiment: change(facts.experiment) }, tensors)
    return file
  }

  const refused = (action: Promise<unknown>, origin: string, path: string, code = 'path-not-named') =>
    expect(action).rejects.toMatchObject({ code, params: { origin, path } })

  it('is opened for a run that was started here with it', async () => {
    const [, checkpoint] = await own.lab.call('checkpoints', { run: trained })
    const { domain } = await own.lab.call('evaluate', { checkpoint: checkpoint?.path ?? '' })
    expect(domain.dataset).toBe(dataset)
    await own.lab.call('viewImages', { run: trained })
    expect((await own.lab.call('run', { run: trained })).pathsToAllow).toEqual([])
    const after = own.events.length
    await own.lab.call('resume', { run: trained, rounds: 3 })
    expect((await own.ending(trained, after)).type).toBe('finished')
  })

  it('is not opened for a file from elsewhere unless it is named', async () => {
    const checkpoint = await brought('brought.dalab.safetensors')
    await refused(other.lab.call('evaluate', { checkpoint, count: 10 }), checkpoint, dataset)
    const { domain } = await other.lab.call('evaluate', { checkpoint, dataset })
    expect(domain.dataset).toBe(dataset)
    const another = await other.lab.call('evaluate', { checkpoint, dataset: 'mnist', count: 10 })
    expect(another.domain).toMatchObject({ dataset: 'mnist', split: 'test' })
  })

  it('is not opened for an imported run until it is allowed, and then it is', async () => {
    const { lab } = other
    const { run, checkpoint } = await lab.call('import', {
      path: await brought('imported.dalab.safetensors'),
    })
    // Opening it would give another error.
    renameSync(dataset, `${dataset}.away`)
    await refused(lab.call('evaluate', { checkpoint }), checkpoint, dataset)
    await refused(lab.call('contrast', { checkpoint, against: checkpoint }), checkpoint, dataset)
    await refused(lab.call('viewImages', { run }), run, dataset)
    await refused(lab.call('resume', { run, rounds: 4 }), run, dataset)
    await refused(lab.call('resume', { run, round: 2, rounds: 4 }), run, dataset)
    renameSync(`${dataset}.away`, dataset)

    expect((await lab.call('run', { run })).pathsToAllow).toEqual([{ path: dataset, elsewhere: false }])
    await lab.call('allowPaths', { run, paths: [dataset] })
    expect((await lab.call('run', { run })).pathsToAllow).toEqual([])
    expect((await lab.call('evaluate', { checkpoint })).domain.dataset).toBe(dataset)
    const after = other.events.length
    await lab.call('resume', { run, rounds: 4 })
    expect((await other.ending(run, after)).type).toBe('finished')
  })

  it('is opened for a new run whose user names it', async () => {
    const { lab } = other
    const { run } = await lab.call('import', { path: await brought('named.dalab.safetensors') })
    const order = { run, rounds: 4, changes: { 'target.dataset': dataset } }
    const child = await lab.call('resume', order)
    expect(child.run).not.toBe(run)
    expect((await other.ending(child.run)).type).toBe('finished')
    expect((await lab.call('run', { run: child.run })).pathsToAllow).toEqual([])
  })

  it('on the network or of a device is never opened', async () => {
    for (const path of [elsewhere, '/dev/zero', '/proc/self/environ']) {
      const file = await brought('elsewhere.dalab.safetensors', (experiment) => ({
        ...experiment,
        source: { ...experiment.source, dataset: path },
        target: { ...experiment.target, dataset: path },
      }))
      await refused(other.lab.call('evaluate', { checkpoint: file }), file, path, 'path-elsewhere')
      const { run, checkpoint } = await other.lab.call('import', { path: file })
      await refused(other.lab.call('evaluate', { checkpoint }), checkpoint, path, 'path-elsewhere')
      await refused(other.lab.call('resume', { run, rounds: 4 }), run, path, 'path-elsewhere')
      await refused(other.lab.call('allowPaths', { run, paths: [path] }), run, path, 'path-elsewhere')
    }
  })
})
