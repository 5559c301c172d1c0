/** Samples that the networks of a checkpoint do not take. */
import { describe, expect, it } from 'vitest'
import { requireFit } from '../../../src/workers/predictor'
import { refusalOf } from '../data/support'

describe('samples that are predicted', () => {
  const refused = (found: number | null, expected: number | null) =>
    refusalOf(async () => requireFit('features', { length: found }, { length: expected, backbone: null }))

  it.each([
    [3, 4, '[3]', '[4]'],
    [4, null, '[4]', 'image'],
    [null, 4, 'image', '[4]'],
  ])('of length %s do not fit a network for %s', async (found, expected, said, wanted) => {
    expect(await refused(found, expected)).toEqual({
      code: 'samples-unfit-network',
      params: { dataset: 'features', found: said, expected: wanted },
    })
  })

  it('of its length fit', () => {
    for (const length of [4, null])
      expect(() => requireFit('features', { length }, { length, backbone: null })).not.toThrow()
  })
})
