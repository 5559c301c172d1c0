/** The shape of one sample after each layer, without the batch: `[rows, columns, maps]` or `[units]`. */
import type { Layer, Padding } from './layer'

export type SampleShape = readonly number[]

export function shapeAfter(layers: readonly Layer[], input: SampleShape): SampleShape {
  return layers.reduce(afterLayer, input)
}

function afterLayer(shape: SampleShape, layer: Layer): SampleShape {
  switch (layer.kind) {
    case 'convolution':
      return [...slid(shape, layer.kernel, layer.stride, layer.padding), layer.outputs]
    case 'max-pool':
      return [...slid(shape, layer.size, layer.stride, layer.padding), mapsOf(shape)]
    case 'linear':
      return [...shape.slice(0, -1), layer.outputs]
    case 'flatten':
      return [shape.reduce((product, size) => product * size, 1)]
    case 'global-average':
      return [mapsOf(shape)]
    case 'residual':
      return shapeAfter(layer.body, shape)
    default:
      return shape
  }
}

const mapsOf = (shape: SampleShape): number => shape[shape.length - 1] ?? 0

/** Rows and columns after a window slid over them. */
function slid(shape: SampleShape, size: number, stride: number, padding: Padding): number[] {
  return shape.slice(0, 2).map((length) => {
    if (padding === 'same') return Math.ceil(length / stride)
    return Math.floor((length + 2 * padding - size) / stride) + 1
  })
}
