/** Source accuracy through MS and through MT, also for runs started by earlier versions. */
import { describe, expect, it } from 'vitest'
import type { SourceJudge } from '../../src/contract/source-judge'
import { sourceReadings } from '../../renderer/panels/source-reading'
import { roundFigures } from '../../renderer/stores/round-figures'
import * as fixtures from './fixtures'

function roundOf(round: number, accuracy: number, sourceJudge?: SourceJudge) {
  const event = fixtures.roundEvent(round)
  const { source } = event.measures
  return roundFigures({
    ...event,
    measures: { ...event.measures, source: { ...source, accuracy }, sourceJudge },
  })
}

function read(method: string, rounds: readonly ReturnType<typeof roundOf>[]) {
  const { MS, MT } = sourceReadings(rounds[0] ?? null, method)
  return { MS: rounds.map(MS), MT: rounds.map(MT) }
}

describe('the source’s accuracy', () => {
  it('through MT is what that makes of it now; through MS what it was before adaptation', () => {
    const rounds = [roundOf(0, 0.26, 'MT'), roundOf(1, 0.7, 'MT'), roundOf(2, 0.9, 'MT')]
    expect(read('teacher-consistency', rounds)).toEqual({ MS: [0.26, 0.26, 0.26], MT: [0.26, 0.7, 0.9] })
  })

  it('has no reading through MT where MS judges the source', () => {
    const rounds = [roundOf(0, 0.26, 'MS'), roundOf(1, 0.26, 'MS')]
    expect(read('adda', rounds)).toEqual({ MS: [0.26, 0.26], MT: [null, null] })
  })

  it('of an earlier version is read as that version judged', () => {
    const rounds = [roundOf(0, 0.26), roundOf(1, 0.3)]
    expect(read('teacher-consistency', rounds)).toEqual({ MS: [0.26, 0.3], MT: [null, null] })
    expect(read('dann', rounds)).toEqual({ MS: [0.26, 0.26], MT: [0.26, 0.3] })
  })

  it('of an earlier version that was resumed is each round’s own', () => {
    const rounds = [roundOf(0, 0.26), roundOf(1, 0.26), roundOf(2, 0.8, 'MT')]
    expect(read('teacher-consistency', rounds)).toEqual({ MS: [0.26, 0.26, 0.26], MT: [null, null, 0.8] })
  })
})
