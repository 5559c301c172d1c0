/**
 * The shapes of every network's tensors, in PyTorch's layout: what a checkpoint must hold, and how large it
 * is. src/models states the same shapes in TensorFlow's layout; a test holds the two together.
 */
import type { ModelOptions } from '../contract/experiment'
import type { Shapes } from './checkpoint'
import { sizeOf } from './safetensors'

export const networkIds = ['source_encoder', 'classifier', 'target_encoder', 'discriminator'] as const
export type NetworkId = (typeof networkIds)[number]

/** What of the model decides shapes. */
type ShapeOptions = Pick<ModelOptions, 'channels'>

const features = 512

/** Shapes by tensor name, such as "source_encoder.conv1.weight": [32, 1, 5, 5]. */
export function shapesOf(network: NetworkId, { channels }: ShapeOptions, classes: number): Shapes {
  switch (network) {
    case 'source_encoder':
    case 'target_encoder':
      return {
        ...layer(`${network}.conv1`, [32, channels, 5, 5]),
        ...layer(`${network}.conv2`, [64, 32, 5, 5]),
        ...layer(`${network}.fc`, [features, 64 * 4 * 4]),
      }
    case 'classifier':
      return layer('classifier.fc', [classes, features])
    case 'discriminator':
      return {
        ...layer('discriminator.fc1', [512, features]),
        ...layer('discriminator.fc2', [512, 512]),
        ...layer('discriminator.fc3', [2, 512]),
      }
  }
}

/** Bytes of a network's float32 values. */
export function networkBytes(network: NetworkId, model: ShapeOptions, classes: number): number {
  const shapes = Object.values(shapesOf(network, model, classes))
  return shapes.reduce((bytes, shape) => bytes + 4 * sizeOf(shape), 0)
}

function layer(name: string, weight: readonly number[]): Shapes {
  return { [`${name}.weight`]: weight, [`${name}.bias`]: weight.slice(0, 1) }
}
