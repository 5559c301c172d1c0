/** Predictions in the window: their order, the filter, labelling by keyboard, and a new run that uses the labels. */
import { enableAutoUnmount, flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Predictions } from '../../src/contract/prediction'
import { labError } from '../../src/contract/errors'
import { predictedOf } from '../../renderer/format/predicted'
import PredictPanel from '../../renderer/predictions/PredictPanel.vue'
import { searchedClasses } from '../../renderer/predictions/class-choice'
import {
  filtered,
  noFilter,
  plainRows,
  rowOf,
  rowsByClass,
  sortedSamples,
  verticalMove,
} from '../../renderer/predictions/rows'
import { useBringing } from '../../renderer/stores/bringing'
import { useCatalogue } from '../../renderer/stores/catalogue'
import { useLabels } from '../../renderer/stores/labels'
import * as fixtures from './fixtures'
import { createHost, inApp, mountWith } from './host'

enableAutoUnmount(afterEach)
beforeEach(() => localStorage.clear())

const base64 = (column: Uint16Array | Float32Array) =>
  btoa(String.fromCharCode(...new Uint8Array(column.buffer)))

const checkpoint = '/data/runs/digits/checkpoints/round-0003.dalab.safetensors'
const classes = ['circle', 'star', 'triangle']
const answer: Predictions = {
  checkpoint,
  dataset: 'street',
  classes,
  count: 5,
  files: ['a.png', 'b.png', 'Cat.png', 'd.png', 'e.png'],
  predictions: base64(Uint16Array.of(1, 0, 1, 2, 0)),
  probabilities: base64(Float32Array.of(0.9, 0.5, 0.4, 0.75, 0.99)),
  calibration: { temperature: 1.5, on: 'held-out', count: 120, errorBefore: 0.1, errorAfter: 0.02 },
}
const predicted = predictedOf(answer)

describe('the order of predictions', () => {
  const order = sortedSamples(predicted)

  it('is by predicted class, the least sure first', () => {
    expect([...order]).toEqual([1, 4, 2, 0, 3])
  })

  it('keeps what fits the class, the probability and the name', () => {
    const by = (filter: Partial<typeof noFilter>) => [
      ...filtered(order, predicted, { ...noFilter, ...filter }),
    ]
    expect(by({ class: 1 })).toEqual([2, 0])
    expect(by({ least: 0.75 })).toEqual([4, 0, 3])
    expect(by({ most: 0.5 })).toEqual([1, 2])
    expect(by({ text: ' cAT' })).toEqual([2])
  })

  it('fills rows below the heading of each class; up and down keep the column as far as rows reach', () => {
    const rows = rowsByClass(order, predicted.predictions, 2)
    expect(rows).toEqual([
      { kind: 'class', class: 0, count: 2 },
      { kind: 'samples', from: 0, length: 2 },
      { kind: 'class', class: 1, count: 2 },
      { kind: 'samples', from: 2, length: 2 },
      { kind: 'class', class: 2, count: 1 },
      { kind: 'samples', from: 4, length: 1 },
    ])
    expect([0, 1, 2, 3, 4].map((position) => rowOf(rows, position))).toEqual([1, 1, 3, 3, 5])
    expect(verticalMove(rows, 1, 1)).toBe(3)
    expect(verticalMove(rows, 3, 1)).toBe(4)
    expect(verticalMove(rows, 4, 1)).toBe(4)
    expect(verticalMove(rows, 0, -1)).toBe(0)
    expect(plainRows(0, 5, 3)).toHaveLength(2)
  })

  it('sorts a hundred thousand samples', () => {
    const count = 100_000
    const many = {
      ...predicted,
      count,
      predictions: Uint16Array.from({ length: count }, (_, i) => i % 65),
      probabilities: Float32Array.from({ length: count }, (_, i) => ((i * 7919) % 1000) / 1000),
    }
    const sorted = sortedSamples(many)
    const isInOrder = sorted.every((sample, i) => {
      const before = sorted[i - 1]
      if (before === undefined) return true
      const [a, b] = [many.predictions[before]!, many.predictions[sample]!]
      return a < b || (a === b && many.probabilities[before]! <= many.probabilities[sample]!)
    })
    expect(isInOrder).toBe(true)
  })
})

describe('the classes to label with', () => {
  it('are those whose name has the text, with those that begin with it first', () => {
    expect(searchedClasses(['bicycle', 'cycle', 'mug'], 'CYC')).toEqual(['cycle', 'bicycle'])
    expect(searchedClasses(classes, ' ')).toBe(classes)
  })
})

const street = {
  ...fixtures.dataset,
  id: 'street',
  title: 'street',
  path: '/data/datasets/street.npz',
  from: '/home/ann/street',
  classNames: [],
  counts: { 'original/train': 5 },
  classCounts: {},
}
const run = {
  experiment: {
    ...fixtures.experiment,
    target: { ...fixtures.experiment.target, dataset: 'street', classes: [], unlabelled: true },
  },
}

/** Opens the page of predictions, which have been asked for. */
async function open(more: Parameters<typeof createHost>[0] = {}) {
  const stored: { sample: number; class: string }[] = []
  const host = createHost({
    datasets: () => [fixtures.dataset, street],
    predict: () => answer,
    thumbnails: ({ samples }) => ({ ...fixtures.images, labels: samples.map(() => 0), pixels: '' }),
    labels: () => ({ file: null, labels: [...stored], files: [] }),
    label: ({ labels }) => {
      for (const { sample, class: name } of labels) {
        const at = stored.findIndex((one) => one.sample === sample)
        if (at >= 0) stored.splice(at, 1)
        if (name !== null) stored.push({ sample, class: name })
      }
      return { file: '/data/datasets/street.labels.csv', labels: [...stored], files: [] }
    },
    ...more,
  })
  const adapt = vi.fn(() => Promise.resolve())
  const summary = {
    path: checkpoint,
    round: 3,
    bytes: 1,
    pinned: false,
    best: false,
    measures: null,
    damage: null,
  }
  const bringing = inApp(host, () => useBringing(() => 'target'))
  const panel = mountWith(PredictPanel, host, {
    checkpoint: summary,
    run,
    bringing,
    atOnce: false,
    adapt,
  }) as VueWrapper
  await useCatalogue().load()
  await flushPromises()
  const by = (id: string) => panel.get(`[data-testid="${id}"]`)
  return { host, panel, by, adapt, stored }
}

async function press(grid: ReturnType<VueWrapper['get']>, ...keys: string[]): Promise<void> {
  for (const key of keys) {
    await grid.trigger('keydown', key === 'undo' ? { key: 'z', ctrlKey: true } : { key })
    await flushPromises()
  }
}

describe('the page of predictions', () => {
  it('predicts the target of the run, and says what the probabilities rest on', async () => {
    const { host, panel, by } = await open()
    expect(by('zone-predict-dataset').text()).toContain('street')
    expect(panel.find('[data-testid="predictions"]').exists()).toBe(false)
    await by('run-prediction').trigger('click')
    await flushPromises()
    expect(host.calls).toContainEqual({
      name: 'predict',
      input: { checkpoint, dataset: 'street', encoder: 'target' },
    })
    expect(by('calibration').text()).toContain('120 held-out source samples')
    expect(by('calibration').text()).toContain('from 10 % to 2 %')
    const counts = panel.findAll('[data-predicted-class]').map((one) => one.text())
    expect(counts).toEqual(['circle2', 'star2', 'triangle1'])
  })

  it('shows an error where it was made; the next prediction clears it', async () => {
    let isRefused = true
    const { panel, by } = await open({
      predict: () => {
        if (isRefused) throw labError('checkpoint-without-classifier', { file: checkpoint })
        return answer
      },
    })
    await by('run-prediction').trigger('click')
    await flushPromises()
    expect(by('problem').text()).toContain('no classifier')
    isRefused = false
    await by('run-prediction').trigger('click')
    await flushPromises()
    expect(panel.find('[data-testid="problem"]').exists()).toBe(false)
  })

  it('gives classes by keys, goes on to the next, takes back and takes away; each is saved at once', async () => {
    const { by, stored, adapt } = await open()
    await by('run-prediction').trigger('click')
    await flushPromises()
    const grid = by('predictions')
    await press(grid, '1', '3')
    expect(stored).toEqual([
      { sample: 1, class: 'circle' },
      { sample: 4, class: 'triangle' },
    ])
    await press(grid, 'undo')
    expect(stored).toEqual([{ sample: 1, class: 'circle' }])
    await press(grid, '2', 'Home', 'Delete', '9')
    expect(stored).toEqual([{ sample: 4, class: 'star' }])
    expect(by('adapt-again').text()).toBe('Adapt again with 1 label')
    await by('adapt-again').trigger('click')
    expect(adapt).toHaveBeenCalledWith([{ sample: 4, class: 'star' }])
  })

  it('shows what is stored again if a label is refused, and why', async () => {
    const { by } = await open({
      label: () => {
        throw labError('label-outside-dataset', { dataset: 'street', sample: 1, samples: 1 })
      },
    })
    await by('run-prediction').trigger('click')
    await flushPromises()
    await press(by('predictions'), '1')
    expect(useLabels().given.size).toBe(0)
    expect(by('problem').text()).toContain('street')
  })

  it('shows the labels of a table edited by hand, and says which class in it is none', async () => {
    const { by } = await open({
      labels: ({ classes: known }) => {
        const file = '/data/datasets/street.labels.csv'
        if (known !== undefined)
          throw labError('labels-unknown-classes', {
            ...{ file, count: 1, names: ['stra'], lines: ['2'] },
            known: [...known],
          })
        return { file, labels: [{ sample: 1, class: 'stra' }], files: ['b.png'] }
      },
    })
    await by('run-prediction').trigger('click')
    await flushPromises()
    expect([...useLabels().given]).toEqual([[1, 'stra']])
    expect(by('problem').text()).toContain('the first: stra; lines: 2')
    expect(by('problem').text()).toContain('the classes are circle, star, triangle')
  })

  it('shows the proposed few in their order, and all again', async () => {
    const { host, by, panel } = await open({
      proposeLabels: () => ({ samples: [3, 1], files: ['d.png', 'b.png'] }),
    })
    await by('run-prediction').trigger('click')
    await flushPromises()
    await by('propose-count').setValue('2')
    await by('propose-count').trigger('submit')
    await flushPromises()
    expect(host.calls.find(({ name }) => name === 'proposeLabels')?.input).toEqual({
      checkpoint,
      dataset: 'street',
      count: 2,
    })
    expect(by('predictions').attributes('aria-label')).toContain('2 predictions')
    await by('show-all').trigger('click')
    expect(by('predictions').attributes('aria-label')).toContain('5 predictions')
    await by('predict-text').setValue('nothing')
    expect(panel.text()).toContain('No prediction fits the filter.')
  })
})
