/** The networks of src/models as TensorFlow.js layers, in the order in which the weights are stored. */
import { hidden as units, sizes } from '../checkpoints/shapes'
import type { ModelOptions } from '../contract/experiment'
import { sampleSpec, shapeOf } from '../contract/sample'
const epsilon = 1e-5
import type { TensorFlow } from './native'

type Layers = TensorFlow['layers']
type LayerList = NonNullable<NonNullable<Parameters<TensorFlow['sequential']>[0]>['layers']>

export function layersOf(layers: Layers, model: ModelOptions, classes: number): LayerList {
  const spec = sampleSpec(model)
  const input = layers.inputLayer({ inputShape: shapeOf(spec), name: spec.kind })
  const logits = layers.dense({ units: classes, name: 'logits' })
  const activation = model.classifierActivation === 'relu' ? [layers.reLU({ name: 'activation' })] : []
  switch (model.encoder) {
    case 'mlp':
      return [input, ...mlp(layers, model), ...activation, logits]
    case 'lenet':
      return [input, ...bottleneck(layers, model.encoder), ...activation, logits]
    case 'lenet-bn':
      return [input, ...bottleneck(layers, model.encoder), normalisation(layers, 'bn'), ...activation, logits]
    case 'lenet-mlp':
      return [input, ...normalisedMaps(layers), ...hidden(layers, 1), ...hidden(layers, 2), logits]
  }
}

function normalisation(layers: Layers, name: string): LayerList[0] {
  return layers.batchNormalization({ name, epsilon })
}

/** ReLU comes before max pooling here and after it in src/models; the two commute. */
function bottleneck(layers: Layers, encoder: 'lenet' | 'lenet-bn'): LayerList {
  const {
    maps: [first, second],
    bottleneck,
  } = sizes[encoder]
  const convolution = (name: string, filters: number) =>
    layers.conv2d({ name, filters, kernelSize: 5, activation: 'relu' })
  return [
    convolution('conv1', first),
    layers.maxPooling2d({ poolSize: 2, name: 'pool1' }),
    convolution('conv2', second),
    layers.maxPooling2d({ poolSize: 2, name: 'pool2' }),
    layers.flatten({ name: 'flatten' }),
    layers.dense({ units: bottleneck, name: 'features' }),
  ]
}

/** src/models pools before it normalises; here the order is that of the paper's authors. */
function normalisedMaps(layers: Layers): LayerList {
  const [first, second] = sizes['lenet-mlp'].maps
  const maps = (number: number, filters: number): LayerList => [
    layers.conv2d({ name: `conv${number}`, filters, kernelSize: 5 }),
    normalisation(layers, `bn${number}`),
    layers.reLU({ name: `relu${number}` }),
    layers.maxPooling2d({ poolSize: 2, name: `pool${number}` }),
  ]
  return [
    ...maps(1, first),
    ...maps(2, second),
    layers.permute({ dims: [3, 1, 2], name: 'map_row_column' }),
    layers.flatten({ name: 'features' }),
  ]
}

function hidden(layers: Layers, number: number): LayerList {
  return [
    layers.dense({ units, name: `hidden${number}` }),
    normalisation(layers, `hidden${number}_bn`),
    layers.reLU({ name: `hidden${number}_relu` }),
  ]
}

/** Dropout is left out: the model classifies. */
function mlp(layers: Layers, { hidden: lengths, batchNorm }: ModelOptions): LayerList {
  return lengths.flatMap((length, index) => [
    layers.dense({ units: length, name: `fc${index + 1}` }),
    ...(batchNorm ? [normalisation(layers, `bn${index + 1}`)] : []),
    layers.reLU({ name: `relu${index + 1}` }),
  ])
}
