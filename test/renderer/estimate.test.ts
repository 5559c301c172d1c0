/** The time estimate next to Start: a single figure or a range, updated after a run. */
import { enableAutoUnmount, flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { expectedDuration } from '../../renderer/format/numbers'
import RunControls from '../../renderer/setup/RunControls.vue'
import { useCatalogue } from '../../renderer/stores/catalogue'
import { useRuns } from '../../renderer/stores/runs'
import * as fixtures from './fixtures'
import { createHost, mountWith } from './host'

enableAutoUnmount(afterEach)
afterEach(() => vi.useRealTimers())

const plain = (text: string) => text.replace(/\s/g, ' ')

describe('a time that is expected', () => {
  it.each([
    [{ low: 58, likely: 64, high: 71 }, '≈ 1 min'],
    [{ low: 40, likely: 45, high: 50 }, '≈ 45 sec'],
    [{ low: 62, likely: 150, high: 245 }, '1 – 4 min'],
    [{ low: 40, likely: 80, high: 120 }, '40 sec – 2 min'],
    [{ low: 3000, likely: 5000, high: 9000 }, '50 min – 2 hr 30 min'],
  ])('%j: %s', (expected, text) => {
    expect(plain(expectedDuration(expected, 'en'))).toBe(text)
  })

  it('has its unit in Chinese, too', () => {
    expect(expectedDuration({ low: 62, likely: 150, high: 245 }, 'zh')).toBe('1 – 4分钟')
  })
})

describe('the cost beside Start', () => {
  const range = { low: 62, likely: 150, high: 245 }

  it('is a range before the first run, and is asked for again when a run has ended', async () => {
    vi.useFakeTimers()
    let seconds = range
    let summary = { ...fixtures.summary, state: 'finished' as 'finished' | 'running' }
    const host = createHost({
      runs: () => [summary],
      estimate: () => ({ bytes: 270e6, free: 80e9, seconds, attempts: 1 }),
    })
    const controls = mountWith(RunControls, host)
    await useCatalogue().load()
    await useRuns().load()
    await vi.advanceTimersByTimeAsync(1000)
    const cost = () => plain(controls.get('[data-testid="cost"]').text())
    expect(cost()).toBe('1 – 4 min · 270 MB · 80 GB free')

    seconds = { low: 130, likely: 150, high: 160 }
    for (const state of ['running', 'finished'] as const) {
      summary = { ...summary, state }
      await useRuns().load()
      await flushPromises()
    }
    expect(cost()).toBe('≈ 3 min · 270 MB · 80 GB free')
  })

  it('says how many attempts there may be', async () => {
    vi.useFakeTimers()
    const host = createHost({ estimate: () => ({ bytes: 1e6, free: 80e9, seconds: range, attempts: 4 }) })
    const controls = mountWith(RunControls, host)
    await useCatalogue().load()
    await vi.advanceTimersByTimeAsync(1000)
    expect(plain(controls.get('[data-testid="cost"]').text())).toContain('1 – 4 min per attempt, at most 4')
  })
})
