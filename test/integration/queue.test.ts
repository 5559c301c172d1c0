/** A series of experiments in the real lab: order, continuation after a failure, hold on a stop, and resumption. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { LabEvent } from '../../src/contract/lab'
import type { Series } from '../../src/contract/series'
import { openLab, small, smallInput, temporaryFolder, useProgramsInFile, type Watched } from './programs'

useProgramsInFile()
const dataFolder = temporaryFolder()
let watched: Watched
beforeAll(async () => {
  watched = await openLab(dataFolder)
})
afterAll(() => watched.lab.close())

const target = { ...smallInput.target, split: 'test' } as const
const seeded = (seed: number, changes: object = {}) => small({ target, seed, ...changes })
const states = ({ items }: Series) => items.map(({ number, state }) => `${number} ${state}`)

async function listed(id: string): Promise<Series> {
  const found = (await watched.lab.call('queue', {})).find((series) => series.id === id)
  if (found === undefined) throw new Error(`no series ${id}`)
  return found
}

/** Waits until `fits` is true for the series; checks again on every change of the queue. */
async function when(id: string, fits: (series: Series) => boolean): Promise<Series> {
  for (;;) {
    const heard = watched.events.length
    const series = await listed(id)
    if (fits(series)) return series
    const isNews = ({ type }: LabEvent) => type === 'queue-changed'
    await watched.until((event) => isNews(event) && watched.events.indexOf(event) >= heard)
  }
}

const isOver = ({ items }: Series) => items.every(({ state }) => state === 'over' || state === 'refused')

it('checks all before it takes any', async () => {
  const experiments = [seeded(0), { ...seeded(1), pairing: [1, 1] }]
  await expect(watched.lab.call('enqueue', { name: 'bad', experiments })).rejects.toMatchObject({
    code: 'invalid-pairing',
  })
  expect(await watched.lab.call('queue', {})).toEqual([])
})

it('knows no series but its own and those left behind', async () => {
  const error = { code: 'unknown-series', params: { id: 'none' } }
  const asked = { series: 'none' }
  await expect(watched.lab.call('cancelQueued', { ...asked, numbers: [1] })).rejects.toMatchObject(error)
  await expect(watched.lab.call('proceed', asked)).rejects.toMatchObject(error)
  await expect(watched.lab.call('dismiss', asked)).rejects.toMatchObject(error)
})

it('trains one after another, past one that fails, and not what was cancelled', async () => {
  const diverging = { sourceStage: { learningRate: 10 } }
  const experiments = [seeded(1, diverging), seeded(2), seeded(3)]
  const { series } = await watched.lab.call('enqueue', { name: 'three', experiments })
  await watched.lab.call('cancelQueued', { series, numbers: [3] })
  const done = await when(series, isOver)
  expect(states(done)).toEqual(['1 over', '2 over'])
  const runs = await watched.lab.call('runs', {})
  // Newest first: the runs were trained one by one.
  expect(runs.map(({ id }) => id).reverse()).toEqual(done.items.map(({ run }) => run))
  expect(runs.map(({ state }) => state).reverse()).toEqual(['failed', 'finished'])
}, 300_000)

it('is held by a stop, left by a program that ends, and goes on in the next one where it was', async () => {
  const adaptation = { ...smallInput.adaptation, epochs: 5 }
  const experiments = [seeded(0, { adaptation }), seeded(1, { adaptation })]
  const { series } = await watched.lab.call('enqueue', { name: 'left', experiments })
  const begun = await when(series, ({ items }) => items[0]?.state === 'training')
  const run = begun.items[0]?.run ?? ''
  await watched.lab.call('control', { run, action: 'stop' })
  const held = await when(series, (one) => one.held)
  expect(states(held)).toEqual(['1 waiting', '2 waiting'])
  await watched.lab.call('proceed', { series })
  await when(series, ({ items }) => items[0]?.state === 'training')
  await watched.lab.close()

  watched = await openLab(dataFolder)
  expect(await listed(series)).toMatchObject({
    held: true,
    items: [
      { state: 'waiting', run },
      { state: 'waiting', run: null },
    ],
  })
  await watched.lab.call('proceed', { series })
  const done = await when(series, isOver)
  const ids = done.items.map((item) => item.run ?? '')
  expect(ids[0]).toBe(run)
  const card = await watched.lab.call('card', { runs: ids })
  expect(card.runs.map(({ seed }) => seed)).toEqual(['0', '1'])
  expect(card.bestPairing?.deviation).not.toBeNull()
  // A finished series can be dismissed.
  await watched.lab.call('dismiss', { series })
  expect((await watched.lab.call('queue', {})).map(({ id }) => id)).not.toContain(series)
}, 300_000)
