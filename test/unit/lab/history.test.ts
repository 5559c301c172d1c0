import { describe, expect, it } from 'vitest'
import type { RecordedEvent } from '../../../src/contract/record'
import { withoutSuperseded } from '../../../src/lab/history'

const time = '2026-01-01T00:00:00.000Z'
const started = (resumedFrom: { round: number; step: number } | null): RecordedEvent => ({
  type: 'started',
  time,
  resumedFrom,
})
const loss = (round: number, step: number, value = 1): RecordedEvent => ({
  type: 'loss',
  time,
  round,
  step,
  steps: 200,
  losses: { D: value },
})
const sourceLoss = (step: number): RecordedEvent => ({
  type: 'source-loss',
  time,
  epoch: 1,
  step,
  steps: 200,
  loss: 1,
})

/** Short names of the remaining events. */
const words = (events: readonly RecordedEvent[]) =>
  withoutSuperseded(events).map((event) => {
    if (event.type === 'loss') return `${event.round}:${event.step}=${event.losses['D'] ?? ''}`
    return event.type === 'source-loss' ? `source:${event.step}` : event.type
  })

describe('a history', () => {
  it('without an interruption is what was written', () => {
    expect(words([started(null), sourceLoss(100), loss(1, 100), loss(1, 200)])).toEqual([
      'started',
      'source:100',
      '1:100=1',
      '1:200=1',
    ])
  })

  it('drops what a kill lost and what was done again', () => {
    const events = [
      started(null),
      loss(1, 200),
      loss(2, 100),
      started({ round: 2, step: 0 }),
      loss(2, 100, 5),
    ]
    expect(words(events)).toEqual(['started', '1:200=1', 'started', '2:100=5'])
  })

  it('keeps what lies before a pause in mid-round', () => {
    const events = [
      started(null),
      loss(2, 100),
      loss(2, 200),
      started({ round: 2, step: 150 }),
      loss(2, 200, 5),
    ]
    expect(words(events)).toEqual(['started', '2:100=1', 'started', '2:200=5'])
  })

  it('begins anew where the run did', () => {
    expect(words([started(null), sourceLoss(100), started(null), sourceLoss(100)])).toEqual([
      'started',
      'started',
      'source:100',
    ])
  })

  it('of a source stage that was stopped goes on in it', () => {
    const events = [started(null), sourceLoss(100), sourceLoss(200), started({ round: 0, step: 150 })]
    expect(words(events)).toEqual(['started', 'source:100', 'started'])
  })
})
