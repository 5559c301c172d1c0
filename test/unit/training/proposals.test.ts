/** Samples proposed for labelling: unsure and unlike each other, the same each time. */
import * as tf from '@tensorflow/tfjs-core'
import { expect, test } from 'vitest'
import { stream } from '../../../src/data/random'
import { chooseProposals } from '../../../src/training/proposals'
import { loadTensorFlow } from '../../../src/workers/native'

await loadTensorFlow(1)

const random = () => stream(0, 'proposals')

/** Two groups of unsure samples with other features, among sure ones. */
function candidates() {
  const sure = Array.from({ length: 40 }, (_, i) => ({ h: [1 + (i % 7) / 50, 1], p: [0.999, 0.001] }))
  const first = Array.from({ length: 5 }, (_, i) => ({ h: [5, i / 100], p: [0.55, 0.45] }))
  const second = Array.from({ length: 5 }, (_, i) => ({ h: [i / 100, 5], p: [0.45, 0.55] }))
  const rows = [...sure, ...first, ...second]
  return {
    features: tf.tensor2d(rows.map(({ h }) => h)),
    probabilities: tf.tensor2d(rows.map(({ p }) => p)),
  }
}

/** 0: a sure sample; 1 and 2: the groups of unsure ones. */
const groupOf = (row: number) => Math.max(0, Math.floor((row - 35) / 5))

test('both groups of unsure samples are among three proposals, and all sure samples count as one', () => {
  for (let seed = 0; seed < 20; seed++) {
    const chosen = chooseProposals(candidates(), 3, stream(seed, 'proposals'))
    expect(chosen.map(groupOf).sort()).toEqual([0, 1, 2])
  }
})

test('fewer proposals are the first of more, none comes twice, and at most all are proposed', () => {
  const all = chooseProposals(candidates(), 100, random())
  expect(new Set(all).size).toBe(50)
  expect(all).toHaveLength(50)
  expect(chooseProposals(candidates(), 7, random())).toEqual(all.slice(0, 7))
})

test('distances are those of the gradients themselves', () => {
  const { features, probabilities } = candidates()
  const [h, p] = [features.arraySync(), probabilities.arraySync()]
  const gradients = p.map((row, at) => {
    const guess = row.indexOf(Math.max(...row))
    return row.flatMap((value, k) => (h[at] ?? []).map((one) => (value - Number(k === guess)) * one))
  })
  const length = (row: readonly number[]) => row.reduce((sum, value) => sum + value ** 2, 0)
  const [first = -1] = chooseProposals({ features, probabilities }, 1, random())
  expect(length(gradients[first] ?? [])).toBeCloseTo(Math.max(...gradients.map(length)), 5)
})

test('samples that look alike are proposed one by one', () => {
  const alike = {
    features: tf.ones<tf.Rank.R2>([4, 2]),
    probabilities: tf.tensor2d([0, 1, 2, 3].map(() => [1, 0])),
  }
  expect(chooseProposals(alike, 3, random())).toEqual([0, 1, 2])
})

test('no tensor is left behind', () => {
  const given = candidates()
  const before = tf.memory().numTensors
  chooseProposals(given, 5, random())
  expect(tf.memory().numTensors).toBe(before)
})
