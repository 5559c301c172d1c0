/** The classifier C of most encoders: features `[batch, length]` in, one logit per class `[batch, classes]` out. */
import { linear, relu } from './build'
import type { ClassifierOptions, RecipeNames } from './encoder'
import type { Layer } from './layer'

/** One linear layer. The article does not say whether a ReLU precedes it. */
export function linearClassifier({ features, classes, activation }: ClassifierOptions): readonly Layer[] {
  return [...(activation === 'relu' ? [relu] : []), linear('fc', features, classes)]
}

/** The article does not name the layer in C.npy. */
export const linearClassifierInRecipe: RecipeNames = { fc: ['fc2', 'fc1'] }
