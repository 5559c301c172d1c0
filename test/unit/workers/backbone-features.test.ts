/** Features of the backbone that comes with the lab, on small colour images. */
import { promises as fs } from 'fs'
import { join } from 'path'
import * as tf from '@tensorflow/tfjs-core'
import { beforeAll, beforeEach, expect, it } from 'vitest'
import { type FeatureOrigin, keyOfFeatures, openFeatureCache } from '../../../src/checkpoints/feature-cache'
import { modelSchema, type ModelOptions } from '../../../src/contract/experiment'
import type { DomainImages, Shown } from '../../../src/data/domain'
import { stream } from '../../../src/data/random'
import { backboneNamed } from '../../../src/networks/backbones/registry'
import {
  encodedPasses,
  encodedSamples,
  type FeatureReport,
  type FeatureSummary,
} from '../../../src/workers/backbone-features'
import { extractorFor } from '../../../src/workers/extractors'
import { loadTensorFlow } from '../../../src/workers/native'
import { emptyFolder } from '../checkpoints/samples'

const side = 32
const { id: network, features: length, weights } = backboneNamed('efficientnet-lite0')
const backbone = { network, weights: weights ?? '' }
const model: ModelOptions = modelSchema.parse({ backbone, encoder: 'mlp', side, channels: 3, length })
const shown: Shown = { framing: 'inner-crop', shifts: [], seed: 0 }

/** Each index has an image of its own. */
function imagesAt(dataset: string, ...indices: number[]): DomainImages {
  const values = indices.flatMap((index) => {
    const random = stream(index, 'image')
    return Array.from({ length: side * side * 3 }, () => random.uniform())
  })
  return {
    count: indices.length,
    indices: Int32Array.from(indices),
    labels: new Int32Array(indices.length),
    pixels: Float32Array.from(values),
    size: side,
    channels: 3,
    origin: { dataset, shown },
  }
}

const originOf = (dataset: string): FeatureOrigin => ({
  dataset,
  preparation: [shown, side, 3],
  network,
  weights: backbone.weights,
  length,
})

let data: string

beforeAll(() => loadTensorFlow(1))
beforeEach(async () => {
  data = await emptyFolder()
})

async function encoded(images: DomainImages, report: Partial<FeatureReport> = {}) {
  const summaries: FeatureSummary[] = []
  const computed = (summary: FeatureSummary) => summaries.push(summary)
  const whole = { turn: () => Promise.resolve(), computed, ...report }
  const samples = await encodedSamples(images, model, join(data, 'datasets'), whole)
  const rows = Array.from({ length: images.count }, (_, at) =>
    Array.from(samples.pixels as Float32Array).slice(at * length, (at + 1) * length),
  )
  return { rows, summaries }
}

it('are computed by a compiled pass', async () => {
  const extractor = await extractorFor(backbone, side, join(data, 'backbones'))
  expect([extractor.engine, extractor.obstacle]).toEqual(['compiled', null])
})

it('do not depend on which images are computed together, and differ from image to image', async () => {
  const { rows } = await encoded(imagesAt('together', ...Array(10).keys()))
  const alone = await encoded(imagesAt('alone', 9))
  expect(alone.rows[0]).toEqual(rows[9])
  expect(new Set(rows.map((row) => row.join())).size).toBe(10)
  expect(rows.every((row) => row.every(Number.isFinite) && row.some((value) => value > 0))).toBe(true)
})

it('are computed once for each image of a dataset, in whatever selection it comes', async () => {
  const first = await encoded(imagesAt('selections', 0, 1, 2))
  const second = await encoded(imagesAt('selections', 2, 5))
  expect([...first.summaries, ...second.summaries]).toMatchObject([
    { computed: 3, cached: 0, deleted: 0 },
    { computed: 1, cached: 1, deleted: 0 },
  ])
  expect(second.rows[0]).toEqual(first.rows[2])
  expect((await encoded(imagesAt('selections', 5, 0))).summaries).toEqual([])
})

it('of files that may change unnoticed are computed each time and not kept', async () => {
  const { origin: _, ...images } = imagesAt('path', 0)
  for (const time of [1, 2]) {
    const { summaries } = await encoded(images)
    expect(summaries, String(time)).toMatchObject([{ computed: 1, cached: 0 }])
  }
  expect(await fs.readdir(data)).toEqual([])
})

it('that were computed before a stop are kept', async () => {
  const stop = (done: number) => (done > 0 ? Promise.reject(new Error('stopped')) : Promise.resolve())
  const images = imagesAt('stopped', ...Array(10).keys())
  await expect(encoded(images, { turn: stop })).rejects.toThrow('stopped')
  expect((await openFeatureCache(join(data, 'features'), originOf('stopped'))).rows.size).toBe(8)
  expect((await encoded(images)).summaries).toMatchObject([{ computed: 2, cached: 8 }])
})

it('in a damaged file are computed anew, which is said', async () => {
  const features = join(data, 'features')
  const origin = originOf('damaged')
  await (await openFeatureCache(features, origin)).add([0], new Float32Array(length))
  const folder = join(features, keyOfFeatures(origin))
  const [name = ''] = await fs.readdir(folder)
  await fs.truncate(join(folder, name), 100)
  const { rows, summaries } = await encoded(imagesAt('damaged', 0))
  expect(summaries).toMatchObject([{ computed: 1, cached: 0, deleted: 1 }])
  expect(rows[0]?.some((value) => value > 0)).toBe(true)
})

it('of images that are read one after another are those of the same images in a dataset', async () => {
  const images = imagesAt('passes', ...Array(10).keys())
  const { rows } = await encoded(images)
  const files = {
    ...{ count: 10, passSize: 10, folder: null, areFiles: true, mayFail: true, notes: [] },
    nameOf: (index: number) => index,
    fileOf: () => null,
    async *passes() {
      const inputs = () => tf.tensor(images.pixels as Float32Array, [10, side, side, 3])
      yield { start: 0, count: 10, rows: inputs, errors: new Map() }
    },
    dispose: () => undefined,
  }
  const found: unknown[] = []
  for await (const pass of (await encodedPasses(files, model, join(data, 'datasets'))).passes(0))
    found.push(...((await pass.rows().array()) as number[][]))
  expect(found).toEqual(rows)
})
