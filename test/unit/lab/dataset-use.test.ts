/** Removing a dataset: the runs and series that use it. */
import { promises as fs } from 'fs'
import { join } from 'path'
import { beforeEach, describe, expect, it } from 'vitest'
import { noChoices } from '../../../src/contract/reading'
import { createRun } from '../../../src/checkpoints/runs'
import { readRecord } from '../../../src/checkpoints/run-record'
import { experimentSchema, type Experiment } from '../../../src/contract/experiment'
import { encodeNpz } from '../../../src/data/stored-arrays'
import { equalImages } from '../../../src/data/dataset'
import { importDataset } from '../../../src/data/import-dataset'
import { restoreDataset } from '../../../src/data/dataset-trash'
import { checkExperiment } from '../../../src/lab/experiments'
import { foldersIn } from '../../../src/lab/data-folder'
import { datasetUse, discardDataset } from '../../../src/lab/datasets'
import { createQueue, type Queue } from '../../../src/lab/queue'
import { methods } from '../../../src/methods/registry'
import { emptyFolder } from '../checkpoints/samples'
import { bitmap, decodeBitmap } from '../data/support'

let data: string
let queue: Queue
const folders = () => foldersIn(data)

function experimentOn(name: string, source: string, target: string): Experiment {
  const domains = {
    source: { dataset: source, classes: ['#1', '#0'] },
    target: { dataset: target, classes: ['#0', '#2'] },
  }
  return experimentSchema.parse({ name, ...domains, pairing: [0, 1] })
}

async function runOn(name: string, source: string, target: string): Promise<string> {
  const experiment = experimentOn(name, source, target)
  const run = { experiment, machinery: null, parent: null, state: 'finished' } as const
  const { folder, release } = await createRun(data, run)
  await release()
  return folder
}

async function classesOf(folder: string): Promise<string[][]> {
  const { source, target } = (await readRecord(folder)).experiment
  return [source.classes, target.classes]
}

beforeEach(async () => {
  data = await emptyFolder()
  const images = join(data, 'images')
  for (const name of ['circle', 'square', 'star']) {
    await fs.mkdir(join(images, name), { recursive: true })
    await fs.writeFile(join(images, name, '1.ppm'), bitmap(1, 1, [200, 30, 60]))
  }
  const reading = { decode: decodeBitmap, choices: noChoices }
  await importDataset(images, 'Shapes', folders().datasets, reading)
  const train = { pixels: Uint8Array.of(1, 2, 3), labels: Uint8Array.of(0, 1, 2) }
  const npz = join(data, 'other.npz')
  await fs.writeFile(npz, encodeNpz(equalImages({ width: 1, height: 1, channels: 1, train, test: null })))
  await importDataset(npz, 'Other', folders().datasets, reading)
  queue = createQueue({
    dataFolder: () => data,
    isBusy: () => true,
    start: () => Promise.reject(new Error('nothing is to begin')),
    resume: () => Promise.reject(new Error('nothing is to begin')),
    changed: () => undefined,
    log: () => undefined,
  })
})

describe('a dataset', () => {
  it('is one under either way of composing its name, for experiments, uses, trash and restore', async () => {
    const [composed, decomposed] = ['NFC', 'NFD'].map((form) => 'Café'.normalize(form)) as [string, string]
    const train = { pixels: Uint8Array.of(1, 2, 3, 4), labels: Uint8Array.of(0, 1, 2, 3) }
    const npz = join(data, 'cafe.npz')
    await fs.writeFile(npz, encodeNpz(equalImages({ width: 1, height: 1, channels: 1, train, test: null })))
    const { datasets } = folders()
    await importDataset(npz, decomposed, datasets, { decode: decodeBitmap, choices: noChoices })
    const context = {
      methods: methods.map(({ declaration }) => declaration),
      folders,
      analyst: null as never,
    }
    const checked = await checkExperiment(context, experimentOn('First', decomposed, decomposed))
    expect([checked.source.dataset, checked.target.dataset]).toEqual([composed, composed])
    await runOn('First', composed, 'mnist')
    expect((await datasetUse({ folders }, queue, decomposed)).runs).toMatchObject([{ name: 'First' }])
    expect(await discardDataset({ folders }, decomposed)).toEqual({ name: composed })
    expect(await restoreDataset(decomposed, datasets)).toBe(composed)
  })

  it('is used by the runs whose source or target it is, and by series that wait for it', async () => {
    await runOn('First', 'Shapes', 'mnist')
    await runOn('Second', 'mnist', 'Shapes')
    await runOn('Third', 'mnist', 'usps')
    await queue.add('Waiting', [experimentOn('a', 'usps', 'usps'), experimentOn('b', 'mnist', 'Shapes')])
    await queue.add('Elsewhere', [experimentOn('c', 'usps', 'mnist')])
    const { runs, series } = await datasetUse({ folders }, queue, 'Shapes')
    expect(runs.map(({ name }) => name).sort()).toEqual(['First', 'Second'])
    expect(series).toEqual(['Waiting'])
  })

  it('leaves the names of its classes with runs that did not have them', async () => {
    const both = await runOn('Both', 'Shapes', 'Other')
    const none = await runOn('None', 'mnist', 'usps')
    expect(await discardDataset({ folders }, 'Shapes')).toEqual({ name: 'Shapes' })
    expect(await classesOf(both)).toEqual([
      ['square', 'circle'],
      ['#0', '#2'],
    ])
    await discardDataset({ folders }, 'Other')
    expect(await classesOf(both)).toEqual([
      ['square', 'circle'],
      ['0', '2'],
    ])
    expect(await classesOf(none)).toEqual([
      ['#1', '#0'],
      ['#0', '#2'],
    ])
    expect(await fs.readdir(both)).not.toContain('lock')
  })
})

describe('what was taken out of a series', () => {
  const seedsOf = async () =>
    (await queue.list()).map(({ name, held, items }) => [name, held, ...items.map(({ number }) => number)])
  const three = () => ['a', 'b', 'c'].map((name) => experimentOn(name, 'mnist', 'usps'))

  it('comes back in its place, one at a time', async () => {
    const series = await queue.add('Three', three())
    await queue.cancel(series, [1])
    await queue.cancel(series, [2])
    expect(await seedsOf()).toEqual([['Three', false, 3]])
    await queue.requeue(series, [1])
    expect(await seedsOf()).toEqual([['Three', false, 1, 3]])
    await queue.requeue(series, [2])
    expect((await queue.list())[0]?.items.map(({ name }) => name)).toEqual(['a', 'b', 'c'])
  })

  it('comes back as a whole, under its own name', async () => {
    const series = await queue.add('Three', three())
    await queue.cancel(series, [1, 2, 3])
    expect(await seedsOf()).toEqual([])
    await queue.requeue(series, [1, 2, 3])
    expect(await seedsOf()).toEqual([['Three', false, 1, 2, 3]])
    await queue.dismiss(series)
    expect(await fs.readdir(join(data, 'queue'))).toEqual([])
    await queue.requeue(series, [1, 2, 3])
    expect(await seedsOf()).toEqual([['Three', false, 1, 2, 3]])
    await expect(queue.requeue(series, [1])).rejects.toMatchObject({ code: 'unknown-series' })
  })
})
