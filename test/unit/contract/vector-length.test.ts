import { expect, it } from 'vitest'
import { modelSchema } from '../../../src/contract/experiment'
import { vectorLength } from '../../../src/contract/sample'

it('photos of which an encoder takes features are images; vectors are those of a table', () => {
  const backbone = { network: 'resnet-18', weights: 'a'.repeat(64) }
  expect(vectorLength(modelSchema.parse({ backbone, encoder: 'mlp', length: 512 }))).toBeNull()
  expect(vectorLength(modelSchema.parse({ encoder: 'mlp', length: 512 }))).toBe(512)
  expect(vectorLength(modelSchema.parse({}))).toBeNull()
})
