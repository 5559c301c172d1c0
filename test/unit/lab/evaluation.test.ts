import { expect, it } from 'vitest'
import { pairingFor } from '../../../src/lab/evaluation'

const experiment = { source: { classes: ['0', '1'] }, target: { classes: ['2', '3'] }, pairing: [1, 0] }

it.each([
  ['the target as it is', ['2', '3'], [1, 0]],
  ['the target in another order, each class for what it stands for', ['3', '2'], [0, 1]],
  ["the source's own classes, each for itself", ['0', '1'], [0, 1]],
  ['any others, in the order of the pairing', ['7', '8'], [1, 0]],
  ['others in part, in the order of the pairing', ['3', '8'], [1, 0]],
])('pairs %s', (_, classes, pairing) => {
  expect(pairingFor({ classes }, experiment)).toEqual(pairing)
})
