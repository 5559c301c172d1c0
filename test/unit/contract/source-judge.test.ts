/** The encoder that the source of a round was judged with, also for rounds that do not record it. */
import { expect, test } from 'vitest'
import { sourceJudgeOf } from '../../../src/contract/source-judge'
import { methods } from '../../../src/methods/registry'

test('a round says it itself', () => {
  expect(sourceJudgeOf({ sourceJudge: 'MT' }, 'adda')).toBe('MT')
  expect(sourceJudgeOf({ sourceJudge: 'MS' }, 'dann')).toBe('MS')
})

test('a round of an earlier version is read by its method; that of teacher consistency went through MS', () => {
  for (const { declaration } of methods) {
    const { id, sourceJudge } = declaration
    expect([id, sourceJudgeOf({}, id)]).toEqual([id, id === 'teacher-consistency' ? 'MS' : sourceJudge])
  }
  expect(sourceJudgeOf({}, 'a method of another lab')).toBe('MS')
})
