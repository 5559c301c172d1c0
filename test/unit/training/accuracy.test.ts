/** Accuracies under the chosen and the best pairing. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { accuraciesSchema } from '../../../src/contract/record'
import { accuraciesOf, bestPairing, confusionOf } from '../../../src/training/accuracy'

const labels = Int32Array.of(0, 0, 0, 1, 1)
const predictions = Int32Array.of(1, 1, 0, 0, 0)

test('a row of the confusion matrix is a true class, a column a predicted one', () => {
  expect(confusionOf(labels, predictions, 2)).toEqual([
    [1, 2],
    [2, 0],
  ])
})

test('the chosen pairing decides what is right; the best one is told beside it', () => {
  const found = accuraciesOf(labels, predictions, [0, 1])
  expect(found).toEqual({
    accuracy: 1 / 5,
    accuracyBestPairing: 4 / 5,
    bestPairing: [1, 0],
    perClass: [1 / 3, 0],
    confusion: [
      [1, 2],
      [2, 0],
    ],
    count: 5,
  })
  expect(accuraciesSchema.safeParse(found).success).toBe(true)
  expect(accuraciesOf(labels, predictions, [1, 0])).toMatchObject({
    accuracy: 4 / 5,
    perClass: [2 / 3, 1],
  })
})

test('a class without images has accuracy 0, not none', () => {
  expect(accuraciesOf(Int32Array.of(0), Int32Array.of(0), [0, 1]).perClass).toEqual([1, 0])
})

describe('best pairing', () => {
  test('where several fit equally well, the chosen one is it', () => {
    const even = [
      [1, 1],
      [1, 1],
    ]
    expect(bestPairing(even, [1, 0])).toEqual([1, 0])
    expect(bestPairing(even, [0, 1])).toEqual([0, 1])
  })

  test('no other pairing has more images right', () => {
    const matrix = fc.integer({ min: 1, max: 5 }).chain((size) =>
      fc.array(fc.array(fc.nat(50), { minLength: size, maxLength: size }), {
        minLength: size,
        maxLength: size,
      }),
    )
    const right = (confusion: readonly number[][], pairing: readonly number[]) =>
      pairing.reduce((sum, column, row) => sum + (confusion[row]?.[column] ?? NaN), 0)
    fc.assert(
      fc.property(matrix, (confusion) => {
        const chosen = confusion.map((_, index) => index)
        const best = bestPairing(confusion, chosen)
        expect([...best].sort((a, b) => a - b)).toEqual(chosen)
        const most = Math.max(...permutations(chosen).map((pairing) => right(confusion, pairing)))
        expect(right(confusion, best)).toBe(most)
      }),
    )
  })
})

function permutations(values: readonly number[]): number[][] {
  if (values.length <= 1) return [[...values]]
  return values.flatMap((first) =>
    permutations(values.filter((value) => value !== first)).map((rest) => [first, ...rest]),
  )
}
