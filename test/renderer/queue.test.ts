/** Repeating an experiment with several seeds, and the display of the series. */
import { enableAutoUnmount, flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import QueueLine from '../../renderer/panels/QueueLine.vue'
import TrainingStatus from '../../renderer/parts/TrainingStatus.vue'
import RepeatRow from '../../renderer/setup/RepeatRow.vue'
import { useCatalogue } from '../../renderer/stores/catalogue'
import { useComparison } from '../../renderer/stores/comparison'
import { useExperiment } from '../../renderer/stores/experiment'
import { useNavigation } from '../../renderer/stores/navigation'
import { useQueue } from '../../renderer/stores/queue'
import { useRuns } from '../../renderer/stores/runs'
import { useWatched } from '../../renderer/stores/watched'
import type { Experiment } from '../../src/contract/experiment'
import type { Series } from '../../src/contract/series'
import * as fixtures from './fixtures'
import { createHost, mountWith } from './host'

enableAutoUnmount(afterEach)
beforeEach(() => localStorage.clear())

type Item = Series['items'][number]
const item = (number: number, state: Item['state'], run: string | null = null): Item => ({
  number,
  state,
  run,
  error: null,
  name: `Digits (${number})`,
  seed: number,
})
const seriesOf = (items: Item[], held = false): Series => ({
  id: 's',
  name: 'Digits',
  created: '',
  held,
  items,
})

async function lineOf(series: Series) {
  const host = createHost({
    queue: () => [series],
    cancelQueued: () => ({}),
    proceed: () => ({}),
    dismiss: () => ({}),
  })
  const line = mountWith(QueueLine, host)
  await useRuns().load()
  await useQueue().load()
  await flushPromises()
  const asked = (name: string) => host.calls.filter((call) => call.name === name).map(({ input }) => input)
  return { line, asked }
}

describe('repeating', () => {
  it('asks for one run a seed, from the seed in the form on, and refuses what is no number of seeds', async () => {
    const host = createHost({ enqueue: () => ({ series: 's' }) })
    const row = mountWith(RepeatRow, host)
    await useCatalogue().load()
    useExperiment().usePreset({ ...fixtures.preset, experiment: { ...fixtures.experiment, seed: 5 } })
    // The check follows shortly after the last change.
    await vi.waitUntil(() => useExperiment().checked)
    const button = row.get('[data-testid="repeat"]')
    for (const wrong of ['1', '2.5', '101', 'abc', '']) {
      await row.get('input').setValue(wrong)
      expect(button.attributes('disabled')).toBeDefined()
      expect(row.get('input').attributes('aria-invalid')).toBe('true')
    }
    await row.get('input').setValue('3')
    await button.trigger('click')
    await flushPromises()
    const { experiments } = host.calls.find(({ name }) => name === 'enqueue')?.input as {
      experiments: Experiment[]
    }
    expect(experiments.map(({ seed, name }) => [seed, name])).toEqual([
      [5, 'Digits (5)'],
      [6, 'Digits (6)'],
      [7, 'Digits (7)'],
    ])
    const { seed, name, ...rest } = experiments[0]!
    expect([seed, name]).toEqual([5, 'Digits (5)'])
    expect({ ...rest, seed, name: 'Digits' }).toEqual({ ...fixtures.experiment, seed: 5 })
  })
})

describe('the queue', () => {
  it('lists what has run, what trains and what comes next, which can be cancelled one by one', async () => {
    const { line, asked } = await lineOf(
      seriesOf([item(1, 'over', fixtures.runId), item(2, 'training', 'b'), item(3, 'waiting')]),
    )
    expect(line.get('p').text()).toBe('“Digits”: 1 of 3 done')
    expect(line.findAll('li').map((one) => one.text())).toEqual([
      'seed 1: 0.7000',
      'seed 2: training',
      'seed 3: waiting',
    ])
    expect(line.find('[data-testid="queue-proceed"]').exists()).toBe(false)
    await line.get('[aria-label="Remove “Digits (3)” from the queue"]').trigger('click')
    expect(asked('cancelQueued')).toEqual([{ series: 's', numbers: [3] }])
  })

  it('offers to go on with what was left behind, or to give it up', async () => {
    const { line, asked } = await lineOf(seriesOf([item(1, 'waiting', 'a'), item(2, 'waiting')], true))
    expect(line.get('p').text()).toBe('“Digits” is on hold: 2 runs left, none will start by itself')
    await line.get('[data-testid="queue-proceed"]').trigger('click')
    expect(asked('proceed')).toEqual([{ series: 's' }])
    await line.get('[data-testid="queue-cancel"]').trigger('click')
    expect(asked('cancelQueued')).toEqual([{ series: 's', numbers: [1, 2] }])
  })

  it('says in a sentence why one could not begin', async () => {
    const error = { code: 'no-permission', params: { path: '/data' } } as const
    const { line } = await lineOf(seriesOf([{ ...item(1, 'refused'), error }, item(2, 'over', 'b')]))
    expect(line.get('.problem').text()).toContain('There is no permission to write or read /data')
  })

  it('leads to the summary of its runs when it is over', async () => {
    const { line } = await lineOf(seriesOf([item(1, 'over', fixtures.runId), item(2, 'over', 'b')]))
    await line.get('[data-testid="queue-summary"]').trigger('click')
    expect(useComparison().marked).toEqual([fixtures.runId, 'b'])
    expect(useNavigation().page).toBe('compare')
  })
})

it('the bar says how many wait; who looks at a run of the series sees the next one begin', async () => {
  let items = [item(1, 'training', fixtures.runId), item(2, 'waiting'), item(3, 'waiting')]
  const running = { ...fixtures.summary, state: 'running' as const }
  const host = createHost({ queue: () => [seriesOf(items)], runs: () => [running] })
  const bar = mountWith(TrainingStatus, host)
  await useRuns().load()
  await useWatched().open(fixtures.runId)
  await useQueue().load()
  await flushPromises()
  expect(bar.text()).toBe('starting · 2 waiting')
  items = [item(1, 'over', fixtures.runId), item(2, 'training', 'next'), item(3, 'waiting')]
  await useQueue().load()
  expect(useWatched().id).toBe('next')
  // A user who has opened another run stays there.
  await useWatched().open('elsewhere')
  items = [item(1, 'over', fixtures.runId), item(2, 'over', 'next'), item(3, 'training', 'last')]
  await useQueue().load()
  expect(useWatched().id).toBe('elsewhere')
})
