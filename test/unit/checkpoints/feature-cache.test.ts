import { promises as fs } from 'fs'
import { join } from 'path'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  type FeatureOrigin,
  keyOfFeatures,
  lockFeatures,
  openFeatureCache,
} from '../../../src/checkpoints/feature-cache'
import { emptyFolder } from './samples'

const origin: FeatureOrigin = {
  dataset: 'digest of the images',
  preparation: [{ framing: 'inner-crop', shifts: [], seed: 0 }, 224, 3],
  network: 'resnet-18',
  weights: 'a'.repeat(64),
  length: 2,
}
let features: string

beforeEach(async () => {
  features = await emptyFolder()
})

const cachedRows = async (of = origin) =>
  [...(await openFeatureCache(features, of)).rows].map(([index, row]) => [index, ...row])

const files = async () => {
  const folder = join(features, keyOfFeatures(origin))
  return (await fs.readdir(folder)).map((name) => join(folder, name))
}

describe('the cache of features', () => {
  it('gives back the rows of every image that was added, by index', async () => {
    const cache = await openFeatureCache(features, origin)
    await cache.add([7, 3], Float32Array.of(1, 2, 3, 4))
    await cache.add([0], Float32Array.of(5, 6))
    const rows = [
      [7, 1, 2],
      [3, 3, 4],
      [0, 5, 6],
    ]
    expect([...cache.rows].map(([index, row]) => [index, ...row])).toEqual(rows)
    expect((await cachedRows()).sort()).toEqual([...rows].sort())
  })

  it.each([
    ['another dataset', { dataset: 'the folder has changed' }],
    ['another framing', { preparation: [{ framing: 'stretch', shifts: [], seed: 0 }, 224, 3] }],
    ['another network', { network: 'resnet-50' }],
    ['other weights', { weights: 'b'.repeat(64) }],
  ])('has nothing for %s', async (_, other) => {
    const cache = await openFeatureCache(features, origin)
    await cache.add([1], Float32Array.of(1, 2))
    expect(await cachedRows({ ...origin, ...other })).toEqual([])
  })

  it('deletes a file that is damaged or of another version, counts it, and keeps the others', async () => {
    const cache = await openFeatureCache(features, origin)
    await cache.add([1], Float32Array.of(1, 2))
    await cache.add([2], Float32Array.of(3, 4))
    await cache.add([3], Float32Array.of(5, 6))
    const [damaged = '', newer = ''] = await files()
    const bytes = await fs.readFile(damaged)
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1
    await fs.writeFile(damaged, bytes)
    const text = await fs.readFile(newer, 'latin1')
    await fs.writeFile(newer, text.replace('"dalab.schema":"1"', '"dalab.schema":"2"'), 'latin1')
    const opened = await openFeatureCache(features, origin)
    expect(opened.deleted).toBe(2)
    expect(opened.rows.size).toBe(1)
    expect(await files()).toHaveLength(1)
  })

  it('holds rows of one length only', async () => {
    const cache = await openFeatureCache(features, origin)
    await cache.add([1], Float32Array.of(1, 2))
    const key = keyOfFeatures({ ...origin, length: 1 })
    await fs.rename(join(features, keyOfFeatures(origin)), join(features, key))
    expect(await openFeatureCache(features, { ...origin, length: 1 })).toMatchObject({ deleted: 1 })
  })

  it('is filled by one process at a time; another waits, and may give up', async () => {
    const release = await lockFeatures(features, origin, () => Promise.reject(new Error('not free')))
    let waits = 0
    const giveUp = () => (++waits > 1 ? Promise.reject(new Error('stopped')) : Promise.resolve())
    await expect(lockFeatures(features, origin, giveUp)).rejects.toThrow('stopped')
    await release()
    const again = await lockFeatures(features, origin, () => Promise.reject(new Error('not free')))
    await again()
  })
})
