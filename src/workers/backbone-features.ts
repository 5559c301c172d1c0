/**
 * Gives an encoder the features of a frozen backbone instead of images. They are computed once for each image, in a
 * batch at a time, and kept in the data folder (src/checkpoints/feature-cache.ts).
 */
import { dirname, join } from 'path'
import * as tf from '@tensorflow/tfjs-core'
import {
  type FeatureCache,
  type FeatureOrigin,
  keyOfFeatures,
  lockFeatures,
  openFeatureCache,
} from '../checkpoints/feature-cache'
import type { BackboneChoice, ModelOptions } from '../contract/experiment'
import type { DomainImages, DomainSamples, DomainVectors } from '../data/domain'
import { normaliserOf } from '../data/normalise'
import { freeing } from '../models/scope'
import { batchSize, type Extractor, extractRows, joined } from '../training/extractor'
import { samplesIn } from '../training/samples'
import { extractorFor } from './extractors'
import type { PredictedSamples } from './sample-passes'

/** Rows that a file of the cache holds: what is lost if the process is killed is computed again in seconds. */
const rowsInFile = 256

export interface FeatureReport {
  /** Called before each batch, and while another process computes the same features; throws to give up. */
  turn(done: number, missing: number): Promise<void>
  /** Features were computed; `deleted` files of the cache could not be used. */
  computed(summary: FeatureSummary): void
}

export interface FeatureSummary {
  readonly computed: number
  readonly cached: number
  readonly deleted: number
  readonly seconds: number
}

const silent: FeatureReport = { turn: () => Promise.resolve(), computed: () => undefined }

/** The data folder holds the folders `datasets`, `features` and `backbones` side by side. */
const beside = (datasets: string, name: string): string => join(dirname(datasets), name)

/**
 * The samples as the encoder takes them: with a backbone, its normalised features; else the samples themselves.
 * @param datasets folder of the datasets
 * @throws `backbone-missing`, `output-not-finite`, and what `report.turn` throws
 */
export async function encodedSamples<Samples extends DomainSamples>(
  samples: Samples,
  model: ModelOptions,
  datasets: string,
  report = silent,
): Promise<Samples | DomainVectors> {
  const { backbone } = model
  if (backbone === null || 'length' in samples) return samples
  const images: DomainImages = samples
  const length = model.length ?? 0
  const origin = originOf(images, backbone, length)
  const extractor = () => extractorFor(backbone, images.size, beside(datasets, 'backbones'))
  const rows =
    origin === null
      ? await computedRows(images, await extractor(), report)
      : await cachedRows(images, origin, beside(datasets, 'features'), extractor, report)
  const pixels = normaliserOf(model.vectors, rows, length)(rows)
  return { indices: images.indices, labels: images.labels, count: images.count, pixels, length }
}

/** Null for files that may change unnoticed: their features are not kept. */
function originOf(
  { origin, size, channels }: DomainImages,
  { network, weights }: BackboneChoice,
  length: number,
): FeatureOrigin | null {
  if (origin === undefined) return null
  const { dataset, shown } = origin
  return { dataset, preparation: [shown, size, channels], network, weights, length }
}

type Rows = ReadonlyMap<number, Float32Array>

/** Features that were used last, by key: the same few are asked for again and again. */
const kept = new Map<string, Rows>()
const mostKept = 4

function keep(key: string, rows: Rows): void {
  kept.delete(key)
  kept.set(key, rows)
  const [oldest] = kept.keys()
  if (kept.size > mostKept && oldest !== undefined) kept.delete(oldest)
}

async function cachedRows(
  images: DomainImages,
  origin: FeatureOrigin,
  folder: string,
  extractor: () => Promise<Extractor>,
  report: FeatureReport,
): Promise<Float32Array> {
  const key = keyOfFeatures(origin)
  const known = kept.get(key)
  const rows =
    known !== undefined && hasAll(known, images)
      ? known
      : await storedRows(images, origin, folder, extractor, report)
  keep(key, rows)
  return rowsOf(images.indices, rows, origin.length)
}

const hasAll = (rows: Rows, { indices }: DomainImages) => indices.every((index) => rows.has(index))

/** Those in the data folder; what is missing there is computed, by one process at a time. */
async function storedRows(
  images: DomainImages,
  origin: FeatureOrigin,
  folder: string,
  extractor: () => Promise<Extractor>,
  report: FeatureReport,
): Promise<Rows> {
  const before = await openFeatureCache(folder, origin)
  if (hasAll(before.rows, images)) return before.rows
  const release = await lockFeatures(folder, origin, () => report.turn(0, images.count))
  try {
    // Another process may have computed some while this one waited.
    const cache = await openFeatureCache(folder, origin)
    const deleted = before.deleted + cache.deleted
    await fill({ ...cache, deleted }, images, await extractor(), report)
    return cache.rows
  } finally {
    await release()
  }
}

/** Computes the rows that a cache lacks. What was computed is kept, also if `report.turn` gives up. */
async function fill(
  cache: FeatureCache,
  images: DomainImages,
  extractor: Extractor,
  report: FeatureReport,
): Promise<void> {
  const began = Date.now()
  const indexAt = (position: number) => images.indices[position] ?? -1
  const missing = Int32Array.from(images.indices.keys()).filter((at) => !cache.rows.has(indexAt(at)))
  let indices: number[] = []
  let rows: Float32Array[] = []
  const write = async () => {
    if (indices.length > 0) await cache.add(indices, joined(rows))
    indices = []
    rows = []
  }
  try {
    for await (const batch of batchesOf(images, missing, extractor, report)) {
      indices.push(...Array.from(batch.positions, indexAt))
      rows.push(batch.rows)
      if (indices.length >= rowsInFile) await write()
    }
  } finally {
    await write()
  }
  const seconds = (Date.now() - began) / 1000
  const cached = images.count - missing.length
  report.computed({ computed: missing.length, cached, deleted: cache.deleted, seconds })
}

async function computedRows(
  images: DomainImages,
  extractor: Extractor,
  report: FeatureReport,
): Promise<Float32Array> {
  const began = Date.now()
  const rows: Float32Array[] = []
  const positions = Int32Array.from(images.indices.keys())
  for await (const batch of batchesOf(images, positions, extractor, report)) rows.push(batch.rows)
  const seconds = (Date.now() - began) / 1000
  report.computed({ computed: images.count, cached: 0, deleted: 0, seconds })
  return joined(rows)
}

/** Features `[positions.length, length]` of the images at these positions, a batch at a time. */
async function* batchesOf(
  images: DomainImages,
  positions: Int32Array,
  extractor: Extractor,
  report: FeatureReport,
): AsyncGenerator<{ readonly positions: Int32Array; readonly rows: Float32Array }> {
  const samples = samplesIn(images)
  try {
    for (let start = 0; start < positions.length; start += batchSize) {
      await report.turn(start, positions.length)
      const batch = positions.subarray(start, start + batchSize)
      await samples.ready(batch)
      const rows = freeing(() => extractRows(extractor, samples.batch(samples.input(batch))))
      yield { positions: batch, rows }
    }
  } finally {
    samples.dispose()
  }
}

/**
 * The passes of samples that are read from files, as the encoder takes them.
 * @throws `backbone-missing`
 */
export async function encodedPasses(
  samples: PredictedSamples,
  { backbone, side, length, vectors }: ModelOptions,
  datasets: string,
): Promise<PredictedSamples> {
  if (backbone === null) return samples
  const extractor = await extractorFor(backbone, side, beside(datasets, 'backbones'))
  const columns = length ?? 0
  const normalise = normaliserOf(vectors, new Float32Array(0), columns)
  return {
    ...samples,
    async *passes(from) {
      for await (const pass of samples.passes(from)) {
        const rows = () => {
          const values = normalise(freeing(() => extractRows(extractor, pass.rows())))
          return tf.tensor2d(values, [values.length / columns, columns])
        }
        yield { ...pass, rows }
      }
    },
  }
}

function rowsOf(indices: Int32Array, rows: Rows, length: number): Float32Array {
  const all = new Float32Array(indices.length * length)
  indices.forEach((index, at) => {
    const row = rows.get(index)
    if (row === undefined) throw new Error(`no features of sample ${index}`)
    all.set(row, at * length)
  })
  return all
}
