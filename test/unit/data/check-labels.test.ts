/** Target images that an experiment lists with their labels: what is refused before anything is read. */
import { expect, it } from 'vitest'
import { experimentSchema } from '../../../src/contract/experiment'
import { checkLabels } from '../../../src/data/check-labels'
import { labelledImages } from '../../../src/data/shots'
import { refusalOf } from './support'

const experimentWith = (adaptation: object, model: object = {}) =>
  experimentSchema.parse({
    name: 'x',
    source: { dataset: 'mnist', classes: [7, 8] },
    target: { dataset: 'usps', classes: [7, 8] },
    pairing: [0, 1],
    adaptation,
    model,
  })

const label = (sample: number, name = '7') => ({ sample, class: name })
const method = { id: 'adda', losses: ['d', 'adversarial'] }

it.each<[string, object, string, object]>([
  [
    'both ways of giving labels',
    { labels: [label(1)], shots: 2 },
    'labels-and-shots',
    { shots: 2, labels: 1 },
  ],
  ['a sample twice', { labels: [label(1), label(2), label(1, '8')] }, 'label-sample-twice', { sample: 1 }],
  [
    'a class that only another dataset has',
    { labels: [label(1), label(2, '9')] },
    'label-class-unknown',
    { class: '9', known: '7, 8', nearest: '' },
  ],
  [
    'all images',
    { labels: [1, 2, 3, 4].map((one) => label(one)) },
    'labels-leave-none',
    { labels: 4, images: 4 },
  ],
])('%s', async (_, adaptation, code, params) => {
  const { nearest: _near, ...rest } = params as Record<string, unknown>
  expect(await refusalOf(() => checkLabels(experimentWith(adaptation), method, 4))).toMatchObject({
    code,
    params: rest,
  })
})

it('a method that does not learn from the target', async () => {
  const refused = refusalOf(() =>
    checkLabels(experimentWith({ labels: [label(1)] }), { id: 'source-only', losses: [] }, 4),
  )
  expect(await refused).toEqual({ code: 'labels-not-learned', params: { method: 'source-only' } })
})

it('one image where a network normalises by the batch', async () => {
  const [one, two] = [[label(1)], [label(1), label(2)]]
  const check = (labels: object[]) => () =>
    checkLabels(experimentWith({ labels }, { encoder: 'lenet-bn' }), method, 4)
  expect(await refusalOf(check(one))).toEqual({ code: 'labels-of-one', params: { encoder: 'lenet-bn' } })
  expect(check(two)).not.toThrow()
  expect(() => checkLabels(experimentWith({ labels: one }), method, 4)).not.toThrow()
})

const domain = { indices: Int32Array.of(30, 10, 20), labels: Int32Array.of(0, -1, 1) }

it('labelled images are those listed, with the classes that the user gave', () => {
  const { labels: given, ...rest } = { labels: [label(20, '7'), label(10, '8')] }
  expect(labelledImages(experimentWith({ ...rest, labels: given }), domain)).toEqual([
    { position: 2, label: 0, name: '7' },
    { position: 1, label: 1, name: '8' },
  ])
})

it('samples that the target did not draw are refused: how many, and the first three', async () => {
  const labels = [10, 1, 2, 3, 4].map((sample) => label(sample))
  expect(await refusalOf(() => labelledImages(experimentWith({ labels }), domain))).toEqual({
    code: 'labels-outside-target',
    params: { count: 4, samples: ['1', '2', '3'] },
  })
})
