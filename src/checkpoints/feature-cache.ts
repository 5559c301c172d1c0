/**
 * Features of images that a frozen backbone has computed, kept in the data folder: `features/<key>/<digest>.safetensors`.
 * The key is a digest of all that determines a row: the dataset's content, how images are framed and shifted, the
 * backbone, its weights, and this version. A file holds the rows of some images and is written at once, so a process
 * that is killed loses only the images that it was reading.
 */
import { createHash } from 'crypto'
import { promises as fs } from 'fs'
import { join } from 'path'
import { z } from 'zod'
import { makeFolder, writeAtomic } from '../files/atomic'
import { namesIn } from '../files/folder'
import { type Release, tryLockAt } from '../files/lock'
import { readBounded } from '../files/read'
import { decodeTensors } from './safetensors'
import { seal, unseal } from './sealed'

/** Changes when the same images would give other features. */
const version = 1

/** What determines the features of an image, by its index in the dataset. */
export interface FeatureOrigin {
  /** Digest of the dataset's images, in order. */
  readonly dataset: string
  /** How they are framed and shifted, and the side and channels of the backbone's input. */
  readonly preparation: unknown
  readonly network: string
  readonly weights: string
  /** Length of a row. */
  readonly length: number
}

const factsSchema = z.strictObject({ indices: z.array(z.int().min(0)) })

/** Far more than the rows of one file take. */
const maxFileBytes = 2 ** 28

export interface FeatureCache {
  /** The rows that are there, `[length]`, by index in the dataset. */
  readonly rows: ReadonlyMap<number, Float32Array>
  /** Files that were damaged or of another version, which were deleted. */
  readonly deleted: number
  /**
   * Adds rows `[indices.length, length]`.
   * @throws `no-permission`, `disk-full`
   */
  add(indices: readonly number[], rows: Float32Array): Promise<void>
}

export function keyOfFeatures(origin: FeatureOrigin): string {
  return createHash('sha256')
    .update(JSON.stringify({ version, ...origin }))
    .digest('hex')
    .slice(0, 32)
}

/**
 * Reads what is cached of this origin. A file that cannot be used is deleted, and its rows are computed anew.
 * @throws `no-permission`
 */
export async function openFeatureCache(features: string, origin: FeatureOrigin): Promise<FeatureCache> {
  const folder = join(features, keyOfFeatures(origin))
  const rows = new Map<number, Float32Array>()
  let deleted = 0
  for (const name of (await namesIn(folder)).filter((name) => name.endsWith('.safetensors'))) {
    const file = join(folder, name)
    const found = await rowsIn(file, origin.length)
    if (found === null) {
      await fs.unlink(file)
      deleted++
    } else for (const [index, row] of found) rows.set(index, row)
  }
  return {
    rows,
    deleted,
    async add(indices, values) {
      await makeFolder(folder)
      const { length } = origin
      indices.forEach((index, at) => rows.set(index, values.slice(at * length, (at + 1) * length)))
      const tensors = [{ name: 'features', shape: [indices.length, length], data: values }]
      const parts = seal({ kind: 'features', facts: { indices }, tensors })
      const digest = createHash('sha256')
      for (const part of parts) digest.update(part)
      await writeAtomic(join(folder, `${digest.digest('hex').slice(0, 32)}.safetensors`), parts)
    },
  }
}

/** Null for a file that is damaged, of another version, or not of this kind. */
async function rowsIn(file: string, length: number): Promise<Map<number, Float32Array> | null> {
  try {
    const bytes = await readBounded(file, maxFileBytes)
    const { seal: sealed, header } = unseal(bytes, file)
    const facts = factsSchema.safeParse(sealed?.facts)
    const [tensor] = decodeTensors(bytes, header, file)
    if (sealed?.kind !== 'features' || !facts.success || tensor === undefined) return null
    const { indices } = facts.data
    if (tensor.shape.join() !== [indices.length, length].join()) return null
    return new Map(indices.map((index, at) => [index, tensor.data.subarray(at * length, (at + 1) * length)]))
  } catch {
    return null
  }
}

/** How long a process waits before it asks again whether another one has computed the features. */
const waitMs = 500

/**
 * Waits until no other process computes features of this origin, and keeps others waiting until it is released.
 * @param waiting called before each wait; throws to give up
 */
export async function lockFeatures(
  features: string,
  origin: FeatureOrigin,
  waiting: () => Promise<void>,
): Promise<Release> {
  await makeFolder(features)
  const path = join(features, `${keyOfFeatures(origin)}.lock`)
  for (;;) {
    const taken = await tryLockAt(path)
    if ('release' in taken) return taken.release
    await waiting()
    await new Promise((resolve) => setTimeout(resolve, waitMs))
  }
}
