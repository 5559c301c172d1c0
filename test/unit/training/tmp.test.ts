/** Domains too large for memory, of which batches are read from the disk: bit for bit as domains in memory. */
import { mkdtempSync, promises as fs } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { experimentSchema, type Experiment } from '../../../src/contract/experiment'
import { loadDomains } from '../../../src/data/domain'
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
  const equal = () => ({ width: 32, height: 32 })
  const differing = (index: number) => ({ width: 30 + (index % 5), height: 40 - (index % 3) })
  await writePhotos(datasets, { name: 'equal', count: 44, classNames, sizeOf: equal })
  await writePhotos(datasets, { name: 'differing', count: 40, classNames, sizeOf: differing })
})

function experimentOf(method: string, changes: { adaptation?: object; model?: object } = {}): Experiment {
  return experimentSchema.parse({
    name: 'streaming',
    source: { dataset: 'equal', classes: classNames, count: 24 },
    target: { dataset: 'differing', classes: classNames, count: 23 },
    pairing: [0, 1],
    model: { side: 32, channels: 3, ...changes.model },
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


async function trace(experiment: Experiment, most?: number) {
  const training = createTraining(experiment, await load(experiment, most), { engine: 'compiled' })
  const out: string[] = []
  for await (const event of training.run()) {
    if (event.type === 'step') out.push(`${event.phase} ${event.round} ${event.step} ${JSON.stringify(training.latestLosses())} ${fingerprint(training.snapshot().tensors).slice(0,8)}`)
  }
  training.dispose()
  return out
}
test('x', async () => {
  for (const c of [{ adaptation: { steps: 4, statistics: 'target' }, model: { encoder: 'lenet-bn' } },{ adaptation: { steps: 4}, model: { encoder: 'lenet-bn' } },{ adaptation: { steps: 4} },{ model: { encoder: 'lenet-bn' } }]) {
  const experiment = experimentOf('dann', c)
  const a = await trace(experiment)
  for (const most of [1, 100000, undefined]) {
    const b = await trace(experiment, most)
    const i = b.findIndex((x, k) => x !== a[k])
    console.log(JSON.stringify(c), most, i, a.length, a[i], b[i])
  }}
})
