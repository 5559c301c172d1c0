/** Shared by the ResNets of torchvision. */
import { batchNorm, convolution } from '../build'
import type { Layer } from '../layer'

/** The input itself, or a 1x1 convolution if the shape changes. */
export function shortcut(name: string, inputs: number, outputs: number, stride: number): readonly Layer[] {
  if (stride === 1 && inputs === outputs) return []
  return [
    convolution(`${name}.downsample.0`, inputs, outputs, 1, { stride, bias: false }),
    batchNorm(`${name}.downsample.1`, outputs),
  ]
}
