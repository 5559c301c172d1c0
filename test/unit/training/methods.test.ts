/** Complete trainings of each method: which labels they use, exact resuming, and their measures. */
import { describe, expect, test, vi } from 'vitest'
import type { NamedTensor } from '../../../src/checkpoints/safetensors'
import type { Experiment } from '../../../src/contract/experiment'
import type { RoundEvent } from '../../../src/contract/record'
import { unknownLabel } from '../../../src/data/dataset'
import type { ExperimentSamples } from '../../../src/training/training'
import { drawShots } from '../../../src/data/shots'
import { methods } from '../../../src/methods/registry'
import { disposeVariables } from '../../../src/models/network'
import { evaluate } from '../../../src/training/evaluate'
import { predictorOf } from '../../../src/training/networks'
import { createTraining, snapshotAfter, type EngineKind } from '../../../src/training/training'
import { loadTensorFlow } from '../../../src/workers/native'
import { isLong } from '../../long'
import { settingsOf } from '../methods/stage'
import { at, eventsOf, experimentWith, fingerprint, images, resumedAt, timeless } from './support'

await loadTensorFlow(1)
vi.setConfig({ testTimeout: 180_000 })

/** Three steps on the source, two rounds of two pairs. */
const few = images(24, 20)
const lenetBn = { encoder: 'lenet-bn' }

function experimentOf(
  method: string,
  changes: { model?: object; adaptation?: object; views?: boolean } = {},
) {
  return experimentWith({
    sourceStage: { batch: 10, ...(changes.views === true ? { views: {} } : {}) },
    adaptation: {
      ...settingsOf(method),
      epochs: 2,
      batch: 10,
      learningRate: 1e-3,
      optimiser: { kind: 'adam' },
      ...changes.adaptation,
    },
    ...(changes.model === undefined ? {} : { model: { ...changes.model } }),
  })
}

function start(experiment: Experiment, given: ExperimentSamples = few, engine: EngineKind = 'eager') {
  return createTraining(experiment, given, { engine })
}

/** The weights after one round; everything after its last step only measures. */
async function weightsOf(experiment: Experiment, given: ExperimentSamples): Promise<string> {
  const training = start(experiment, given)
  await eventsOf(training, { until: at('adaptation', 1, 2) })
  const weights = fingerprint(training.checkpoint())
  training.dispose()
  return weights
}

type Images = typeof few.target
const lying = (given: Images): Images => ({ ...given, labels: given.labels.map((label) => 1 - label) })
const poisoned = {
  ...few,
  target: lying(few.target),
  unseenTarget: lying(few.unseenTarget),
}

/**
 * Changes the labels of all images except those at `indices`: reverses them between consecutive indices. Each of these
 * images keeps its rank within its class, so that a draw by class finds it again.
 */
function reversedBetween(labels: Int32Array, indices: Int32Array): Int32Array {
  const bounds = [-1, ...indices.slice().sort(), labels.length]
  const changed = labels.slice()
  bounds.slice(1).forEach((end, index) => changed.subarray((bounds[index] ?? 0) + 1, end).reverse())
  return changed
}

/** One of each kind; `npm run long` has every method. */
const kinds = ['adda', 'mcd', 'shot-im', 'teacher-consistency']
const tried = methods.map(({ declaration }) => declaration).filter(({ id }) => isLong || kinds.includes(id))

/** The same samples of the target, of which no label is known. */
const unlabelled = {
  ...few,
  target: { ...few.target, labels: few.target.labels.map(() => unknownLabel) },
  unseenTarget: null,
}
const withoutClasses = (experiment: Experiment): Experiment => ({
  ...experiment,
  target: { ...experiment.target, classes: [], unlabelled: true },
  pairing: [],
})

describe('the true labels of the target', () => {
  const unsupervised = methods
    .map(({ declaration }) => declaration)
    .filter(({ role }) => role !== 'reference')
  test.each(unsupervised.map(({ id }) => id))('have no part in %s, wrong or unknown', async (method) => {
    const experiment = experimentOf(method)
    const weights = await weightsOf(experiment, few)
    expect(await weightsOf(experiment, poisoned)).toBe(weights)
    expect(await weightsOf(withoutClasses(experiment), unlabelled)).toBe(weights)
  })

  test('may be known of some samples: these are measured, and the weights stay the same', async () => {
    const experiment = experimentOf('dann')
    const labels = few.target.labels.map((label, index) => (index % 4 === 0 ? unknownLabel : label))
    const partly = { ...few, target: { ...few.target, labels } }
    expect(await weightsOf(experiment, partly)).toBe(await weightsOf(experiment, few))
    const training = start(experiment, partly)
    const events = await eventsOf(training)
    training.dispose()
    const counts = events.flatMap((event) =>
      event.type === 'round' ? [event.event.measures.target?.count] : [],
    )
    expect(counts).toEqual([15, 15, 15])
  })

  test('are what the reference learns from', async () => {
    const experiment = experimentOf('target-supervised')
    expect(await weightsOf(experiment, poisoned)).not.toBe(await weightsOf(experiment, few))
  })

  test('have a part where images are given with them', async () => {
    const experiment = experimentOf('dann', { adaptation: { shots: 2 } })
    expect(await weightsOf(experiment, poisoned)).not.toBe(await weightsOf(experiment, few))
  })

  test.each(['shot-im', 'adversarial-consistency'])(
    'have none in a few-shot %s beyond the images that are given with them',
    async (method) => {
      const experiment = experimentOf(method, { adaptation: { shots: 2 } })
      const drawn = (labels: Int32Array) =>
        drawShots({ labels }, experiment.target.classes, 2, experiment.seed)
      const labels = reversedBetween(few.target.labels, drawn(few.target.labels))
      expect(drawn(labels)).toEqual(drawn(few.target.labels))
      expect(labels.filter((label, index) => label !== few.target.labels[index]).length).toBeGreaterThan(4)
      const elsewhere = { ...poisoned, target: { ...few.target, labels } }
      expect(await weightsOf(experiment, elsewhere)).toBe(await weightsOf(experiment, few))
    },
  )
})

describe('stopped and resumed, a training ends as one never stopped', () => {
  const cases = [
    [
      'a teacher, labelled images and views of the source',
      experimentOf('teacher-consistency', { adaptation: { shots: 2 }, views: true }),
      'eager',
    ],
    ['pseudo-labels of each round', experimentOf('shot'), 'eager'],
    ['three sub-steps', experimentOf('mcd'), 'eager'],
    [
      'batch normalisation, dropout and a teacher',
      experimentOf('mean-teacher', { model: lenetBn }),
      'compiled',
    ],
    ['a teacher that averages', experimentOf('mean-teacher'), 'eager'],
    ['batch normalisation and dropout', experimentOf('dann', { model: lenetBn }), 'eager'],
  ] as const
  test.each(cases.slice(0, isLong ? cases.length : 4))('%s', async (_, experiment, engine) => {
    const whole = start(experiment, few, engine)
    const wholeEvents = await eventsOf(whole)
    const end = fingerprint(whole.checkpoint())
    whole.dispose()
    const stops = [at('source', 0, 2), at('adaptation', 1, 1), at('adaptation', 2, 1)]
    const { events, reached } = await resumedAt(() => start(experiment, few, engine), stops)
    expect(timeless(events)).toEqual(timeless(wholeEvents))
    expect(reached).toBe(end)
  })

  test('in the middle of a round, with the pseudo-labels of its start, and not without them', async () => {
    const experiment = experimentOf('shot')
    const first = start(experiment)
    await eventsOf(first, { until: at('adaptation', 1, 1) })
    const { state, tensors } = first.snapshot()
    first.dispose()
    const isOfRound = ({ name }: NamedTensor) => name === 'round.labels'
    const labels = tensors.find(isOfRound)
    expect(labels?.shape).toEqual([few.target.count])
    for (const label of labels?.data ?? []) expect([0, 1]).toContain(label)

    async function nextLosses(held: typeof tensors) {
      const rest = start(experiment)
      await eventsOf(rest, { from: { state, tensors: held }, until: at('adaptation', 1, 2) })
      const losses = rest.latestLosses()
      rest.dispose()
      return losses
    }
    const changed = tensors.map((tensor) =>
      isOfRound(tensor) ? { ...tensor, data: tensor.data.map((label) => 1 - label) } : tensor,
    )
    const [kept, other] = [await nextLosses(tensors), await nextLosses(changed)]
    expect(other.entropy).toBe(kept.entropy)
    expect(other['pseudo-labels']).not.toBe(kept['pseudo-labels'])
    await expect(nextLosses(tensors.filter((tensor) => !isOfRound(tensor)))).rejects.toMatchObject({
      code: 'checkpoint-missing-tensor',
      params: { file: 'snapshot', tensor: 'round.*' },
    })
  })

  test('from a checkpoint, with all that its file holds', async () => {
    const experiment = experimentOf('mean-teacher', { model: lenetBn })
    const whole = start(experiment)
    const wholeEvents = await eventsOf(whole)
    const end = fingerprint(whole.checkpoint())
    whole.dispose()
    const first = start(experiment)
    await eventsOf(first, { until: (event) => event.type === 'round' && event.event.round === 1 })
    const checkpoint = first.checkpoint()
    first.dispose()
    const rest = start(experiment)
    const events = await eventsOf(rest, { from: snapshotAfter(1, checkpoint) })
    expect(timeless(events)).toEqual(timeless(wholeEvents).slice(-events.length))
    expect(fingerprint(rest.checkpoint())).toBe(end)
    rest.dispose()
  })
})

test('from a checkpoint of another method, networks that both have go on with their optimisers, others begin anew', async () => {
  const first = start(experimentOf('adversarial-consistency'))
  await eventsOf(first, { until: (event) => event.type === 'round' && event.event.round === 1 })
  const checkpoint = first.checkpoint()
  first.dispose()
  const stateOf = (tensors: typeof checkpoint, network: string) =>
    tensors.find(({ name }) => name === `optimiser.${network}.updates`)?.data[0]
  expect(stateOf(checkpoint, 'target_encoder')).toBe(2)
  const rest = start(experimentOf('dann'))
  await eventsOf(rest, { from: snapshotAfter(1, checkpoint), until: (event) => event.type === 'round' })
  const reached = rest.checkpoint()
  rest.dispose()
  expect(stateOf(reached, 'target_encoder')).toBe(4)
  expect(stateOf(reached, 'target_classifier')).toBe(2)
})

describe('what is measured', () => {
  async function roundsOf(experiment: Experiment): Promise<RoundEvent[]> {
    const training = start(experiment)
    const events = await eventsOf(training)
    training.dispose()
    return events.flatMap((event) => (event.type === 'round' ? [{ ...event.event, time: '' }] : []))
  }

  test('before adaptation every method that starts from the source is straight transfer', async () => {
    const measured = async (method: string) => (await roundsOf(experimentOf(method)))[0]?.measures.target
    const straight = await measured('source-only')
    for (const method of ['dann', 'mcd', 'mean-teacher', 'teacher-consistency'])
      expect(await measured(method)).toEqual(straight)
    expect(await measured('no-source')).not.toEqual(straight)
  })

  test('labelled images are left out of the accuracy on the target, and their loss is told', async () => {
    const experiment = experimentOf('shot-im', { adaptation: { shots: 3 } })
    const training = start(experiment)
    expect(training.labelledTarget.map((one) => one.class)).toEqual(['2', '2', '2', '3', '3', '3'])
    for (const { image, class: name } of training.labelledTarget) {
      const label = few.target.labels[few.target.indices.indexOf(image)] ?? -1
      expect(experiment.target.classes[label]).toBe(name)
    }
    training.dispose()
    const rounds = await roundsOf(experiment)
    expect(rounds.map(({ measures }) => measures.target?.count)).toEqual([14, 14, 14])
    expect(rounds.map(({ measures }) => measures.unseenTarget?.count)).toEqual([20, 20, 20])
    expect(Object.keys(rounds[1]?.losses ?? {})).toEqual(['entropy', 'diversity', 'labelled'])
  })

  test('images that the user labelled are left out with their near-duplicates, and the record counts these', async () => {
    const { target } = few
    const pixels = target.pixels.slice()
    const size = target.size ** 2
    // The last image of the target becomes a copy of the first, which has a label.
    pixels.copyWithin((target.count - 1) * size, 0, size)
    const copied = { ...few, target: { ...target, pixels } }
    const labels = [0, 5].map((at, index) => ({ sample: target.indices[at] ?? -1, class: String(index) }))
    const experiment = experimentOf('shot-im', { adaptation: { labels } })
    const training = start(experiment, copied)
    expect(training.labelledTarget).toEqual(
      labels.map(({ sample, class: name }) => ({ image: sample, class: name })),
    )
    expect(training.nearDuplicates).toEqual({ target: 1, unseenTarget: 0 })
    const events = await eventsOf(training)
    training.dispose()
    const rounds = events.flatMap((event) => (event.type === 'round' ? [event.event] : []))
    expect(rounds.map(({ measures }) => measures.target?.count)).toEqual([17, 17, 17])
    expect(Object.keys(rounds[1]?.losses ?? {})).toEqual(['entropy', 'diversity', 'labelled'])
  })

  test.each(tried.map((declaration) => [declaration.id, declaration] as const))(
    '%s: the source is judged and drawn through the encoder that it declares, and the round says which',
    async (method, { sourceJudge, losses }) => {
      const experiment = experimentOf(method, { adaptation: { epochs: 1 } })
      const training = start(experiment)
      const events = await eventsOf(training)
      const checkpoint = training.checkpoint()
      training.dispose()
      const rounds = events.flatMap((event) => (event.type === 'round' ? [event] : []))
      const last = rounds[rounds.length - 1]
      for (const { event } of rounds) expect(event.measures.sourceJudge).toBe(sourceJudge)
      const which = sourceJudge === 'MT' ? 'target' : 'source'
      const { encoder, classifier } = predictorOf(checkpoint, which, experiment.model, 2, 'checkpoint')
      const judged = evaluate(encoder, classifier, few.source, [0, 1])
      disposeVariables([...encoder.variables, ...classifier.variables])
      expect(last?.event.measures.source).toEqual(judged.accuracies)
      if (losses.length === 0) return
      // Before adaptation MT equals MS, so round 0 gives the source points through MS in both cases.
      const [before, after] = rounds.map(({ view }) => view.sourcePoints)
      if (sourceJudge === 'MT') expect(after).not.toBe(before)
      else expect(after).toBe(before)
    },
  )
})
