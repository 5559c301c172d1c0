/** Checkpoints whose backbone an export cannot take along. */
import { expect, it } from 'vitest'
import { requireExportable } from '../../../src/workers/opened-predictor'
import { refusalOf } from '../data/support'

it('a checkpoint on features of a backbone is not exported without it', async () => {
  const backbone = { network: 'resnet-18', weights: 'a'.repeat(64) }
  expect(await refusalOf(async () => requireExportable({ backbone }, 'tfjs'))).toEqual({
    code: 'backbone-not-exported',
    params: { network: 'resnet-18', format: 'tfjs' },
  })
  expect(() => requireExportable({ backbone: null }, 'tfjs')).not.toThrow()
})
