/** Declared layers as layers of TensorFlow.js, without dropout: the model classifies. */
import type { Layer } from '../networks/layer'
import { isNeverNegative } from '../networks/properties'
import type { TensorFlow } from './native'

type Layers = TensorFlow['layers']
type Symbolic = ReturnType<TensorFlow['input']>
type LayerOfModel = InstanceType<Layers['Layer']>

/** A layer with weights, and the name of their layer in the declaration. */
export interface WeightedLayer {
  readonly layer: LayerOfModel
  /** Below its network, in the order in which the layer takes them: "conv1.weight", "conv1.bias". */
  readonly tensors: readonly string[]
}

export interface Applied {
  readonly output: Symbolic
  readonly weighted: readonly WeightedLayer[]
}

/** @param prefix of the layers' names, which are unique in a model */
export function applyLayers(
  tf: TensorFlow,
  declared: readonly Layer[],
  input: Symbolic,
  prefix: string,
): Applied {
  const weighted: WeightedLayer[] = []
  const count = { unnamed: 0 }
  const output = applyAll(declared, input)
  return { output, weighted }

  function applyAll(layers: readonly Layer[], value: Symbolic): Symbolic {
    return layers.reduce((before, layer, index) => {
      if (layer.kind !== 'residual') return applyOne(layer, before, layers.slice(0, index))
      const branches = [applyAll(layer.body, before), applyAll(layer.shortcut, before)]
      return tf.layers.add({ name: nameOf('add') }).apply(branches) as Symbolic
    }, value)
  }

  function applyOne(
    layer: Exclude<Layer, { kind: 'residual' }>,
    value: Symbolic,
    before: readonly Layer[],
  ): Symbolic {
    return modelLayers(layer, before).reduce((last, one) => one.apply(last) as Symbolic, value)
  }

  function nameOf(kind: string, name?: string): string {
    return `${prefix}${name === undefined ? `${kind}${++count.unnamed}` : name.replace(/\./g, '_')}`
  }

  function withWeights(layer: LayerOfModel, name: string, parts: readonly string[]): LayerOfModel {
    weighted.push({ layer, tensors: parts.map((part) => `${name}.${part}`) })
    return layer
  }

  function modelLayers(
    layer: Exclude<Layer, { kind: 'residual' }>,
    before: readonly Layer[],
  ): LayerOfModel[] {
    const { layers } = tf
    switch (layer.kind) {
      case 'convolution': {
        const { name, kernel, stride, padding, bias } = layer
        const options = {
          name: nameOf('', name),
          kernelSize: kernel,
          strides: stride,
          padding: padding === 'same' ? ('same' as const) : ('valid' as const),
          useBias: bias,
        }
        const own =
          layer.connects === 'each-map'
            ? layers.depthwiseConv2d({ ...options, depthMultiplier: 1 })
            : layers.conv2d({ ...options, filters: layer.outputs })
        const parts = bias ? ['weight', 'bias'] : ['weight']
        return [...zeros(padding), withWeights(own, name, parts)]
      }
      case 'linear': {
        const { name, outputs, bias } = layer
        const own = layers.dense({ units: outputs, useBias: bias, name: nameOf('', name) })
        return [withWeights(own, name, bias ? ['weight', 'bias'] : ['weight'])]
      }
      case 'batch-norm': {
        const { name, epsilon } = layer
        const own = layers.batchNormalization({ name: nameOf('', name), epsilon })
        return [withWeights(own, name, ['weight', 'bias', 'running_mean', 'running_var'])]
      }
      case 'max-pool': {
        const { size, stride, padding } = layer
        // There is no layer that pads with -Infinity; 0 is as good where no value is below it.
        if (padding > 0 && !isNeverNegative(before))
          throw new Error('a padded pooling of values below 0 has no layer in TensorFlow.js')
        return [
          ...zeros(padding),
          layers.maxPooling2d({ poolSize: size, strides: stride, name: nameOf('pool') }),
        ]
      }
      case 'relu':
        return [layers.reLU({ name: nameOf('relu') })]
      case 'relu6':
        return [layers.reLU({ maxValue: 6, name: nameOf('relu') })]
      case 'global-average':
        return [layers.globalAveragePooling2d({ name: nameOf('average') })]
      case 'flatten':
        return [
          ...(layer.order === 'map-outermost'
            ? [layers.permute({ dims: [3, 1, 2], name: nameOf('map_row_column') })]
            : []),
          layers.flatten({ name: nameOf('flatten') }),
        ]
      case 'dropout':
        return []
    }
  }

  function zeros(padding: number | 'same'): LayerOfModel[] {
    if (padding === 'same' || padding === 0) return []
    return [tf.layers.zeroPadding2d({ padding, name: nameOf('zeros') })]
  }
}
