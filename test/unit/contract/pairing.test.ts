import { expect, it } from 'vitest'
import { experimentSchema } from '../../../src/contract/experiment'
import { judgedPairing } from '../../../src/contract/pairing'
import type { MethodRole } from '../../../src/contract/method'

interface Asked {
  readonly source?: object
  readonly target: object
  readonly shots?: number
  /** Classes of the source that images have as labels. */
  readonly labels?: readonly string[]
  readonly role?: MethodRole
}

function judged({ source = {}, target, shots = 0, labels = [], role = 'adaptation' }: Asked): string {
  const experiment = experimentSchema.parse({
    name: 'x',
    source: { dataset: 'mnist', classes: [0, 1], ...source },
    target: { dataset: 'usps', classes: [0, 1], ...target },
    pairing: [0, 1],
    adaptation: { shots, labels: labels.map((name, sample) => ({ sample, class: name })) },
  })
  return judgedPairing(experiment, role)
}

it.each<[string, Asked, string]>([
  ['the classes are the same', { target: {} }, 'chosen'],
  ['the classes are others', { target: { classes: [2, 3] } }, 'best'],
  ['one class is another, which exclusion settles', { target: { classes: [1, 2] } }, 'chosen'],
  ['images are labelled', { target: { classes: [2, 3] }, shots: 1 }, 'chosen'],
  [
    'images of each class are labelled by hand',
    { target: { classes: [2, 3] }, labels: ['0', '1'] },
    'chosen',
  ],
  [
    'images of one class are, and exclusion gives the other',
    { target: { classes: [2, 3] }, labels: ['1'] },
    'chosen',
  ],
  [
    'images of one class are, and two others have none',
    { source: { classes: [0, 1, 2] }, target: { classes: [3, 4, 5] }, labels: ['1'] },
    'best',
  ],
  ['the control has images of one class', { target: {}, role: 'control', labels: ['1'] }, 'chosen'],
  [
    'the control has images of one class of three',
    { source: { classes: [0, 1, 2] }, target: { classes: [0, 1, 2] }, role: 'control', labels: ['1'] },
    'best',
  ],
  ['the classes are others, by name', { target: { classes: ['cat', 'dog'] } }, 'best'],
  [
    'the classes are the same in another order',
    { source: { classes: ['cat', 'dog'] }, target: { classes: ['dog', 'cat'] } },
    'chosen',
  ],
  ['the control has seen no source', { target: {}, role: 'control' }, 'best'],
  ['the control has labelled images', { target: {}, role: 'control', shots: 1 }, 'chosen'],
  ['the reference has the labels', { target: {}, role: 'reference' }, 'chosen'],
])('where %s', (_, asked, pairing) => {
  expect(judged(asked)).toBe(pairing)
})
