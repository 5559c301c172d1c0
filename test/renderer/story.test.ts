/** The sentence that says what a run is doing, or how it came out. */
import { enableAutoUnmount, flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import { nextTick } from 'vue'
import RunStory from '../../renderer/panels/RunStory.vue'
import { storyOf, type RunFacts } from '../../renderer/panels/story'
import { useNavigation } from '../../renderer/stores/navigation'
import { useRuns } from '../../renderer/stores/runs'
import { useWatched } from '../../renderer/stores/watched'
import * as fixtures from './fixtures'
import { createHost, mountWith, type TestHost } from './host'

enableAutoUnmount(afterEach)

const target = (accuracy: number, best = Math.max(accuracy, 1 - accuracy)) => ({
  ...fixtures.measures(0).target,
  accuracy,
  accuracyBestPairing: best,
})

const facts: RunFacts = {
  state: 'finished',
  stage: null,
  before: target(0.48),
  last: target(0.99),
  rounds: 8,
  hasDiscriminator: true,
}

describe('a story', () => {
  it('tells the four ways in which an adaptation comes out', () => {
    expect(storyOf(facts)).toMatchObject({ key: 'adapted', before: 0.48, now: 0.99, rounds: 8 })
    expect(storyOf({ ...facts, last: target(0.01) })).toMatchObject({ key: 'otherWay', now: 0.99 })
    expect(storyOf({ ...facts, last: target(0.47) })).toMatchObject({ key: 'unmoved', now: 0.47 })
    expect(storyOf({ ...facts, last: target(0.7) })).toMatchObject({ key: 'moved', now: 0.7 })
  })

  it('follows the training from phase to phase', () => {
    const told = (phase: 'loading' | 'source' | 'adaptation' | 'measuring' | 'paused', round: number) =>
      storyOf({ ...facts, state: 'running', stage: { phase, round, rounds: 8 } })
    expect(told('loading', 0).key).toBe('loading')
    expect(told('source', 0).key).toBe('source')
    expect(told('measuring', 0).key).toBe('measuringBefore')
    expect(told('adaptation', 3)).toMatchObject({ key: 'adversarial', round: 3, rounds: 8 })
    expect(told('measuring', 3)).toMatchObject({ key: 'measuring', round: 3 })
    expect(told('paused', 3)).toMatchObject({ key: 'paused', round: 3 })
  })

  it('does not speak of D where there is none', () => {
    const stage = { phase: 'adaptation', round: 1, rounds: 8 } as const
    expect(storyOf({ ...facts, state: 'running', stage, hasDiscriminator: false }).key).toBe('adaptation')
  })

  it('says of a run that ended early that it can go on', () => {
    for (const state of ['stopped', 'interrupted', 'failed'] as const)
      expect(storyOf({ ...facts, state }).key).toBe('stopped')
  })
})

async function shown(host: TestHost = createHost()) {
  const story = mountWith(RunStory, host)
  await useRuns().load()
  await useWatched().open(fixtures.runId)
  await flushPromises()
  return story
}

describe('the story of the run on show', () => {
  it('invites a newcomer to start, or to see the idea first', async () => {
    const story = mountWith(RunStory, createHost())
    expect(story.get('[data-testid="story"]').text()).toContain('Press Start.')
    await story.get('button').trigger('click')
    expect(useNavigation().page).toBe('learn')
  })

  it('gives before and after, and the figures of the round on show', async () => {
    const story = await shown()
    expect(story.get('[data-testid="story"]').text()).toBe(
      'The target accuracy went from 0.4000 to 0.7000 in 3 rounds.',
    )
    expect(story.get('.target dd').text()).toBe('0.7000')
    useWatched().chosenRound = 1
    await nextTick()
    expect(story.get('.target dd').text()).toBe('0.5000')
    expect(story.get('.before dd').text()).toBe('0.4000')
  })

  it('knows where a run of another program stands, from its records alone', async () => {
    const running = { ...fixtures.summary, state: 'running' as const }
    const story = await shown(
      createHost({
        runs: () => [running],
        run: () => ({ summary: running, record: fixtures.record, pathsToAllow: [] }),
      }),
    )
    expect(story.get('[data-testid="story"]').text()).toContain('Round 4 of 4: D learns')
  })
})
