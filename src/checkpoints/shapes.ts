/**
 * The shapes of every network's tensors, in PyTorch's layout: what a checkpoint must hold, and how large it
 * is. src/models states the same shapes in TensorFlow's layout; a test holds the two together.
 */
import type { ModelOptions } from '../contract/experiment'
import { addedNetworks, type AddedNetwork } from '../contract/method'
import type { Shapes } from './checkpoint'
import { sizeOf } from './safetensors'

export const networkIds = ['source_encoder', 'classifier', 'target_encoder', ...addedNetworks] as const
export type NetworkId = 'source_encoder' | 'classifier' | 'target_encoder' | AddedNetwork

/** What of the model decides shapes. */
export type ShapeOptions = Pick<ModelOptions, 'encoder' | 'channels'>

const features = { lenet: 512, 'lenet-bn': 256 } as const

/** Shapes by tensor name, such as "source_encoder.conv1.weight": [32, 1, 5, 5]. */
export function shapesOf(network: NetworkId, model: ShapeOptions, classes: number): Shapes {
  const length = features[model.encoder]
  switch (network) {
    case 'source_encoder':
    case 'target_encoder':
    case 'student_encoder':
    case 'teacher_encoder':
      return encoderShapes(network, model)
    case 'classifier':
    case 'target_classifier':
    case 'second_classifier':
    case 'student_classifier':
      return layer(`${network}.fc`, [classes, length])
    case 'discriminator':
      return discriminatorShapes(network, length)
    case 'conditional_discriminator':
      return discriminatorShapes(network, length * classes)
  }
}

function encoderShapes(network: NetworkId, { encoder, channels }: ShapeOptions): Shapes {
  const length = features[encoder]
  const [first, second] = encoder === 'lenet' ? [32, 64] : [20, 50]
  const layers = {
    ...layer(`${network}.conv1`, [first, channels, 5, 5]),
    ...layer(`${network}.conv2`, [second, first, 5, 5]),
    ...layer(`${network}.fc`, [length, second * 4 * 4]),
  }
  if (encoder === 'lenet') return layers
  const running = { [`${network}.bn.running_mean`]: [length], [`${network}.bn.running_var`]: [length] }
  return { ...layers, ...layer(`${network}.bn`, [length]), ...running }
}

function discriminatorShapes(network: NetworkId, length: number): Shapes {
  return {
    ...layer(`${network}.fc1`, [512, length]),
    ...layer(`${network}.fc2`, [512, 512]),
    ...layer(`${network}.fc3`, [2, 512]),
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
