/**
 * A multilayer perceptron for vectors: hidden layers, each linear, batch normalisation, ReLU and dropout. The last one
 * is the bottleneck of adaptation on frozen features (as in CDAN and MCC on pooled features of a large network).
 * `[batch, length]` in, features `[batch, last of hidden]` out.
 */
import { batchNorm, dropout, linear, relu } from './build'
import { linearClassifier, linearClassifierInRecipe } from './classifier'
import { defineEncoder, type RecipeNames, type ShapeOf } from './encoder'

/** As many as an experiment may have (`model.hidden`). */
const mostLayers = 6

const ownNames: RecipeNames = Object.fromEntries(
  Array.from({ length: mostLayers }, (_, index) => index + 1).flatMap((number) => [
    [`fc${number}`, [`fc${number}`]],
    [`bn${number}`, [`bn${number}`]],
  ]),
)

/** Units of the linear layers fc1, fc2 ... up to the first that is missing. */
function hiddenIn(shapeOf: ShapeOf): number[] {
  const units: number[] = []
  for (;;) {
    const layer = shapeOf(`encoder.fc${units.length + 1}.weight`)
    if (layer === undefined) return units
    units.push(layer[0] ?? 0)
  }
}

export const mlp = defineEncoder({
  id: 'mlp',
  title: 'MLP',
  about: {
    en: 'for vectors, with hidden layers of your choice.',
    zh: '用于向量，隐藏层可自行设定。',
  },
  takes: { kind: 'vector' },
  settings: ['hidden', 'batchNorm', 'dropout'],
  layers: ({ length, hidden, batchNorm: normalises, dropout: share }) =>
    hidden.flatMap((units, index) => [
      linear(`fc${index + 1}`, hidden[index - 1] ?? length ?? 0, units),
      ...(normalises ? [batchNorm(`bn${index + 1}`, units)] : []),
      relu,
      ...(share > 0 ? [dropout(share)] : []),
    ]),
  classifier: linearClassifier,
  recipe: { encoder: ownNames, classifier: linearClassifierInRecipe },
  recognise(shapeOf) {
    const first = shapeOf('encoder.fc1.weight')
    if (first === undefined || shapeOf('encoder.conv1.weight') !== undefined) return null
    return {
      length: first[1] ?? null,
      hidden: hiddenIn(shapeOf),
      batchNorm: shapeOf('encoder.bn1.weight') !== undefined,
    }
  },
})
