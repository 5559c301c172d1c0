/** The encoder that the source of a round was judged with, also for rounds that do not record it. */
import { expect, test } from 'vitest'
import { sourceJudgeOf } from '../../../src/contract/source-judge'
import { methodNamed } from '../../../src/methods/registry'

/** The methods of the versions whose rounds do not record it. */
const earlier = [
  ...['source-only', 'adda', 'dann', 'cdan', 'cdan-e', 'dan', 'deep-coral', 'mcd', 'mcc', 'shot-im'],
  ...['mean-teacher', 'adversarial-consistency', 'teacher-consistency', 'target-supervised', 'no-source'],
]

test('a round says it itself', () => {
  expect(sourceJudgeOf({ sourceJudge: 'MT' }, 'adda')).toBe('MT')
  expect(sourceJudgeOf({ sourceJudge: 'MS' }, 'dann')).toBe('MS')
})

test('a round of an earlier version is read by its method; that of teacher consistency went through MS', () => {
  for (const id of earlier) {
    const { sourceJudge } = methodNamed(id).declaration
    expect([id, sourceJudgeOf({}, id)]).toEqual([id, id === 'teacher-consistency' ? 'MS' : sourceJudge])
  }
  expect(sourceJudgeOf({}, 'a method of another lab')).toBe('MS')
})
