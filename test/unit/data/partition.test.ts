import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { equalImages, type ImageTable } from '../../../src/data/dataset'
import { openDataset } from '../../../src/data/open-dataset'
import {
  countByClass,
  countSplits,
  poolOf,
  pooledTrainingCounts,
  splitIndices,
} from '../../../src/data/partition'

const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0)

/** Images of one pixel with these labels. */
function tableOf(train: readonly number[], test: readonly number[] | null): ImageTable {
  const set = (labels: readonly number[]) => ({
    pixels: new Uint8Array(labels.length),
    labels: Int32Array.from(labels),
  })
  return equalImages({ width: 1, height: 1, channels: 1, train: set(train), test: test && set(test) })
}

const labels = fc.array(fc.nat(6), { minLength: 1, maxLength: 120 })

describe('the original partition', () => {
  it('is the files', () => {
    const table = tableOf([0, 1, 2], [2, 2])
    expect(Array.from(splitIndices(table, 'original', 'train'))).toEqual([0, 1, 2])
    expect(Array.from(splitIndices(table, 'original', 'test'))).toEqual([3, 4])
  })

  it('of one set of images has all of them for training and none for testing', () => {
    expect(Object.keys(countSplits([3, 4], null))).toEqual(['original/train', 'pooled/train', 'pooled/test'])
    expect(splitIndices(tableOf([0, 1], null), 'original', 'test')).toHaveLength(0)
  })
})

describe('the pooled partition', () => {
  it('of USPS has 7,438 and 1,860 images', async () => {
    const { samples, summary } = await openDataset('usps', 'nowhere')
    expect(splitIndices(samples, 'pooled', 'train')).toHaveLength(7438)
    expect(splitIndices(samples, 'pooled', 'test')).toHaveLength(1860)
    expect(summary.counts).toEqual({
      'original/train': 7291,
      'original/test': 2007,
      'pooled/train': 7438,
      'pooled/test': 1860,
    })
  })

  it('gives each image to one of its parts', () => {
    fc.assert(
      fc.property(labels, fc.option(labels), (train, test) => {
        const table = tableOf(train, test)
        const parts = (['train', 'test'] as const).flatMap((split) =>
          Array.from(splitIndices(table, 'pooled', split)),
        )
        expect(parts.sort((a, b) => a - b)).toEqual(Array.from({ length: poolOf(table).count }, (_, i) => i))
      }),
    )
  })

  it('parts each class 80 : 20 but for one image, and all of them exactly', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(500), { minLength: 1, maxLength: 12 }), (counts) => {
        const training = pooledTrainingCounts(counts)
        expect(total(training)).toBe(Math.round(total(counts) * 0.8))
        training.forEach((n, label) => {
          expect(Math.abs(n - 0.8 * (counts[label] ?? NaN))).toBeLessThan(1)
          expect(n).toBeLessThanOrEqual(counts[label] ?? NaN)
        })
      }),
    )
  })

  it('has the counts that the summary says, class by class', () => {
    fc.assert(
      fc.property(labels, fc.option(labels), (train, test) => {
        const table = tableOf(train, test)
        const said = countSplits(countByClass(train, 7), test && countByClass(test, 7))
        for (const split of ['train', 'test'] as const) {
          const found = Array.from(splitIndices(table, 'pooled', split), poolOf(table).labelAt)
          expect(countByClass(found, 7)).toEqual(said[`pooled/${split}`])
        }
      }),
    )
  })

  it('mixes training and test images of the files', () => {
    const table = tableOf(new Array<number>(200).fill(0), new Array<number>(100).fill(0))
    const held = Array.from(splitIndices(table, 'pooled', 'test'))
    expect(held.some((index) => index < 200)).toBe(true)
    expect(held.some((index) => index >= 200)).toBe(true)
  })
})
