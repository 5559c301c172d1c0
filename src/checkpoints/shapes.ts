/**
 * The shapes of every network's tensors in PyTorch's layout. They determine what a checkpoint must hold and its size.
 * src/models states the same shapes in TensorFlow's layout; a test compares the two.
 */
import type { ModelOptions } from '../contract/experiment'
import { addedNetworks, type AddedNetwork } from '../contract/method'
import { sizeOf } from './safetensors'

/** Shapes by tensor name, in PyTorch's layout. */
export type Shapes = Readonly<Record<string, readonly number[]>>

export const networkIds = ['source_encoder', 'classifier', 'target_encoder', ...addedNetworks] as const
export type NetworkId = 'source_encoder' | 'classifier' | 'target_encoder' | AddedNetwork

/** The model options that determine shapes. */
export type ShapeOptions = Pick<ModelOptions, 'encoder' | 'channels'>

/** Numbers of maps of the two convolutions, and the number of features. */
export const sizes = {
  lenet: { maps: [32, 64], features: 512 },
  'lenet-bn': { maps: [20, 50], features: 256 },
  'lenet-mlp': { maps: [32, 48], features: 768 },
} as const
/** Units of the hidden layers between features and logits, in classifiers that have them. */
export const hidden = 100

/** Shapes by tensor name, for example "source_encoder.conv1.weight": [32, 1, 5, 5]. */
export function shapesOf(network: NetworkId, model: ShapeOptions, classes: number): Shapes {
  const length = sizes[model.encoder].features
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
      return classifierShapes(network, model, classes)
    case 'discriminator':
      return discriminatorShapes(network, length)
    case 'conditional_discriminator':
      return discriminatorShapes(network, length * classes)
  }
}

function encoderShapes(network: NetworkId, { encoder, channels }: ShapeOptions): Shapes {
  const {
    maps: [first, second],
    features,
  } = sizes[encoder]
  const convolutions = {
    ...layer(`${network}.conv1`, [first, channels, 5, 5]),
    ...layer(`${network}.conv2`, [second, first, 5, 5]),
  }
  if (encoder === 'lenet-mlp')
    return {
      ...convolutions,
      ...normalisation(`${network}.bn1`, first),
      ...normalisation(`${network}.bn2`, second),
    }
  const bottleneck = { ...convolutions, ...layer(`${network}.fc`, [features, second * 4 * 4]) }
  return encoder === 'lenet' ? bottleneck : { ...bottleneck, ...normalisation(`${network}.bn`, features) }
}

function classifierShapes(network: NetworkId, { encoder }: ShapeOptions, classes: number): Shapes {
  const { features } = sizes[encoder]
  if (encoder !== 'lenet-mlp') return layer(`${network}.fc`, [classes, features])
  return {
    ...layer(`${network}.hidden1`, [hidden, features]),
    ...normalisation(`${network}.bn1`, hidden),
    ...layer(`${network}.hidden2`, [hidden, hidden]),
    ...normalisation(`${network}.bn2`, hidden),
    ...layer(`${network}.fc`, [classes, hidden]),
  }
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

function normalisation(name: string, units: number): Shapes {
  return { ...layer(name, [units]), [`${name}.running_mean`]: [units], [`${name}.running_var`]: [units] }
}
