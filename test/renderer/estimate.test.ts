/** The time beside Start: from what runs on this machine took, and nothing before there was one. */
import { flushPromises } from '@vue/test-utils'
import { beforeEach, describe, expect, it } from 'vitest'
import { secondsFor } from '../../renderer/setup/estimate'
import { speedsOf, useSpeeds } from '../../renderer/stores/speeds'
import { useRuns } from '../../renderer/stores/runs'
import { useWatched } from '../../renderer/stores/watched'
import type { RecordedEvent } from '../../src/contract/record'
import * as fixtures from './fixtures'
import { createHost, inApp } from './host'

beforeEach(() => localStorage.clear())

/** Rounds of 200 images, trained in a second; what comes after each of them takes `measuring` seconds. */
function told(measuring: number): RecordedEvent[] {
  return fixtures.history(3).map((event) => {
    const round = event.type === 'round' ? event.round : 0
    return { ...event, time: new Date(round * (1 + measuring) * 1000).toISOString() }
  })
}
const images = fixtures.roundEvent(0).measures.source.count + fixtures.roundEvent(0).measures.target.count
const method = { ...fixtures.method, id: 'adda' }

describe('the time that an experiment will take', () => {
  it('is what the stages of a run on this machine took, measuring included', () => {
    const speeds = speedsOf('adda', told(2))
    expect(speeds).toEqual({
      imagesPerSecond: 4000,
      pairsPerSecond: { adda: 2000 },
      measuredPerSecond: images / 2,
    })
    const { sourceStage, adaptation } = fixtures.experiment
    const counts = { source: 8000, target: 4000 }
    const learning = (8000 * sourceStage.epochs) / 4000
    const adapting = (4000 * adaptation.epochs) / 2000
    const measuring = (12_000 * (adaptation.epochs + 1)) / (images / 2)
    expect(secondsFor(fixtures.experiment, method, counts, speeds)).toBeCloseTo(
      learning + adapting + measuring,
      9,
    )
  })

  it('is not said before anything was measured, nor for a method that was never trained here', () => {
    const counts = { source: 8000, target: 4000 }
    expect(secondsFor(fixtures.experiment, method, counts, { pairsPerSecond: {} })).toBeNull()
    const other = speedsOf('mcd', told(2))
    expect(secondsFor(fixtures.experiment, method, counts, other)).toBeNull()
    expect(secondsFor(fixtures.experiment, { ...method, losses: [] }, counts, other)).toBeGreaterThan(0)
  })

  it('is learned from a run that is opened, and from one that trains now before that', async () => {
    const host = createHost({ history: () => told(2) })
    const stores = inApp(host, () => ({ watched: useWatched(), runs: useRuns(), speeds: useSpeeds() }))
    await stores.runs.load()
    await stores.watched.open(fixtures.runId)
    await flushPromises()
    expect(stores.speeds.speeds.pairsPerSecond).toEqual({ adda: 2000 })
    const now = { ...fixtures.roundEvent(1), pairsPerSecond: 500 }
    stores.watched.receive({ type: 'recorded', run: fixtures.runId, event: now })
    expect(stores.speeds.speeds.pairsPerSecond).toEqual({ adda: 500 })
    await stores.watched.open(fixtures.runId)
    expect(stores.speeds.speeds.pairsPerSecond).toEqual({ adda: 500 })
  })
})
