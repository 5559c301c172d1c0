import { expect, it } from 'vitest'
import { pairingFor } from '../../../src/lab/evaluation'

const experiment = {
  source: { dataset: 'a', classes: ['0', '1'] },
  target: { dataset: 'b', classes: ['2', '3'] },
  pairing: [1, 0],
}

it.each([
  ['the target as it is', ['2', '3'], [1, 0]],
  ['the target in another order, each class for what it stands for', ['3', '2'], [0, 1]],
  ["the source's own classes, each for itself", ['0', '1'], [0, 1]],
  ["the source's own classes in another order, each for itself", ['1', '0'], [1, 0]],
  ['any others, in the order of the pairing', ['7', '8'], [1, 0]],
  ['others in part, in the order of the pairing', ['3', '8'], [1, 0]],
])('pairs %s', (_, classes, pairing) => {
  expect(pairingFor({ dataset: 'c', classes }, experiment)).toEqual(pairing)
})

it.each([
  ['b', [1, 0]],
  ['c', [1, 0]],
  ['a', [0, 1]],
])('pairs classes that both domains have, in the dataset %s', (dataset, pairing) => {
  const target = { dataset: 'b', classes: ['0', '1'] }
  expect(pairingFor({ dataset, classes: ['0', '1'] }, { ...experiment, target })).toEqual(pairing)
})

it('pairs by name after a training whose target had no labels', () => {
  const unlabelled = { ...experiment, target: { dataset: 'b', classes: [] }, pairing: [] }
  expect(pairingFor({ dataset: 'b', classes: ['1', '0'] }, unlabelled)).toEqual([1, 0])
})
