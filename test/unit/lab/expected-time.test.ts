/** Expected duration of an experiment, from the durations of the parts of earlier runs on this machine. */
import { promises as fs } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { describe, expect, it } from 'vitest'
import { experimentSchema, type ExperimentInput } from '../../../src/contract/experiment'
import type { RecordedEvent } from '../../../src/contract/record'
import type { Timing } from '../../../src/contract/timing'
import { domainSizes } from '../../../src/data/domain-size'
import { listDatasets } from '../../../src/data/open-dataset'
import { costKind } from '../../../src/lab/cost-kinds'
import { expectedSeconds } from '../../../src/lab/expected-time'
import { createStopwatch } from '../../../src/lab/stopwatch'
import { addTimings, readTimings, referenceTimings, timingsFile } from '../../../src/lab/timings'

const input: ExperimentInput = {
  name: 'x',
  source: { dataset: 'mnist', classes: [0, 1], count: 100 },
  target: { dataset: 'usps', partition: 'pooled', classes: [0, 1], count: 80 },
  pairing: [0, 1],
  sourceStage: { epochs: 2 },
  adaptation: { method: 'dann', epochs: 3 },
}
const experimentWith = (changes: Partial<ExperimentInput> = {}) =>
  experimentSchema.parse({ ...input, ...changes })
const sizes = { source: 100, target: 80, unseen: 20 }
const learning = { losses: ['D'] }

const start = Date.parse('2026-01-01T00:00:00.000Z')
const stamp = (second: number) => new Date(start + 1000 * second).toISOString()
const count = (images: number) => ({ count: images })

function round(number: number, second: number): RecordedEvent {
  const measures = { source: count(100), target: count(80), unseenTarget: count(20) }
  const trained = number === 0 ? { seconds: 0, pairsPerSecond: null } : { seconds: 4, pairsPerSecond: 20 }
  return { type: 'round', time: stamp(second), round: number, measures, ...trained } as never
}

/**
 * Launch 3 s, load 1, prepare 0.5, source 6, measure 7, prepare 2; three rounds with 4 s of training and 5 s of
 * measuring and saving.
 */
const events: RecordedEvent[] = [
  { type: 'started', time: stamp(4), resumedFrom: null },
  { type: 'compiled', time: stamp(4.5), phase: 'source', seconds: 0.4 },
  { type: 'source-done', time: stamp(10.5), seconds: 5, imagesPerSecond: 40 },
  round(0, 17.5),
  { type: 'compiled', time: stamp(19.5), phase: 'adaptation', seconds: 1 },
  ...[1, 2, 3].flatMap((number): RecordedEvent[] => [
    { type: 'loss', time: stamp(14.5 + 9 * number), round: number, step: 2, steps: 2, losses: {} },
    round(number, 19.5 + 9 * number),
  ]),
  { type: 'finished', time: stamp(47), seconds: 43 },
]

function timed(told: readonly RecordedEvent[], experiment = experimentWith()): Timing[] {
  const stopwatch = createStopwatch(experiment, 2, start)
  stopwatch.ready(start + 3000)
  for (const event of told) stopwatch.heard(event)
  return stopwatch.timings()
}
const secondsOf = (timings: readonly Timing[]) =>
  Object.fromEntries(timings.map(({ part, seconds, images }) => [part, [seconds, images]]))

describe('the parts of a run', () => {
  it('are timed by the clock, measuring and saving apart from training, each with its images', () => {
    expect(secondsOf(timed(events))).toEqual({
      launch: [3, 0],
      load: [1, 200],
      'compile-source': [0.5, 0],
      source: [6, 200],
      'first-round': [7, 200],
      'compile-adaptation': [2, 0],
      adaptation: [4, 80],
      round: [5, 200],
    })
  })

  it('are not known of a run that a person paused or took step by step', () => {
    const stopwatch = createStopwatch(experimentWith(), 2, start)
    stopwatch.ready(start + 3000)
    for (const event of events) stopwatch.heard(event)
    stopwatch.disturb()
    expect(stopwatch.timings()).toEqual([])
  })

  it('are those seen whole: of a run that goes on in the middle of a round, the rounds after it', () => {
    const resumed: RecordedEvent[] = [
      { type: 'started', time: stamp(4), resumedFrom: { round: 2, step: 1 } },
      { type: 'compiled', time: stamp(9), phase: 'adaptation', seconds: 1 },
      { type: 'loss', time: stamp(10), round: 2, step: 2, steps: 2, losses: {} },
      round(2, 15),
      { type: 'loss', time: stamp(19), round: 3, step: 2, steps: 2, losses: {} },
      round(3, 24),
      { type: 'stopped', time: stamp(25), round: 4, step: 1 },
    ]
    const { load: _, launch: __, ...known } = secondsOf(timed(resumed))
    expect(known).toEqual({ adaptation: [4, 80], round: [5, 200] })
  })
})

describe('the time of an experiment', () => {
  const nothing: readonly Timing[] = []
  const likely = (experiment = experimentWith(), ofSizes = sizes) =>
    expectedSeconds(experiment, learning, ofSizes, { own: timed(events), reference: nothing })

  it('is what the same experiment took, measuring and the start of its process included', () => {
    // 3 + 1 + 0.5 + 6 + 7 + 2 + 3 * (4 + 5)
    const found = likely()
    expect(found?.likely).toBeCloseTo(46.5, 6)
    expect((found?.high ?? NaN) / (found?.low ?? NaN)).toBeLessThan(1.5)
  })

  it('counts rounds and epochs, whatever the rates, the seeds and the name', () => {
    const longer = experimentWith({
      name: 'y',
      seed: 4,
      sourceStage: { epochs: 4, learningRate: 0.5 },
      adaptation: { method: 'dann', epochs: 10, learningRate: 0.5 },
    })
    expect(likely(longer)?.likely).toBeCloseTo(3 + 1 + 0.5 + 12 + 7 + 2 + 10 * 9, 6)
  })

  it('counts the images of steps, where these are given', () => {
    const inSteps = experimentWith({
      sourceStage: { epochs: 2, batch: 50, steps: 8 },
      adaptation: { method: 'dann', epochs: 3, batch: 50, steps: 4 },
    })
    // 8 steps of 50 are four passes over the source; 4 pairs of 50 are 2.5 passes over the target.
    expect(likely(inSteps)?.likely).toBeCloseTo(3 + 1 + 0.5 + 6 * 4 + 7 + 2 + 3 * (4 * 2.5 + 5), 6)
  })

  it('is no multiple of it for more images: what measuring costs anyway is not known yet, so it is a range', () => {
    const found = likely(experimentWith(), { source: 1000, target: 800, unseen: 200 })
    // Training time grows with the images; measuring takes between 5 s and 50 s a round.
    const sure = 3 + 0.5 + 60 + 2 + 3 * 40
    expect(found?.low).toBeLessThan(sure + 1 + 7 + 3 * 5)
    expect(found?.high).toBeGreaterThan(sure + 10 + 70 + 3 * 50)
  })

  it('is a wider range for a method that was never trained here', () => {
    const other = likely(experimentWith({ adaptation: { method: 'mcd', epochs: 3 } }))
    const same = likely()
    expect(other?.low).toBeLessThan(same?.low ?? NaN)
    expect(other?.high).toBeGreaterThan(same?.high ?? NaN)
  })

  it('has no rounds where nothing is learnt beyond the source stage', () => {
    const found = expectedSeconds(experimentWith(), { losses: [] }, sizes, {
      own: timed(events),
      reference: nothing,
    })
    expect(found?.likely).toBeCloseTo(3 + 1 + 0.5 + 6 + 7, 6)
  })

  it('follows the latest runs: a faster way of measuring shows at once', () => {
    const before = timed(events)
    const after = before.map((timing) => (timing.part === 'round' ? { ...timing, seconds: 0.5 } : timing))
    const known = [...before, ...after, ...after]
    const found = expectedSeconds(experimentWith(), learning, sizes, { own: known, reference: nothing })
    expect(found?.likely).toBeCloseTo(46.5 - 3 * 4.5, 6)
  })

  it('is a first guess, as a wide range, where only another machine has measured; and nothing where none has', () => {
    const guess = expectedSeconds(experimentWith(), learning, sizes, {
      own: nothing,
      reference: timed(events),
    })
    expect((guess?.high ?? NaN) / (guess?.low ?? NaN)).toBeGreaterThan(4)
    expect(
      expectedSeconds(experimentWith(), learning, sizes, { own: nothing, reference: nothing }),
    ).toBeNull()
  })

  it('has a first guess for every method on every encoder from what comes with the lab', async () => {
    const reference = await referenceTimings()
    for (const encoder of ['lenet', 'lenet-bn', 'lenet-mlp'] as const)
      for (const method of ['adda', 'mcd', 'source-only', 'shot-im']) {
        const experiment = experimentWith({ model: { encoder }, adaptation: { method } })
        expect(
          expectedSeconds(experiment, learning, sizes, { own: nothing, reference })?.low,
        ).toBeGreaterThan(0)
      }
  })
})

it('a new setting counts as one that costs something', () => {
  const kindOf = (experiment: object) => costKind('round', experiment as never)
  const now = experimentWith()
  expect(kindOf({ ...now, measuring: { everyNth: 5 } })).not.toEqual(kindOf(now))
  expect(kindOf({ ...now, name: 'z', seed: 9 })).toEqual(kindOf(now))
})

describe('sizes of domains', () => {
  it('are counted from what the dataset says: class by class, with rare classes and held-out images', async () => {
    const summaries = await listDatasets('/no/folder')
    const found = (changes: Partial<ExperimentInput>) =>
      domainSizes(experimentWith(changes), (id) => summaries.find((one) => one.id === id))
    expect(found({})).toMatchObject({ source: 100, target: 80 })
    const all = found({ source: { dataset: 'mnist', classes: [0, 1] } })
    expect(all?.source).toBe(5923 + 6742)
    const rare = found({ source: { dataset: 'mnist', classes: [0, 1], rarest: 0.1 } })
    expect(rare?.source).toBe(5923 + 674)
    expect(all?.unseen).toBeGreaterThan(0)
    expect(found({ target: { dataset: 'usps', split: 'test', classes: [0, 1] } })?.unseen).toBe(0)
    expect(found({ target: { dataset: 'gone', classes: [0, 1] } })).toBeNull()
  })
})

describe('timings.jsonl', () => {
  const folder = () => fs.mkdtemp(join(tmpdir(), 'timings-'))

  it('keeps what runs have shown, in their order, and passes over what is no timing', async () => {
    const data = await folder()
    expect(await readTimings(data)).toEqual([])
    const [first, ...others] = timed(events)
    await addTimings(data, first === undefined ? [] : [first])
    await fs.appendFile(timingsFile(data), 'not a timing\n{"part":"load"}\n{"torn')
    await addTimings(data, others)
    const kept = await readTimings(data)
    expect(secondsOf(kept)).toEqual(secondsOf(timed(events)))
    expect(kept.map(({ part }) => part)).toEqual(timed(events).map(({ part }) => part))
  })

  it('does not grow for ever, nor take what is no file of its size for one', async () => {
    const data = await folder()
    const timing = timed(events)[0]
    if (timing === undefined) throw new Error('nothing was timed')
    await addTimings(
      data,
      Array.from({ length: 1200 }, (_, second) => ({ ...timing, seconds: second })),
    )
    await addTimings(data, [{ ...timing, seconds: 5000 }])
    const kept = await readTimings(data)
    expect(kept.length).toBeLessThan(600)
    expect(kept[kept.length - 1]?.seconds).toBe(5000)
    await fs.writeFile(timingsFile(data), Buffer.alloc(3 * 2 ** 20, 0x20))
    expect(await readTimings(data)).toEqual([])
    await addTimings(data, [timing])
    expect(await readTimings(data)).toHaveLength(1)
  })
})
