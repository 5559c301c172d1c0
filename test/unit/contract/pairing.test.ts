import { expect, it } from 'vitest'
import { experimentSchema } from '../../../src/contract/experiment'
import { judgedPairing } from '../../../src/contract/pairing'
import type { MethodRole } from '../../../src/contract/method'

const digits = ['0', '1', '2', '3']
const datasets = [
  { id: 'mnist', classNames: digits },
  { id: 'usps', classNames: digits },
  { id: 'pets', classNames: ['cat', 'dog'] },
  { id: 'beasts', classNames: ['ant', 'cat', 'dog'] },
]

interface Asked {
  readonly source?: object
  readonly target: object
  readonly shots?: number
  readonly role?: MethodRole
}

function judged({ source = {}, target, shots = 0, role = 'adaptation' }: Asked): string {
  const experiment = experimentSchema.parse({
    name: 'x',
    source: { dataset: 'mnist', classes: [0, 1], ...source },
    target: { dataset: 'usps', classes: [0, 1], ...target },
    pairing: [0, 1],
    adaptation: { shots },
  })
  return judgedPairing(experiment, role, datasets)
}

it.each<[string, Asked, string]>([
  ['the classes are the same', { target: {} }, 'chosen'],
  ['the classes are others', { target: { classes: [2, 3] } }, 'best'],
  ['one class is another, which exclusion settles', { target: { classes: [1, 2] } }, 'chosen'],
  ['images are labelled', { target: { classes: [2, 3] }, shots: 1 }, 'chosen'],
  ['labels are the same, and the names of classes are not', { target: { dataset: 'pets' } }, 'best'],
  [
    'labels are others, and the names of classes are the same',
    { source: { dataset: 'pets' }, target: { dataset: 'beasts', classes: [1, 2] } },
    'chosen',
  ],
  ['a dataset is not listed', { target: { dataset: './mine' } }, 'chosen'],
  ['the control has seen no source', { target: {}, role: 'control' }, 'best'],
  ['the control has labelled images', { target: {}, role: 'control', shots: 1 }, 'chosen'],
  ['the reference has the labels', { target: {}, role: 'reference' }, 'chosen'],
])('where %s', (_, asked, pairing) => {
  expect(judged(asked)).toBe(pairing)
})
