/** Settings with which a backbone cannot be used. */
import { expect, it } from 'vitest'
import { requireBackboneTakes } from '../../../src/contract/encoder-input'
import { modelSchema } from '../../../src/contract/experiment'
import { refusalOf } from '../data/support'

const backbone = { network: 'mobilenet-v2', weights: 'a'.repeat(64) }
const refused = (model: object) =>
  refusalOf(async () =>
    requireBackboneTakes(modelSchema.parse({ backbone, side: 224, channels: 3, ...model })),
  )
const refusal = (given: string) => ({
  code: 'encoder-refuses-samples',
  params: { encoder: 'mobilenet-v2', takes: '[side ≥ 32, side, 3]', given, nearest: '' },
})

it('a backbone takes images in colour of a side from 32 on, and its features are not normalised by column', async () => {
  expect(await refused({ channels: 1 })).toEqual(refusal('[224, 224, 1]'))
  expect(await refused({ side: 31 })).toEqual(refusal('[31, 31, 3]'))
  expect(await refused({ vectors: 'z-score' })).toEqual({
    code: 'backbone-not-by-column',
    params: { network: 'mobilenet-v2' },
  })
  for (const model of [{ side: 32 }, { vectors: 'l2' }, { backbone: null, channels: 1 }])
    expect(() =>
      requireBackboneTakes(modelSchema.parse({ backbone, side: 224, channels: 3, ...model })),
    ).not.toThrow()
})
