/** Measures after a round: full ones on all images, checked against a direct computation, and samples in between. */
import * as tf from '@tensorflow/tfjs-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Experiment } from '../../../src/contract/experiment'
import { freeing } from '../../../src/models/scope'
import { createDomainProbe } from '../../../src/training/a-distance'
import { accuraciesOf } from '../../../src/training/accuracy'
import type { AdaptationData } from '../../../src/training/adaptation'
import { featuresOf, predictionsOf } from '../../../src/training/evaluate'
import { discriminatorConfusion, diversity, meanEntropy } from '../../../src/training/label-free'
import { medianDistance, mmd } from '../../../src/training/mmd'
import { createNetworks, learns, predictorsOf } from '../../../src/training/networks'
import { createObserver, type Observer } from '../../../src/training/observe'
import { residentDomain, type ResidentDomain } from '../../../src/training/resident'
import { sampleIndices } from '../../../src/training/sample'
import { loadTensorFlow } from '../../../src/workers/native'
import { experimentWith, firstOf, images } from './support'

await loadTensorFlow(2)

const count = 1050
const ofSample = 1000

function experimentOf(method: string): Experiment {
  return { ...experimentWith({ adaptation: { method, epochs: 5 } }), measuring: { every: 3 } }
}

/** Networks with their initial weights; MT differs from MS, so that no measure can be correct by accident. */
function settingOf(method: string) {
  const experiment = experimentOf(method)
  const networks = createNetworks(experiment)
  const digits = images(count, count)
  const source = residentDomain(digits.source)
  const target = residentDomain(digits.target)
  const unseen = residentDomain(firstOf(digits.unseenTarget, 100))
  const frozen = predictorsOf(networks).source.encoder === networks.MS
  const sourceFeatures = frozen ? featuresOf(networks.MS, source.images) : null
  const data: AdaptationData = { source, target, sourceFeatures, shots: null }
  const judged = { samples: residentDomain(firstOf(digits.source, 300)), on: 'held-out' } as const
  return { experiment, networks, data, unseen, judged }
}

/** p(first class) of each row of logits. */
function probabilities(logits: tf.Tensor2D): Float32Array {
  return tf.slice(tf.softmax(logits), [0, 0], [-1, 1]).dataSync<'float32'>()
}

/** One method with a constant source encoder and a D, one that trains on the source and has no D. */
describe.each(['adda', 'deep-coral'])('%s', (method) => {
  const setting = settingOf(method)
  const { experiment, networks, data, unseen, judged } = setting
  const judges = predictorsOf(networks)
  const { source, target } = data
  const sourceSample = sampleIndices('source', count, experiment.seed)
  const targetSample = sampleIndices('target', count, experiment.seed)
  let observer: Observer

  beforeAll(
    () =>
      void (observer = createObserver(experiment, networks, data, {
        unseenTarget: unseen,
        judgedSource: judged,
      })),
  )
  afterAll(() => observer.dispose())

  function accuracies(
    { images, trueLabels }: ResidentDomain,
    indices: Int32Array = Int32Array.from(trueLabels.keys()),
  ) {
    const { encoder, classifier } = judges.target
    const predictions = freeing(() => predictionsOf(classifier, featuresOf(encoder, images, indices)))
    return accuraciesOf(
      indices.map((index) => trueLabels[index] ?? -1),
      predictions,
      experiment.pairing,
    )
  }

  test('a whole measurement is what each figure is by itself', () => {
    const { measures } = observer.observe(3)
    expect(measures.target).toEqual(accuracies(target))
    expect(measures.unseenTarget).toEqual(accuracies(unseen))
    expect(measures.source.count).toBe(count)
    const { estimate, labelFree } = measures
    expect(estimate).toMatchObject({ on: 'held-out', count: 300 })
    expect(estimate?.accuracy).toBeLessThanOrEqual(labelFree?.agreement ?? 0)
    const confidence = freeing(() => {
      const { encoder, classifier } = judges.target
      const p = tf.softmax(classifier(featuresOf(encoder, target.images)))
      return tf.mean(tf.max(p, 1)).dataSync()[0] ?? NaN
    })
    expect(estimate?.confidence).toBeCloseTo(confidence, 4)

    freeing(() => {
      const features = {
        source: featuresOf(judges.source.encoder, source.images),
        target: featuresOf(judges.target.encoder, target.images),
      }
      const shown = {
        source: tf.gather(features.source, Array.from(sourceSample)),
        target: tf.gather(features.target, Array.from(targetSample)),
      }
      const probe = createDomainProbe(ofSample, ofSample, shown.source.shape[1], 'eager')
      // One held-out feature of 1,000 on the other side of the probe changes the distance by 0.004.
      expect(Math.abs(measures.proxyADistance - probe.distance(shown.source, shown.target))).toBeLessThan(
        0.009,
      )
      probe.dispose()
      const framed = (domain: ResidentDomain, sample: Int32Array) =>
        featuresOf(networks.MS, domain.images, sample.subarray(0, 500))
      const bandwidth = medianDistance(framed(source, sourceSample), framed(target, targetSample))
      expect(measures.mmd).toBeCloseTo(mmd(shown.source, shown.target, bandwidth), 5)

      const first = probabilities(judges.target.classifier(features.target))
      const both = { values: Float32Array.from([...first].flatMap((p) => [p, 1 - p])), classes: 2 }
      expect(measures.labelFree?.entropy).toBeCloseTo(meanEntropy(both), 6)
      expect(measures.labelFree?.diversity).toBeCloseTo(diversity(both), 6)
      const { discriminate } = networks.adaptation ?? { discriminate: null }
      if (discriminate === null) return expect(measures.discriminatorAccuracy).toBeNull()
      const verdicts = [features.source, features.target].map((all) => probabilities(discriminate(all)))
      const [onSource = first, onTarget = first] = verdicts
      expect(measures.labelFree?.discriminatorConfusion).toBeCloseTo(
        discriminatorConfusion(onSource, onTarget),
        6,
      )
      const called = (all: Float32Array) => all.filter((p) => p >= 0.5).length / all.length
      expect(measures.sourceCalledSource).toBeCloseTo(called(onSource), 3)
      expect(measures.targetCalledSource).toBeCloseTo(called(onTarget), 3)
    })
  })

  test('between two of them the samples are measured, and what only a whole one has is absent', () => {
    const { measures } = observer.observe(4)
    expect(measures.target).toEqual(accuracies(target, targetSample))
    expect(measures.target?.count).toBe(ofSample)
    expect(measures.source.count).toBe(learns(networks, judges.source) ? ofSample : count)
    expect(measures.unseenTarget).toBeNull()
    expect(measures.labelFree).toBeUndefined()
    expect(measures.estimate).toBeUndefined()
    const whole = observer.observe(3).measures
    expect(measures.proxyADistance).toBe(whole.proxyADistance)
    expect(measures.mmd).toBe(whole.mmd)
  })

  test('the first round, every third and the last are measured whole', () => {
    const whole = [0, 1, 2, 3, 4, 5].filter(
      (round) => observer.observe(round).measures.labelFree !== undefined,
    )
    expect(whole).toEqual([0, 3, 5])
  })

  test('pictures show the same images in every round', () => {
    const [whole, between] = [observer.observe(3).view, observer.observe(4).view]
    expect(between).toEqual({ ...whole, round: 4 })
    expect(whole.targetLabels).toEqual(Array.from(targetSample, (index) => target.trueLabels[index]))
  })

  test('measuring leaves no tensor behind, nor does the observer', () => {
    const before = tf.memory().numTensors
    const another = createObserver(experiment, networks, data, { unseenTarget: unseen, judgedSource: judged })
    another.observe(3)
    const once = tf.memory().numTensors
    another.observe(3)
    another.observe(4)
    expect(tf.memory().numTensors).toBe(once)
    another.dispose()
    expect(tf.memory().numTensors).toBe(before)
  })
})

test('where all images of the sample are given with their labels, every measurement reads all images', () => {
  const setting = settingOf('adda')
  const { experiment, networks, data } = setting
  const given = sampleIndices('target', count, experiment.seed)
  const labels = tf.zeros<tf.Rank.R1>([ofSample], 'int32')
  const shots = {
    indices: given,
    images: data.target.images.rows(given),
    labels,
  }
  const observer = createObserver(experiment, networks, { ...data, shots }, { unseenTarget: null })
  expect(observer.observe(1).measures.target).toMatchObject({ count: count - ofSample })
  observer.dispose()
})
