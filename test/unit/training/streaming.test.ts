/** Domains too large for memory, of which batches are read from the disk: bit for bit as domains in memory. */
import { mkdtempSync, promises as fs } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { experimentSchema, type Experiment } from '../../../src/contract/experiment'
import { loadDomains } from '../../../src/data/experiment-samples'
import { areStored } from '../../../src/data/pixels'
import { samplesIn } from '../../../src/training/samples'
import { createTraining, type EngineKind } from '../../../src/training/training'
import { loadTensorFlow } from '../../../src/workers/native'
import { writePhotos } from '../../fixtures/stored-pictures'
import { refusalOf } from '../data/support'
import { settingsOf } from '../methods/stage'
import { at, eventsOf, fingerprint, resumedAt, timeless } from './support'

await loadTensorFlow(1)
vi.setConfig({ testTimeout: 180_000 })

const datasets = join(mkdtempSync(join(tmpdir(), 'streaming-')), 'datasets')
const classNames = ['cat', 'dog']

beforeAll(async () => {
  const equal = () => ({ width: 16, height: 16 })
  const differing = (index: number) => ({ width: 15 + (index % 5), height: 20 - (index % 3) })
  await writePhotos(datasets, { name: 'equal', count: 44, classNames, sizeOf: equal })
  await writePhotos(datasets, { name: 'differing', count: 40, classNames, sizeOf: differing })
})

function experimentOf(method: string, changes: { adaptation?: object; model?: object } = {}): Experiment {
  return experimentSchema.parse({
    name: 'streaming',
    source: { dataset: 'equal', classes: classNames, count: 24 },
    target: { dataset: 'differing', classes: classNames, count: 23 },
    pairing: [0, 1],
    model: { side: 16, channels: 3, ...changes.model },
    sourceStage: { batch: 10, epochs: 2, views: {} },
    adaptation: { ...settingsOf(method), epochs: 2, batch: 10, learningRate: 1e-3, ...changes.adaptation },
  })
}

const load = (experiment: Experiment, most?: number) => loadDomains(experiment, { datasets, most })

/** All events and the weights in the end. */
async function outcomeOf(experiment: Experiment, engine: EngineKind, most?: number) {
  const training = createTraining(experiment, await load(experiment, most), { engine })
  const events = timeless(await eventsOf(training))
  expect(training.obstacle()).toBeNull()
  const weights = fingerprint(training.checkpoint())
  training.dispose()
  return { events, weights }
}

test('domains beyond the bound are not read into memory, others are', async () => {
  const experiment = experimentOf('adda')
  const bytes = 24 * 16 * 16 * 3
  const { source, target } = await load(experiment, bytes)
  expect([areStored(source.pixels), areStored(target.pixels)]).toEqual([false, true])
  const small = await load(experiment, bytes - 1)
  expect([areStored(small.source.pixels), areStored(small.target.pixels)]).toEqual([true, true])
})

describe.each([
  ['adda', {}],
  ['mcd', {}],
  ['shot', {}],
  ['teacher-consistency', { adaptation: { shots: 2 } }],
  ['dann', { adaptation: { steps: 4, statistics: 'target' }, model: { encoder: 'lenet-bn' } }],
] as const)('%s', (method, changes) => {
  const experiment = experimentOf(method, changes)

  test.each(['compiled', 'eager'] as const)('on %s steps, trains and measures alike', async (engine) => {
    const streamed = await outcomeOf(experiment, engine, 1)
    expect(streamed).toEqual(await outcomeOf(experiment, engine))
  })
})

test.each(['compiled', 'eager'] as const)(
  'stopped and resumed in the middle on %s steps, a training ends as one never stopped',
  async (engine) => {
    const experiment = experimentOf('adda', { adaptation: { steps: 3 } })
    const given = await load(experiment, 1)
    const { reached } = await resumedAt(
      () => createTraining(experiment, given, { engine }),
      [at('source', 0, 2), at('adaptation', 1, 1), at('adaptation', 2, 2)],
    )
    expect(reached).toBe((await outcomeOf(experiment, engine)).weights)
  },
)

test('a batch read ahead is the batch that is read when needed, and one not read ahead is read then', async () => {
  const { source } = await load(experimentOf('adda'), 1)
  const samples = samplesIn(source)
  const [first, second] = [Int32Array.of(3, 1, 20), Int32Array.of(7)]
  const inputOf = (indices: Int32Array) => tf.tidy(() => Array.from(samples.input(indices).dataSync()))
  const read = inputOf(first)
  await samples.ready(first)
  samples.readAhead(second)
  expect(inputOf(first)).toEqual(read)
  await samples.ready(second)
  expect(inputOf(second)).toEqual(inputOf(second))
})

test('a file that changes during a training is an error, not other images', async () => {
  await writePhotos(datasets, {
    name: 'changing',
    count: 30,
    classNames,
    sizeOf: () => ({ width: 16, height: 16 }),
  })
  const experiment = experimentOf('adda')
  const source = { ...experiment.source, dataset: 'changing' }
  const training = createTraining(experiment, await load({ ...experiment, source }, 1), { engine: 'eager' })
  const file = join(datasets, 'changing.pixels')
  const refused = refusalOf(async () => {
    for await (const event of training.run())
      if (event.type === 'step') await fs.writeFile(file, Buffer.alloc(30 * 16 * 16 * 3))
  })
  expect(await refused).toEqual({ code: 'dataset-damaged', params: { file } })
  training.dispose()
})
