/** A complete training: its results, stopping and resuming at any point, and what it leaves behind. */
import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, test, vi } from 'vitest'
import { experimentSchema, type Experiment } from '../../../src/contract/experiment'
import { roundViewSchema } from '../../../src/contract/run'
import { recordedEventSchema } from '../../../src/contract/record'
import { createTraining, snapshotAfter } from '../../../src/training/training'
import type { EngineKind } from '../../../src/training/training'
import { loadTensorFlow } from '../../../src/workers/native'
import { isLong } from '../../long'
import { at, eventsOf, experimentWith, fingerprint, images, resumedAt, timeless } from './support'

await loadTensorFlow(1)
vi.setConfig({ testTimeout: 180_000 })

const momentum = { kind: 'sgd', momentum: 0.9, nesterov: true, weightDecay: 1e-4 } as const
const adam = { kind: 'adam' } as const

/** Two epochs of 7 steps (the last of 6 images), then three rounds of 5 pairs (the last of 10 and 6). */
const few = images(66, 46)
const settings = {
  sourceStage: { epochs: 2, batch: 10 },
  adaptation: { epochs: 3, batch: 10, learningRate: 1e-3 },
}
const sourceSteps = 14
const roundSteps = 5

/** Steps counted: epochs of 9 steps, of which 6 make a pass; rounds of 7 pairs, passes of 6 and 4. */
const counted = {
  sourceStage: { ...settings.sourceStage, steps: 9 },
  adaptation: { ...settings.adaptation, steps: 7 },
}

function start(experiment: Experiment, engine: EngineKind = 'eager') {
  return createTraining(experiment, few, { engine })
}

test('the events of a training, in order', async () => {
  const training = start(experimentWith(settings))
  expect(training.rounds).toBe(3)
  const events = await eventsOf(training)
  const told = events.map((event) => {
    if (event.type === 'step') return `${event.phase} ${event.round}: ${event.step}/${event.steps}`
    return event.type === 'round' ? `round ${event.event.round}` : event.event.type
  })
  const steps = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, step) => `${prefix}: ${step + 1}/${count}`)
  const round = (number: number) => [
    ...steps(`adaptation ${number}`, roundSteps).slice(0, -1),
    'loss',
    `adaptation ${number}: 5/5`,
    `round ${number}`,
  ]
  expect(told).toEqual([
    ...steps('source 0', sourceSteps).slice(0, -1),
    'source-loss',
    'source 0: 14/14',
    'source-done',
    'round 0',
    ...round(1),
    ...round(2),
    ...round(3),
  ])
  for (const event of events) {
    if (event.type === 'step') continue
    expect(recordedEventSchema.safeParse({ ...event.event, time: '' }).error).toBeUndefined()
    if (event.type === 'round') expect(roundViewSchema.safeParse(event.view).error).toBeUndefined()
  }
  training.dispose()
})

test('steps can be counted: an epoch or round goes on past the end of a pass, in full batches', async () => {
  const training = start(experimentWith(counted))
  const events = await eventsOf(training)
  const taken = events.flatMap((event) =>
    event.type === 'step' ? [`${event.phase} ${event.round}: ${event.step}/${event.steps}`] : [],
  )
  const upTo = (prefix: string, count: number) =>
    Array.from({ length: count }, (_, step) => `${prefix}: ${step + 1}/${count}`)
  expect(taken).toEqual([
    ...upTo('source 0', 18),
    ...upTo('adaptation 1', 7),
    ...upTo('adaptation 2', 7),
    ...upTo('adaptation 3', 7),
  ])
  const [, first] = events.flatMap((event) => (event.type === 'round' ? [event.event] : []))
  expect(first?.verdictsOnSource).toBe(10)
  expect(first?.verdicts).toHaveLength(20)
  training.dispose()
})

test('as many steps as a pass has give the weights of one pass', async () => {
  const end = async (steps: { source: number | null; adaptation: number | null }) => {
    const training = createTraining(
      experimentWith({
        sourceStage: { epochs: 2, batch: 10, steps: steps.source },
        adaptation: { epochs: 2, batch: 10, learningRate: 1e-3, steps: steps.adaptation },
      }),
      images(40, 30),
      { engine: 'eager' },
    )
    await eventsOf(training)
    const weights = fingerprint(training.checkpoint())
    training.dispose()
    return weights
  }
  const one = await end({ source: null, adaptation: null })
  expect(await end({ source: 4, adaptation: 3 })).toBe(one)
  expect(await end({ source: 4, adaptation: 4 })).not.toBe(one)
})

test('losses are recorded every 100 steps and at the last one', async () => {
  const [training, many] = [1, 4].map((epochs) =>
    start(
      experimentWith({
        sourceStage: { epochs, batch: 1, learningRate: 1e-3 },
        adaptation: { method: 'source-only' },
      }),
      'compiled',
    ),
  ) as [ReturnType<typeof start>, ReturnType<typeof start>]
  const recorded = async (one: typeof training) =>
    (await eventsOf(one)).flatMap((event) =>
      event.type === 'recorded' && event.event.type === 'source-loss'
        ? [[event.event.epoch, event.event.step]]
        : [],
    )
  expect(await recorded(training)).toEqual([[1, 66]])
  expect(await recorded(many)).toEqual([
    [2, 100],
    [4, 200],
    [4, 264],
  ])
  training.dispose()
  many.dispose()
})

test("D's verdicts are on the round's first pair, before D's update", async () => {
  const still = start(
    experimentWith({
      ...settings,
      adaptation: { epochs: 1, batch: 60, learningRate: 1e-9, parameters: { discriminatorLearningRate: 10 } },
    }),
  )
  const events = await eventsOf(still)
  const rounds = events.flatMap((event) => (event.type === 'round' ? [event.event] : []))
  const [before, after] = rounds
  expect(before?.verdicts).toBeNull()
  expect(after?.verdictsOnSource).toBe(60)
  expect(after?.verdicts).toHaveLength(60 + 46)
  // One pair contains the whole target, so the verdicts equal D's judgement in round 0; D itself has been updated
  // since.
  const calledTarget = after?.verdicts?.slice(60).filter((verdict) => verdict === 1).length ?? NaN
  expect(calledTarget / 46).toBeCloseTo(1 - (before?.measures.targetCalledSource ?? NaN), 6)
  expect(after?.measures.targetCalledSource).not.toBe(before?.measures.targetCalledSource)
  still.dispose()
})

describe('stopped and resumed', () => {
  /** The events and the weights of a training that is stopped and resumed are those of one never stopped. */
  async function expectSameWhenStopped(
    experiment: Experiment,
    engine: EngineKind,
    stops: Parameters<typeof resumedAt>[1],
  ): Promise<void> {
    const whole = start(experiment, engine)
    const wholeEvents = await eventsOf(whole)
    const end = fingerprint(whole.checkpoint())
    whole.dispose()

    const { events, reached } = await resumedAt(() => start(experiment, engine), stops)
    expect(timeless(events)).toEqual(timeless(wholeEvents))
    expect(reached).toBe(end)
  }

  const cases = [
    ['SGD with momentum', { optimiser: momentum, schedule: 'cosine' }, 'eager'],
    ['Adam', { optimiser: adam, schedule: 'cosine' }, 'compiled'],
    ['plain SGD', {}, 'eager'],
    ['Adam', { optimiser: adam, schedule: 'cosine' }, 'eager'],
  ] as const
  test.each(cases.slice(0, isLong ? cases.length : 2))(
    '%s %j, %s: ends with the same weights as one never stopped',
    async (_, rule, engine) => {
      const experiment = experimentWith({
        sourceStage: { ...settings.sourceStage, ...rule, learningRate: 1e-3 },
        adaptation: { ...settings.adaptation, ...rule, parameters: { discriminatorLearningRate: 1e-3 } },
      })
      await expectSameWhenStopped(experiment, engine, [
        at('source', 0, 3),
        at('source', 0, 7),
        at('source', 0, sourceSteps),
        at('adaptation', 2, 3),
        at('adaptation', 3, roundSteps),
      ])
    },
  )

  test.each(['eager', 'compiled'] as const)('within epochs of a number of steps, %s', async (engine) => {
    const views = { degrees: 10 }
    const rule = { optimiser: adam, schedule: 'cosine', learningRate: 1e-3 }
    const experiment = experimentWith({
      sourceStage: { ...counted.sourceStage, ...rule, views },
      adaptation: { ...counted.adaptation, ...rule, parameters: { discriminatorLearningRate: 1e-3 } },
    })
    await expectSameWhenStopped(experiment, engine, [
      at('source', 0, 8),
      at('source', 0, 18),
      at('adaptation', 1, 4),
      at('adaptation', 2, 5),
      at('adaptation', 3, 7),
    ])
  })

  test('from a checkpoint: the round after it comes out the same', async () => {
    const experiment = experimentWith(settings)
    const whole = start(experiment)
    const wholeEvents = await eventsOf(whole, {
      until: (event) => event.type === 'round' && event.event.round === 2,
    })
    const end = fingerprint(whole.checkpoint())
    whole.dispose()

    const toFirst = start(experiment)
    await eventsOf(toFirst, { until: (event) => event.type === 'round' && event.event.round === 1 })
    const checkpoint = toFirst.checkpoint()
    toFirst.dispose()

    const rest = start(experiment)
    const events = await eventsOf(rest, {
      from: snapshotAfter(1, checkpoint),
      until: (event) => event.type === 'round' && event.event.round === 2,
    })
    expect(fingerprint(rest.checkpoint())).toBe(end)
    expect(timeless(events)).toEqual(timeless(wholeEvents).slice(-events.length))
    rest.dispose()
  })

  test("from the source stage's checkpoint: MT is a copy of MS", async () => {
    const experiment = experimentWith({ ...settings, adaptation: { epochs: 0 } })
    const first = start(experiment)
    await eventsOf(first)
    const checkpoint = first.checkpoint()
    expect(checkpoint.map(({ name }) => name.split('.')[0])).not.toContain('target_encoder')
    first.dispose()

    const rest = start(experiment)
    await eventsOf(rest, { from: snapshotAfter(0, checkpoint) })
    const { tensors } = rest.snapshot()
    for (const { name, data } of checkpoint.filter(({ name }) => name.startsWith('source_encoder.')))
      expect(tensors.find((tensor) => tensor.name === name.replace('source', 'target'))?.data).toEqual(data)
    rest.dispose()
  })

  test('a checkpoint that lacks a tensor is refused by name', async () => {
    const experiment = experimentWith(settings)
    const first = start(experiment)
    const tensors = first.checkpoint().filter(({ name }) => name !== 'classifier.fc.bias')
    first.dispose()
    const rest = start(experiment)
    await expect(rest.run(snapshotAfter(0, tensors), 'a.safetensors').next()).rejects.toMatchObject({
      code: 'checkpoint-missing-tensor',
      params: { file: 'a.safetensors', tensor: 'classifier.fc.bias' },
    })
    rest.dispose()
  })
})

test('the same seed gives the same run, another seed or learning rate another one', async () => {
  const finalLoss = async (experiment: Experiment) => {
    const training = start(experiment)
    await eventsOf(training, { until: at('source', 0, sourceSteps) })
    const { source } = training.latestLosses()
    training.dispose()
    return source
  }
  const once = await finalLoss(experimentWith(settings))
  expect(await finalLoss(experimentWith(settings))).toBe(once)
  expect(await finalLoss(experimentWith({ ...settings, seed: 1 }))).not.toBe(once)
  const faster = { ...settings, sourceStage: { ...settings.sourceStage, learningRate: 0.05 } }
  expect(await finalLoss(experimentWith(faster))).not.toBe(once)
})

test('source-only has no rounds: the target is measured once, as it is', async () => {
  const training = start(experimentWith({ ...settings, adaptation: { method: 'source-only' } }))
  expect(training.rounds).toBe(0)
  const events = await eventsOf(training)
  const rounds = events.flatMap((event) => (event.type === 'round' ? [event] : []))
  expect(rounds).toHaveLength(1)
  expect(rounds[0]?.event.measures).toMatchObject({ discriminatorAccuracy: null, histogram: null })
  expect(rounds[0]?.view.sourceVerdicts).toBeNull()
  training.dispose()
})

describe('a loss that is no number stops the training and says where', () => {
  test('in the source stage', async () => {
    const training = start(
      experimentWith({
        ...settings,
        sourceStage: { epochs: 5, batch: 10, learningRate: 10, optimiser: momentum },
      }),
    )
    await expect(eventsOf(training)).rejects.toMatchObject({ code: 'source-loss-not-finite' })
    training.dispose()
  })

  test('in adaptation: names the term, and what came before can still be saved', async () => {
    const training = start(
      experimentWith({
        ...settings,
        adaptation: {
          epochs: 3,
          batch: 10,
          learningRate: 10,
          parameters: { discriminatorLearningRate: 10, adversarialWeight: 1000 },
        },
      }),
    )
    await expect(eventsOf(training)).rejects.toMatchObject({
      code: 'loss-not-finite',
      params: { term: expect.stringMatching(/^(D|MT|discriminator|target_encoder)$/) as string },
    })
    training.dispose()
  })
})

/** An eager step takes six times as long; `npm run long` runs a thousand of either. */
test.each([
  ['eager', isLong ? 20 : 2],
  ['compiled', isLong ? 20 : 4],
] as const)(
  'steps leave the tensor count where it was, %s, in %i epochs of each stage',
  async (engine, epochs) => {
    const before = tf.memory().numTensors
    const experiment = experimentSchema.parse({
      ...experimentWith({}),
      sourceStage: { epochs, batch: 2, optimiser: adam, learningRate: 1e-4 },
      adaptation: { epochs, batch: 2, optimiser: adam },
    })
    const training = createTraining(experiment, images(50, 50), { engine })
    const counts: Record<string, Set<number>> = { source: new Set(), adaptation: new Set() }
    let steps = 0
    for await (const event of training.run()) {
      if (event.type !== 'step') continue
      steps++
      counts[event.phase]?.add(tf.memory().numTensors)
    }
    expect(steps).toBe(epochs * 50)
    expect(counts.source?.size).toBe(1)
    expect(counts.adaptation?.size).toBe(1)
    training.dispose()
    expect(tf.memory().numTensors).toBe(before)
  },
)
