/**
 * The domain discriminator D: features `[batch, length]` in, two logits `[batch, 2]` out. Output 0 means "source",
 * output 1 means "target". Three linear layers; the article puts no activation between them.
 */
import { linear, relu } from './build'
import type { RecipeNames } from './encoder'
import type { Layer } from './layer'

export function discriminator(activation: 'none' | 'relu', features: number): readonly Layer[] {
  const between = activation === 'relu' ? [relu] : []
  return [
    linear('fc1', features, 512),
    ...between,
    linear('fc2', 512, 512),
    ...between,
    linear('fc3', 512, 2),
  ]
}

export const discriminatorInRecipe: RecipeNames = { fc1: ['layer.0'], fc2: ['layer.1'], fc3: ['layer.2'] }
