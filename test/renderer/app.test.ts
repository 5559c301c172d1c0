/** The whole window: requests from the desktop's menu, and changes to the run on display. */
import { enableAutoUnmount, flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import App from '../../renderer/App.vue'
import { useExperiment } from '../../renderer/stores/experiment'
import { useWatched } from '../../renderer/stores/watched'
import SettingsView from '../../renderer/views/SettingsView.vue'
import type { HostRequest } from '../../src/contract/host'
import type { Progress } from '../../src/contract/training'
import * as fixtures from './fixtures'
import { createHost, mountWith } from './host'

enableAutoUnmount(afterEach)
beforeEach(() => localStorage.clear())

const progress: Progress = {
  phase: 'adaptation',
  round: 1,
  rounds: 4,
  step: 1,
  steps: 4,
  losses: {},
  perSecond: 100,
  secondsLeft: 9,
  pid: 7,
}

describe('the menu of the desktop', () => {
  it('pauses a run that trains, and lets one that is paused go on', async () => {
    let ask: ((request: HostRequest) => void) | null = null
    const host = {
      ...createHost({
        runs: () => [{ ...fixtures.summary, state: 'running' as const }],
        control: () => ({}),
      }),
      onRequest: (listener: (request: HostRequest) => void) => {
        ask = listener
        return () => undefined
      },
    }
    mountWith(App, host)
    await flushPromises()
    const asked = async () => {
      ask!({ type: 'control', action: 'pause' })
      await flushPromises()
      return host.calls.filter(({ name }) => name === 'control').map(({ input }) => input)
    }
    host.send({ type: 'progress', run: fixtures.runId, progress })
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect(await asked()).toEqual([{ run: fixtures.runId, action: 'pause' }])
    host.send({ type: 'progress', run: fixtures.runId, progress: { ...progress, phase: 'paused' } })
    await new Promise((resolve) => setTimeout(resolve, 300))
    expect((await asked())[1]).toEqual({ run: fixtures.runId, action: 'continue' })
  })
})

describe('the run on show', () => {
  it('whose folder is gone is said once, and no longer shown', async () => {
    let runs = [fixtures.summary]
    const host = createHost({ runs: () => runs })
    const page = mountWith(App, host)
    await flushPromises()
    expect(useWatched().id).toBe(fixtures.runId)
    runs = []
    host.send({ type: 'runs-changed' })
    await new Promise((resolve) => setTimeout(resolve, 1300))
    expect(useWatched().id).toBeNull()
    const notices = page.findAll('[data-testid="notice"]').map((notice) => notice.text())
    expect(notices).toEqual([`There is no run "${fixtures.runId}".`])
  })
})

describe('what new runs keep', () => {
  it('is every n-th round for an n that fits; another is shown as wrong and not used', async () => {
    const settings = mountWith(SettingsView, createHost())
    await flushPromises()
    const keep = settings.get('[data-testid="retention"]')
    ;(keep.element as HTMLSelectElement).selectedIndex = 1
    await keep.trigger('change')
    const nth = settings.get<HTMLInputElement>('[data-testid="nth"]')
    for (const [written, fits] of [
      ['7', true],
      ['0', false],
      ['2.5', false],
      ['', false],
    ] as const) {
      await nth.setValue(written)
      await nth.trigger('change')
      expect(nth.attributes('aria-invalid'), written).toBe(fits ? undefined : 'true')
      expect(useExperiment().draft.retention).toEqual({ keep: 'every-nth', nth: 7 })
    }
  })
})
