import { describe, expect, it } from 'vitest'
import { type ErrorCode, fromErrorMessage } from '../../../src/contract/errors'
import { questions } from '../../../src/contract/reading'
import { isSkippable } from '../../../src/data/skipped'

describe('an image that can be left out', () => {
  it.each<ErrorCode>(['image-undecodable', 'image-kind-unread', 'image-too-large', 'image-beyond-memory'])(
    'is asked about: %s',
    (code) => {
      expect(isSkippable(fromErrorMessage({ code, params: {} }))).toBe(true)
      expect(questions[code]).toBe('skipUndecodable')
    },
  )
})
