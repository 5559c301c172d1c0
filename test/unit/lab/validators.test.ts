import { describe, expect, it } from 'vitest'
import { labError } from '../../../src/contract/errors'
import { experimentSchema, type ExperimentInput } from '../../../src/contract/experiment'
import type { LabelFree, RecordedEvent } from '../../../src/contract/record'
import { requireOneTask } from '../../../src/lab/tasks'
import { checkpointsIn } from '../../../src/lab/validate'
import { labelFree } from '../../label-free'

const time = '2026-01-02T03:04:05.000Z'
const measuresWith = (accuracy: number, scores: LabelFree | undefined = labelFree) =>
  ({ target: { accuracy, accuracyBestPairing: 1 - accuracy }, labelFree: scores }) as never

const round = (number: number, accuracy: number, scores?: LabelFree) =>
  ({
    type: 'round',
    time,
    round: number,
    measures: measuresWith(accuracy, scores),
  }) as never as RecordedEvent

it('takes the rounds of the attempt that counts and the last word of those that were given up', () => {
  const events = [
    { type: 'attempt', time, attempt: 1, verdict: 'restarted', measures: measuresWith(0.1) },
    round(0, 0.2),
    round(1, 0.3),
  ] as never as RecordedEvent[]
  expect(checkpointsIn('a', events, 'chosen')).toEqual([
    { run: 'a', attempt: 1, round: 1, accuracy: 0.1, labelFree },
    { run: 'a', attempt: 2, round: 0, accuracy: 0.2, labelFree },
    { run: 'a', attempt: 2, round: 1, accuracy: 0.3, labelFree },
  ])
  expect(checkpointsIn('a', events, 'best').map(({ accuracy }) => accuracy)).toEqual([0.9, 0.8, 0.7])
})

it('leaves out what was measured before there were scores', () => {
  const old = { ...round(0, 0.2), measures: { target: { accuracy: 0.2, accuracyBestPairing: 0.8 } } } as never
  expect(checkpointsIn('a', [old, round(1, 0.3)], 'chosen').map((one) => one.round)).toEqual([1])
})

describe('runs whose rounds are laid together', () => {
  const task: ExperimentInput = {
    name: 'x',
    source: { dataset: 'mnist', classes: [0, 1] },
    target: { dataset: 'mnist', classes: [2, 3] },
    pairing: [0, 1],
  }
  const { source, target } = task
  const record = (id: string, changes: Partial<ExperimentInput>) => ({
    id,
    experiment: experimentSchema.parse({ ...task, ...changes }),
  })
  const laid = (changes: Partial<ExperimentInput>) => () =>
    requireOneTask([record('a', {}), record('b', {}), record('c', changes)])

  it.each([
    ['source.classes', { source: { ...source, classes: [4, 9] } }],
    ['target.classes', { target: { ...target, classes: [3, 2] } }],
    ['target.dataset', { target: { ...target, dataset: 'usps' } }],
    ['target.partition', { target: { ...target, partition: 'pooled' } }],
    ['target.count', { target: { ...target, count: 100 } }],
    ['target.framing', { target: { ...target, framing: 'box20' } }],
    ['target.shifts', { target: { ...target, shifts: [{ kind: 'inversion' }] } }],
    ['pairing.length', { pairing: [0] }],
  ] as [string, Partial<ExperimentInput>][])('have one task: %s', (setting, changes) => {
    expect(laid(changes)).toThrow(labError('tasks-differ', { first: 'a', second: 'c', setting }))
  })

  it.each([
    [{ seed: 4, target: { ...target, seed: 2 }, pairing: [1, 0] }],
    [{ adaptation: { method: 'dann', learningRate: 0.1, epochs: 3, shots: 1 } }],
    [{ source: { ...source, dataset: 'usps', count: 50 }, model: { encoder: 'lenet-bn' } }],
  ] as [Partial<ExperimentInput>][])('may differ in anything else: %j', (changes) => {
    expect(laid(changes)).not.toThrow()
  })
})
