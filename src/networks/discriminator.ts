/**
 * The domain discriminator D: features `[batch, length]` in, two logits `[batch, 2]` out. Output 0 means "source",
 * output 1 means "target". Three linear layers; the article puts no activation between them.
 */
import type { Condition, Size, SizedLayer } from './added'
import type { RecipeNames } from './encoder'

/** @param activation `always`, or only if a parameter of the method says so */
export function discriminator(inputs: Size, activation: 'always' | Condition): readonly SizedLayer[] {
  const relu: SizedLayer = activation === 'always' ? { kind: 'relu' } : { kind: 'relu', when: activation }
  const linear = (name: string, inputs: Size, outputs: number) =>
    ({ kind: 'linear', name, inputs, outputs, bias: true }) as const
  return [linear('fc1', inputs, 512), relu, linear('fc2', 512, 512), relu, linear('fc3', 512, 2)]
}

export const discriminatorInRecipe: RecipeNames = { fc1: ['layer.0'], fc2: ['layer.1'], fc3: ['layer.2'] }
