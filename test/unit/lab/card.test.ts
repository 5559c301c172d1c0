import { expect, it } from 'vitest'
import { experimentSchema, type ExperimentInput } from '../../../src/contract/experiment'
import { latexRow } from '../../../src/lab/latex-row'
import { wilsonInterval } from '../../../src/statistics/interval'

const spread = {
  mean: 0.99,
  deviation: 0.0012,
  least: 0.98,
  most: 0.995,
  interval: wilsonInterval(0.99, 1860),
}
const accuracies = {
  target: spread,
  bestPairing: { ...spread, deviation: null },
  unseen: null,
  unseenBest: spread,
}
const digits = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]
const ten: ExperimentInput = {
  name: 'x',
  source: { dataset: 'mnist', classes: digits },
  target: { dataset: 'usps', partition: 'pooled', classes: digits },
  pairing: digits,
}

function rowOf(changes: Partial<ExperimentInput>, method = 'SHOT-IM'): string[] {
  return latexRow(method, experimentSchema.parse({ ...ten, ...changes }), 3, accuracies).split('\n')
}
const cellsOf = (changes: Partial<ExperimentInput>) => rowOf(changes)[1]?.split(' & ') ?? []

it('is a row under a comment that names its columns, as many as it has', () => {
  const [head = '', row = '', ...more] = rowOf({}, 'CDAN & E')
  expect(more).toEqual([])
  expect(head).toBe(
    String.raw`% method & task & seeds & target & target, best pairing & held out (95\% interval of its images) & held out, best pairing (95\% interval of its images) \\`,
  )
  expect(row).toBe(
    String.raw`CDAN \& E & mnist (original) $\to$ usps (pooled) & 3 & $0.9900 \pm 0.0012$ & $0.9900$ & -- & $0.9900 \pm 0.0012$ (0.9844--0.9936) \\`,
  )
  const columns = (line: string) => line.replace(/\\&/g, '').split('&').length
  expect(columns(row)).toBe(columns(head))
})

it('says what two experiments differ in', () => {
  const target = { ...ten.target }
  const experiments: Partial<ExperimentInput>[] = [
    {},
    { adaptation: { shots: 1 } },
    { adaptation: { shots: 5 } },
    { model: { encoder: 'lenet-bn' } },
    { target: { ...target, partition: 'original' } },
    { target: { ...target, split: 'test' } },
    { target: { ...target, framing: 'box20' } },
    { target: { ...target, count: 1000 } },
    { target: { ...target, perClass: 20 } },
    { target: { ...target, rarest: 0.1 } },
    { target: { ...target, unlabelled: true } },
    { target: { ...target, unlabelled: true, classes: [] }, pairing: [] },
    { target: { ...target, shifts: [{ kind: 'rotation', degrees: 30 }] } },
    { target: { ...target, shifts: [{ kind: 'rotation', degrees: 45 }] } },
    { target: { ...target, shifts: [{ kind: 'noise', deviation: 0.2 }] } },
    { target: { ...target, shifts: [{ kind: 'coloured-background' }] } },
    { source: { ...ten.source, count: 1000 } },
    { source: { ...ten.source, dataset: 'usps' } },
    { pairing: [1, 0, 2, 3, 4, 5, 6, 7, 8, 9] },
  ]
  const rows = experiments.map((changes) => rowOf(changes)[1])
  expect(new Set(rows).size).toBe(rows.length)
})

it('names the labels that were given, the encoder and how images are drawn', () => {
  const [method] = cellsOf({ adaptation: { shots: 5 }, model: { encoder: 'lenet-bn' } })
  expect(method).toBe('SHOT-IM (lenet-bn), 5 labelled images a class')
  expect(cellsOf({ adaptation: { shots: 1 } })[0]).toBe('SHOT-IM, 1 labelled image a class')
  const target: ExperimentInput['target'] = {
    ...ten.target,
    count: 500,
    framing: 'box20',
    shifts: [
      { kind: 'rotation', degrees: 30 },
      { kind: 'translation', right: 2, down: -1 },
    ],
  }
  expect(cellsOf({ target })[1]).toBe(
    String.raw`mnist (original) $\to$ usps (pooled; 500 images; box20; rotation degrees 30; translation right 2 down -1)`,
  )
})

it('names classes unless they are all ten, and which stands for which unless it is itself', () => {
  const source = { dataset: 'mnist', classes: [0, 1] }
  const target = { dataset: 'my_set', classes: [2, 3] }
  expect(cellsOf({ source, target, pairing: [1, 0] })[1]).toBe(
    String.raw`mnist (original) \{0, 1\} $\to$ my\_set (original) \{2, 3\}, 2 for 1, 3 for 0`,
  )
  const named = { dataset: 'pets', classes: ['black_cat & kitten', 'owl'] }
  expect(cellsOf({ source: named, target: { ...named, classes: ['owl', '100%'] } })[1]).toBe(
    String.raw`pets (original) \{black\_cat \& kitten, owl\} $\to$ pets (original) \{owl, 100\%\}, owl for black\_cat \& kitten, 100\% for owl`,
  )
  // The number of classes of a user's dataset is unknown once it is deleted.
  expect(cellsOf({ target: { dataset: '数', classes: digits } })[1]).toBe(
    String.raw`mnist (original) $\to$ (U+6570) (original) \{0, 1, 2, 3, 4, 5, 6, 7, 8, 9\}`,
  )
})
