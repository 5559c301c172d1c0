/** The sentence on the state of a run or the result of a round, with the suggested next setting. */
import { enableAutoUnmount, flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { nextTick } from 'vue'
import en from '../../renderer/i18n/en'
import zh from '../../renderer/i18n/zh'
import { roundFacts } from '../../renderer/panels/round-facts'
import { roundStory, type DomainFacts, type Looked, type RoundFacts } from '../../renderer/panels/round-story'
import RunStory from '../../renderer/panels/RunStory.vue'
import { storyOf, type RunFacts } from '../../renderer/panels/story'
import { useCatalogue } from '../../renderer/stores/catalogue'
import { useNavigation } from '../../renderer/stores/navigation'
import { roundFigures } from '../../renderer/stores/round-figures'
import { useRuns } from '../../renderer/stores/runs'
import { useWatched } from '../../renderer/stores/watched'
import { experimentSchema, type Experiment } from '../../src/contract/experiment'
import type { Accuracies, RecordedEvent } from '../../src/contract/record'
import * as fixtures from './fixtures'
import { createHost, mountWith, type TestHost } from './host'

enableAutoUnmount(afterEach)

const domain = (accuracy: number, changes: Partial<DomainFacts> = {}): DomainFacts => ({
  accuracy,
  count: 10_000,
  calledMost: 0.52,
  largestClass: 0.5,
  ...changes,
})
type Target = NonNullable<RoundFacts['target']>
const target = (accuracy: number, changes: Partial<Target> = {}): Target => ({
  ...domain(accuracy),
  accuracyBestPairing: Math.max(accuracy, 1 - accuracy),
  calledMostClass: 1,
  ...changes,
})
const round = (number: number, changes: Partial<RoundFacts>): RoundFacts => ({
  round: number,
  source: domain(0.99),
  target: target(0.48),
  sourceCalledSource: null,
  targetCalledSource: null,
  ...changes,
})
const settings = (changes: object = {}): Experiment =>
  experimentSchema.parse({ ...fixtures.experiment, sourceStage: { batch: 50 }, ...changes })

function told(shown: Partial<RoundFacts>, before: Partial<RoundFacts> = {}, changes: Partial<Looked> = {}) {
  return roundStory({
    shown: round(4, shown),
    before: round(0, before),
    rounds: 4,
    settings: settings({ adaptation: { epochs: 4, learningRate: 0.01 } }),
    learnsSource: true,
    ...changes,
  })
}

describe('a source that was not learnt', () => {
  const source = (accuracy: number, changes: Partial<DomainFacts> = {}) => {
    const facts = domain(accuracy, changes)
    return told({ source: facts, target: target(0.55) }, { source: facts })
  }

  it.each([
    ['no better than guessing among few images', 0.57, { count: 90 }, 'sourceGuessed'],
    ['worse than guessing', 0.43, { count: 90 }, 'sourceGuessed'],
    // The interval is above 1/2, but not above the middle between 1/2 and 1.
    ['above guessing, and no more', 0.57, {}, 'sourcePoor'],
    ['three in four of few images', 0.78, { count: 60 }, 'sourcePoor'],
    ['no better than always the most frequent class', 0.9, { largestClass: 0.9 }, 'sourceGuessed'],
  ])('is named instead of what the target did: %s', (_, accuracy, changes, key) => {
    expect(source(accuracy, changes).key).toBe(key)
  })

  it('is judged by the number of classes', () => {
    const ten = { ...fixtures.experiment.source, classes: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] }
    const facts = domain(0.6, { largestClass: 0.11 })
    const found = told(
      { source: facts, target: target(0.3, { largestClass: 0.11 }) },
      { source: facts, target: target(0.3, { largestClass: 0.11 }) },
      { settings: settings({ source: ten }) },
    )
    expect(found.key).toBe('unchanged')
    const one = told({ source: domain(1, { largestClass: 1 }) }, { source: domain(1, { largestClass: 1 }) })
    expect(one.key).not.toMatch(/^source/)
  })

  it('asks for what it lacked: steps, smaller steps where they made one class of all, else another encoder', () => {
    const next = (facts: DomainFacts, changes: object) =>
      told({ source: facts }, { source: facts }, { settings: settings(changes) }).next
    const few = domain(0.57, { count: 90 })
    // Two steps in each epoch.
    expect(next(few, {})).toEqual({ setting: 'sourceStage.epochs', from: 1, to: 500 })
    const stage = { epochs: 500, learningRate: 0.3 }
    const collapsed = domain(0.5, { count: 90, calledMost: 1 })
    expect(next(collapsed, { sourceStage: stage })).toEqual({
      setting: 'sourceStage.learningRate',
      from: 0.3,
      to: 0.03,
    })
    expect(next(few, { sourceStage: stage })).toEqual({
      setting: 'model.encoder',
      from: 'lenet',
      to: 'lenet-bn',
    })
    expect(next(few, { sourceStage: stage, model: { encoder: 'lenet-bn' } })).toEqual({
      setting: 'sourceStage.learningRate',
      from: 0.3,
      to: 0.9,
    })
  })

  it('is no fault of a control, which never shows the source to its networks', () => {
    const facts = domain(0.5)
    expect(told({ source: facts }, { source: facts }, { learnsSource: false }).key).toBe('unchanged')
  })
})

describe('a round of adaptation', () => {
  const d = (ofSource: number, ofTarget: number) => ({
    sourceCalledSource: ofSource,
    targetCalledSource: ofTarget,
  })
  const slow = settings({ adaptation: { epochs: 4, learningRate: 1e-5 } })

  it.each<[string, Partial<RoundFacts>, Partial<RoundFacts>]>([
    ['adapted', { target: target(0.99) }, {}],
    ['alreadyGood', { target: target(0.97) }, { target: target(0.965) }],
    ['otherWay', { target: target(0.02) }, {}],
    ['gained', { target: target(0.7) }, {}],
    ['below', { target: target(0.3, { accuracyBestPairing: 0.7 }) }, {}],
    ['below', { target: target(0.93) }, { target: target(0.99) }],
    ['unchanged', { target: target(0.485) }, {}],
    ['oneClass', { target: target(0.5, { calledMost: 0.99 }) }, {}],
    ['sourceLost', { source: domain(0.6), target: target(0.6) }, {}],
    ['diverged', { source: domain(0.5), target: target(0.5, { calledMost: 1 }) }, {}],
    ['diverged', { source: domain(0.5), target: target(0.5) }, { target: target(0.8) }],
    ['fooledWithoutGain', d(0.98, 0.97), {}],
    ['notFooled', d(0.98, 0.03), {}],
    ['unchanged', d(0.8, 0.4), {}],
    ['noLabels', { target: null }, {}],
    ['noLabels', { target: target(0.5) }, { target: null }],
  ])('%s: %j after %j', (key, shown, before) => {
    expect(told(shown, before).key).toBe(key)
  })

  it('moved only where so many images leave no doubt', () => {
    const few = { count: 90 }
    expect(told({ target: target(0.56, few) }, { target: target(0.48, few) }).key).toBe('unchanged')
    expect(told({ target: target(0.56) }, { target: target(0.48) }).key).toBe('gained')
    expect(told({ target: target(0.4, few) }, { target: target(0.48, few) }).key).toBe('unchanged')
  })

  it('calls a long tail no collapse', () => {
    const tail = { calledMost: 0.96, largestClass: 0.95 }
    expect(told({ target: target(0.95, tail) }, { target: target(0.95, tail) }).key).toBe('alreadyGood')
    expect(told({ target: target(0.85, tail) }, { target: target(0.85, tail) }).key).toBe('unchanged')
  })

  it.each<[string, Partial<RoundFacts>, Partial<Looked>, object | null]>([
    ['nothing where it worked', { target: target(0.99) }, {}, null],
    [
      'a label of each class where the names are exchanged',
      { target: target(0.02) },
      {},
      { setting: 'adaptation.shots', from: 0, to: 1 },
    ],
    [
      'smaller steps where classes run together',
      { target: target(0.5, { calledMost: 0.99 }) },
      {},
      { setting: 'adaptation.learningRate', from: 0.01, to: 0.001 },
    ],
    [
      'a usual rate where D hardly learns',
      d(0.98, 0.97),
      { settings: slow },
      { setting: 'adaptation.learningRate', from: 1e-5, to: 0.001 },
    ],
    [
      'another method where the rate is usual',
      d(0.98, 0.97),
      {},
      { setting: 'adaptation.method', from: 'adda', to: 'cdan' },
    ],
    [
      'more rounds where it still rises',
      { target: target(0.7) },
      {},
      { setting: 'adaptation.epochs', from: 4, to: 8 },
    ],
    ['nothing where later rounds are there to look at', { target: target(0.7) }, { rounds: 9 }, null],
  ])('asks for %s', (_, shown, changes, next) => {
    expect(told(shown, {}, changes).next).toEqual(next)
  })
})

describe('round 0', () => {
  const at0 = (changes: Partial<RoundFacts>, rounds = 4) => {
    const shown = round(0, changes)
    return roundStory({ shown, before: shown, rounds, settings: settings(), learnsSource: true })
  }

  it('is straight transfer, and the end of a run without rounds', () => {
    expect(at0({}).key).toBe('straight')
    expect(at0({}, 0).key).toBe('noRounds')
    expect(at0({ target: null }).key).toBe('noLabels')
    expect(at0({ source: domain(0.5) }, 0).key).toBe('sourceGuessed')
  })

  it('says that the target is called one class', () => {
    expect(at0({ target: target(0.5, { calledMost: 1 }) })).toEqual({
      key: 'straightOneClass',
      next: { setting: 'model.encoder', from: 'lenet', to: 'lenet-bn' },
    })
  })
})

const facts: RunFacts = {
  state: 'finished',
  stage: null,
  failure: null,
  settings: settings(),
  hasDiscriminator: true,
  isChosen: false,
  looked: {
    shown: round(4, { target: target(0.99) }),
    before: round(0, {}),
    rounds: 4,
    settings: settings(),
    learnsSource: true,
  },
}

describe('a story', () => {
  it('is of the run while it trains, and of the round that a person looks at', () => {
    const phases = (phase: 'loading' | 'source' | 'adaptation' | 'measuring' | 'paused', number: number) =>
      storyOf({ ...facts, state: 'running', stage: { phase, round: number, rounds: 8 } }).key
    expect(phases('loading', 0)).toBe('loading')
    expect(phases('source', 0)).toBe('source')
    expect(phases('measuring', 0)).toBe('measuringBefore')
    expect(phases('adaptation', 3)).toBe('adversarial')
    expect(phases('measuring', 3)).toBe('measuring')
    expect(phases('paused', 3)).toBe('paused')
    const stage = { phase: 'adaptation', round: 1, rounds: 8 } as const
    expect(storyOf({ ...facts, state: 'running', stage, hasDiscriminator: false }).key).toBe('adaptation')
    expect(storyOf({ ...facts, state: 'running', stage, isChosen: true }).key).toBe('adapted')
    expect(storyOf(facts).key).toBe('adapted')
  })

  it('says of a run that ended early that it can go on', () => {
    for (const state of ['stopped', 'interrupted'] as const)
      expect(storyOf({ ...facts, state }).key).toBe('stopped')
  })

  it('says of a run that diverged which rate was too high, and of another failure where to read of it', () => {
    const failed = (failure: RunFacts['failure']) =>
      storyOf({ ...facts, state: 'failed', failure, looked: null })
    expect(failed('source-loss-not-finite')).toEqual({
      key: 'sourceNotFinite',
      next: { setting: 'sourceStage.learningRate', from: 0.03, to: 0.003 },
    })
    expect(failed('loss-not-finite')).toMatchObject({
      key: 'notFinite',
      next: { setting: 'adaptation.learningRate', to: 0.000001 },
    })
    expect(failed('disk-full')).toEqual({ key: 'failed', next: null })
  })
})

/** Number of correct predictions for the first and the second class, of 100 images each. */
function accuraciesOf(first: number, second: number): Accuracies {
  return {
    accuracy: (first + second) / 200,
    accuracyBestPairing: Math.max(first + second, 200 - first - second) / 200,
    bestPairing: [0, 1],
    perClass: [first / 100, second / 100],
    confusion: [
      [first, 100 - first],
      [100 - second, second],
    ],
    count: 200,
  }
}

it('figures of a round hold what a story needs: counts, the class given most often and the largest one', () => {
  const event = fixtures.roundEvent(2)
  const measures = { ...event.measures, source: accuraciesOf(99, 98), target: accuraciesOf(3, 100) }
  expect(roundFacts(roundFigures({ ...event, measures }))).toEqual({
    round: 2,
    source: { accuracy: 0.985, count: 200, calledMost: 0.505, largestClass: 0.5 },
    target: {
      accuracy: 0.515,
      accuracyBestPairing: 0.515,
      count: 200,
      calledMost: 0.985,
      calledMostClass: 1,
      largestClass: 0.5,
    },
    sourceCalledSource: 0.9,
    targetCalledSource: 0.4,
  })
})

async function shown(host: TestHost = createHost()) {
  const story = mountWith(RunStory, host)
  await useCatalogue().load()
  await useRuns().load()
  await useWatched().open(fixtures.runId)
  await flushPromises()
  return story
}

/** The events of a history with one round for each entry of `targets`. */
function historyOf(source: Accuracies, targets: readonly Accuracies[]): RecordedEvent[] {
  return targets.map((found, number) => {
    const event = fixtures.roundEvent(number)
    return { ...event, measures: { ...event.measures, source, target: found } }
  })
}

describe('the story of the run on show', () => {
  const text = '[data-testid="story"]'

  it('invites a newcomer to start, or to see the idea first', async () => {
    const story = mountWith(RunStory, createHost())
    expect(story.get(text).text()).toContain('Press Start.')
    await story.get('button').trigger('click')
    expect(useNavigation().page).toBe('learn')
  })

  it('is of the round on show, as the figures beside it are, with the cause and the next step in both languages', async () => {
    const good = accuraciesOf(99, 99)
    const targets = [accuraciesOf(50, 46), accuraciesOf(80, 75), accuraciesOf(0, 100), accuraciesOf(20, 25)]
    const story = await shown(createHost({ history: () => historyOf(good, targets) }))
    expect(story.get(text).text()).toBe(
      'Adaptation did harm: C was right on 0.4800 of the target images, in round 3 on 0.2250.' +
        ' Next: Learning rate (Adaptation) 0.000001 instead of 0.00001.',
    )
    expect(story.get('.target dd').text()).toBe('0.2250')
    useWatched().chosenRound = 2
    await nextTick()
    expect(story.get(text).text()).toContain('In round 2 C calls 100 % of the target images “1”')
    expect(story.get('.target dd').text()).toBe('0.5000')
    useWatched().chosenRound = 1
    await nextTick()
    expect(story.get(text).text()).toBe('The target rose from 0.4800 to 0.7750 by round 1.')
    useWatched().chosenRound = 0
    await nextTick()
    expect(story.get(text).text()).toContain('Before adaptation: trained on the source alone (0.9900)')
    ;(story.vm as unknown as { $i18n: { locale: string } }).$i18n.locale = 'zh'
    useWatched().chosenRound = 2
    await nextTick()
    expect(story.get(text).text()).toContain('第 2 轮中 C 把 100 % 的目标域图像都判为“1”')
    expect(story.get('[data-testid="next"]').text()).toContain('下一步')
  })

  it('says that the source was not learnt, and asks for more of it', async () => {
    const targets = [accuraciesOf(50, 46), accuraciesOf(80, 75)]
    const story = await shown(createHost({ history: () => historyOf(accuraciesOf(60, 54), targets) }))
    expect(story.get(text).text()).toContain('The source itself was not learnt well: C is right on 0.5700')
    expect(story.get('[data-testid="next"]').text()).toBe('Next: Epochs (Source stage) 250 instead of 1.')
  })

  it('knows where a run of another program stands, from its records alone', async () => {
    const running = { ...fixtures.summary, state: 'running' as const }
    const story = await shown(
      createHost({
        runs: () => [running],
        run: () => ({ summary: running, record: fixtures.record, pathsToAllow: [] }),
      }),
    )
    expect(story.get(text).text()).toContain('Round 4 of 4: D learns')
  })

  it('has a sentence for every case in both languages, and no figure that is not given', () => {
    const names = [
      'round',
      'rounds',
      'shown',
      'before',
      'now',
      'best',
      'sourceBefore',
      'source',
      'chance',
      'share',
      'estimate',
      'estimateBefore',
      'usualError',
    ]
    for (const words of [en.story, zh.story])
      for (const [key, sentence] of Object.entries(words)) {
        if (typeof sentence !== 'string' || key === 'next') continue
        for (const [, name = ''] of sentence.matchAll(/\{(\w+)\}/g))
          expect([...names, 'class']).toContain(name)
      }
  })
})
