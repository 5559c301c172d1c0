/** The line that offers to resume a run without a final event. */
import { enableAutoUnmount, flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, expect, it } from 'vitest'
import type { RunSummary } from '../../src/contract/run'
import InterruptedLine from '../../renderer/parts/InterruptedLine.vue'
import { useNavigation } from '../../renderer/stores/navigation'
import { useRuns } from '../../renderer/stores/runs'
import { useWatched } from '../../renderer/stores/watched'
import * as fixtures from './fixtures'
import { createHost, mountWith } from './host'

enableAutoUnmount(afterEach)
beforeEach(() => localStorage.clear())

const runOf = (id: string, state: RunSummary['state']): RunSummary => ({
  ...fixtures.summary,
  id,
  name: `Run ${id}`,
  state,
})

async function lineWith(...all: readonly RunSummary[]) {
  let runs = all
  const host = createHost({
    runs: () => [...runs],
    resume: ({ run }) => {
      runs = runs.map((one) => (one.id === run ? { ...one, state: 'running' } : one))
      return { run, folder: '' }
    },
  })
  const line = mountWith(InterruptedLine, host)
  await useRuns().load()
  await flushPromises()
  return { line, host }
}

const said = '[data-testid="interrupted"]'

it('says nothing where every run has said its last word', async () => {
  const { line } = await lineWith(runOf('a', 'finished'), runOf('b', 'stopped'), runOf('c', 'damaged'))
  expect(line.find(said).exists()).toBe(false)
})

it('names the newest that was interrupted and goes on with it', async () => {
  const { line, host } = await lineWith(
    runOf('new', 'finished'),
    runOf('late', 'interrupted'),
    runOf('early', 'interrupted'),
  )
  expect(line.get(said).text()).toContain('“Run late” was interrupted: 3 of 4 rounds are complete.')
  await line.get('[data-testid="resume-interrupted"]').trigger('click')
  await flushPromises()
  expect(host.calls.filter(({ name }) => name === 'resume')).toEqual([
    { name: 'resume', input: { run: 'late' } },
  ])
  expect(useWatched().id).toBe('late')
  expect(useNavigation().page).toBe('experiment')
  // While one run trains, the other cannot be resumed.
  expect(line.find(said).exists()).toBe(false)
})

it('leaves the word to the experiment page for the run on show there', async () => {
  const { line } = await lineWith(runOf('a', 'interrupted'))
  useNavigation().go('experiment')
  await useWatched().open('a')
  await flushPromises()
  expect(line.find(said).exists()).toBe(false)
  useNavigation().go('data')
  await flushPromises()
  expect(line.find(said).exists()).toBe(true)
})

it('is waved away for good, until the run is interrupted once more', async () => {
  const { line } = await lineWith(runOf('a', 'interrupted'))
  await line.get('.icon-button').trigger('click')
  expect(line.find(said).exists()).toBe(false)
  line.unmount()

  const again = await lineWith(runOf('a', 'interrupted'))
  expect(again.line.find(said).exists()).toBe(false)
  again.line.unmount()

  const running = await lineWith(runOf('a', 'running'))
  running.line.unmount()
  const anew = await lineWith(runOf('a', 'interrupted'))
  expect(anew.line.find(said).exists()).toBe(true)
})
