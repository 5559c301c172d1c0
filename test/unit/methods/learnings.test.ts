/**
 * The losses that each method's step passes to the optimisers: those it reports, combined with the signs and weights
 * of its paper, and the networks that each may change.
 */
import * as tf from '@tensorflow/tfjs-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { stream } from '../../../src/data/random'
import { methods } from '../../../src/methods/registry'
import { createNetwork, follow, valuesOf } from '../../../src/models/network'
import { linearClassifier } from '../../../src/networks/classifier'
import { createNetworks } from '../../../src/training/networks'
import { loadTensorFlow } from '../../../src/workers/native'
import type { FloatImages } from '../../fixtures/samples'
import { experimentWith, firstOf, side, twosAndThrees, zerosAndOnes } from '../training/support'
import { settingsOf } from './stage'

await loadTensorFlow(1)
beforeEach(() => tf.engine().startScope())
afterEach(() => tf.engine().endScope())

type Reported = Readonly<Record<string, number>>
interface Learning {
  /** Factor of each reported term in the loss; `w`: its weight. */
  readonly terms: Readonly<Record<string, 'w' | '-w' | number>>
  readonly moves: readonly string[]
}

/**
 * The weight of each term. With new networks CORAL's distance is so small that a smaller weight would hide its sign.
 */
const weightOf = (method: string) => (method === 'deep-coral' ? 1e8 : 0.7)

function lossOf({ terms }: Learning, reported: Reported, w: number): number {
  const factor = (times: 'w' | '-w' | number) => (times === 'w' ? w : times === '-w' ? -w : times)
  return Object.entries(terms).reduce(
    (loss, [term, times]) => loss + factor(times) * (reported[term] ?? NaN),
    0,
  )
}

const [MT, CT, D] = ['target_encoder', 'target_classifier', 'discriminator']
const parting = { terms: { discrepancy: 1 }, moves: [MT] }
const expected: Readonly<Record<string, readonly Learning[]>> = {
  adda: [
    { terms: { D: 1 }, moves: [D] },
    { terms: { MT: 'w' }, moves: [MT] },
  ],
  dann: [{ terms: { source: 1, D: 1 }, moves: [MT, CT, D] }],
  cdan: [{ terms: { source: 1, D: 1 }, moves: [MT, CT, 'conditional_discriminator'] }],
  'cdan-e': [{ terms: { source: 1, D: 1 }, moves: [MT, CT, 'conditional_discriminator'] }],
  dan: [{ terms: { source: 1, mmd: 'w' }, moves: [MT, CT] }],
  'deep-coral': [{ terms: { source: 1, coral: 'w' }, moves: [MT, CT] }],
  mcc: [{ terms: { source: 1, confusion: 'w' }, moves: [MT, CT] }],
  bnm: [{ terms: { source: 1, 'nuclear-norm': '-w' }, moves: [MT, CT] }],
  afn: [{ terms: { source: 1, norm: 'w' }, moves: [MT, CT] }],
  // MCD reports its discrepancy with the weight applied.
  mcd: [
    { terms: { source: 1 }, moves: [MT, CT, 'second_classifier'] },
    { terms: { source: 1, discrepancy: -1 }, moves: [CT, 'second_classifier'] },
    parting,
    parting,
    parting,
    parting,
  ],
  'shot-im': [{ terms: { entropy: 1, diversity: '-w' }, moves: [MT] }],
  shot: [{ terms: { entropy: 1, diversity: '-w', 'pseudo-labels': 'w' }, moves: [MT] }],
  'mean-teacher': [
    {
      terms: { source: 1, consistency: 'w', balance: 'w' },
      moves: ['student_encoder', 'student_classifier'],
    },
  ],
  'adversarial-consistency': [
    { terms: { D: 1 }, moves: [D] },
    { terms: { adversarial: 'w', entropy: 'w', diversity: '-w', consistency: 'w' }, moves: [MT] },
  ],
  'teacher-consistency': [
    { terms: { source: 'w', entropy: 'w', diversity: '-w', consistency: 'w' }, moves: [MT] },
  ],
}

function tensorsOf({ pixels, labels, count }: FloatImages) {
  return {
    x: tf.tensor4d(pixels, [count, side, side, 1]),
    y: tf.tensor1d(labels, 'int32'),
  }
}

/** One step that records instead of updating: its reported terms, and the losses that it would learn from. */
function stepOf(method: string, settings: object = {}) {
  const networks = createNetworks(experimentWith({ adaptation: { ...settingsOf(method), ...settings } }))
  const { adaptation, MS } = networks
  if (adaptation === null) throw new Error(`${method} adapts`)
  const [source, target] = [tensorsOf(firstOf(zerosAndOnes, 6)), tensorsOf(firstOf(twosAndThrees, 4))]
  const draws = adaptation.draws(stream(0, 'draws'), { source: 6, target: 4 })
  const { encoder, classifier: classify } = adaptation.target
  const features = encoder(target.x)
  const ofRound = adaptation.eachRound?.({ features, logits: classify(features) }) ?? {}
  const indices = { source: tf.range(0, 6, 1, 'int32'), target: tf.range(0, 4, 1, 'int32') }
  const learnings: { loss: number; moves: string[] }[] = []
  const reported = adaptation.step(
    { indices, xs: source.x, ys: source.y, fs: MS(source.x), xt: target.x, yt: target.y },
    {
      train: (network) => network,
      trainFrozen: (network) => network,
      learn: (loss, ...moved) =>
        learnings.push({ loss: loss.dataSync()[0] ?? NaN, moves: moved.map(({ id }) => id) }),
      weight: () => tf.scalar(weightOf(method)),
      drawn: (name) => draws[name] ?? tf.scalar(NaN),
      ofRound: (name) => ofRound[name] ?? tf.scalar(NaN),
      labelled: () => tf.scalar(0),
    },
  )
  const figures = Object.entries(reported).map(([term, loss]) => [term, loss.dataSync()[0] ?? NaN])
  return { learnings, reported: Object.fromEntries(figures) as Reported }
}

test.each(Object.entries(expected))('%s', (method, wanted) => {
  const { learnings, reported } = stepOf(method)
  expect(learnings.map(({ moves }) => moves)).toEqual(wanted.map(({ moves }) => moves))
  wanted.forEach((one, at) => {
    expect(learnings[at]?.loss).toBeCloseTo(lossOf(one, reported, weightOf(method)), 5)
    // Large enough that an omitted term or a wrong sign would show.
    for (const [term, times] of Object.entries(one.terms))
      expect(
        Math.abs(lossOf({ terms: { [term]: times }, moves: [] }, reported, weightOf(method))),
      ).toBeGreaterThan(5e-5)
  })
})

const learnSource = methods.filter(({ declaration }) => declaration.losses.includes('source'))

test.each(learnSource.map(({ declaration }) => declaration.id))(
  "%s: the source's labels are smoothed as the experiment says",
  (method) => {
    const [sharp, smoothed] = [{}, { labelSmoothing: 0.5 }].map(
      (settings) => stepOf(method, settings).reported,
    )
    expect(Math.abs((smoothed?.source ?? NaN) - (sharp?.source ?? NaN))).toBeGreaterThan(1e-4)
    for (const term of Object.keys(sharp ?? {}))
      if (term !== 'source') expect(smoothed?.[term]).toBe(sharp?.[term])
  },
)

test('a network that follows another keeps so much of itself, value by value', () => {
  const architecture = linearClassifier({ features: 4, classes: 2, activation: 'none' })
  const [from, to] = [1, 2].map((seed) => createNetwork('classifier', architecture, stream(seed, 'weights')))
  if (from === undefined || to === undefined) throw new Error('two networks')
  const values = () => [from, to].map(({ variables }) => valuesOf(variables).flatMap(({ data }) => [...data]))
  const [ofFrom = [], before = []] = values()
  follow(from, to, 0.9)
  const [stillOfFrom, after = []] = values()
  expect(stillOfFrom).toEqual(ofFrom)
  after.forEach((value, at) =>
    expect(value).toBeCloseTo(0.9 * (before[at] ?? NaN) + 0.1 * (ofFrom[at] ?? NaN), 6),
  )
})
