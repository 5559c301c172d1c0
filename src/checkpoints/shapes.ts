/**
 * The shapes of every network's tensors in PyTorch's layout. They determine what a checkpoint must hold and its size.
 * src/models states the same shapes in TensorFlow's layout; a test compares the two.
 */
import { mapSide, type LeNet } from '../contract/encoder'
import type { ModelOptions } from '../contract/experiment'
import { addedNetworks, type AddedNetwork } from '../contract/method'
import { sizeOf } from './safetensors'

/** Shapes by tensor name, in PyTorch's layout. */
export type Shapes = Readonly<Record<string, readonly number[]>>

export const networkIds = ['source_encoder', 'classifier', 'target_encoder', ...addedNetworks] as const
export type NetworkId = 'source_encoder' | 'classifier' | 'target_encoder' | AddedNetwork

/** The model options that determine shapes. */
export type ShapeOptions = Pick<
  ModelOptions,
  'encoder' | 'side' | 'channels' | 'length' | 'hidden' | 'batchNorm'
>

/** Numbers of maps of the two convolutions, and the outputs of the linear layer on them; null: there is none. */
export const sizes = {
  lenet: { maps: [32, 64], bottleneck: 512 },
  'lenet-bn': { maps: [20, 50], bottleneck: 256 },
  'lenet-mlp': { maps: [32, 48], bottleneck: null },
} as const satisfies Record<LeNet, unknown>

/** Number of values of the second convolution's maps, flattened. */
export const flattened = (encoder: LeNet, side: number): number => sizes[encoder].maps[1] * mapSide(side) ** 2

function featuresOf({ encoder, side, hidden: units }: ShapeOptions): number {
  if (encoder === 'mlp') return units[units.length - 1] ?? 0
  return sizes[encoder].bottleneck ?? flattened(encoder, side)
}

/** Units of the hidden layers between features and logits, in classifiers that have them. */
export const hidden = 100

/** Shapes by tensor name, for example "source_encoder.conv1.weight": [32, 1, 5, 5]. */
export function shapesOf(network: NetworkId, model: ShapeOptions, classes: number): Shapes {
  const length = featuresOf(model)
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

function encoderShapes(network: NetworkId, model: ShapeOptions): Shapes {
  const { encoder, channels, side } = model
  if (encoder === 'mlp') return mlpShapes(network, model)
  const {
    maps: [first, second],
    bottleneck,
  } = sizes[encoder]
  const convolutions = {
    ...layer(`${network}.conv1`, [first, channels, 5, 5]),
    ...layer(`${network}.conv2`, [second, first, 5, 5]),
  }
  if (bottleneck === null)
    return {
      ...convolutions,
      ...normalisation(`${network}.bn1`, first),
      ...normalisation(`${network}.bn2`, second),
    }
  const layers = { ...convolutions, ...layer(`${network}.fc`, [bottleneck, flattened(encoder, side)]) }
  return encoder === 'lenet' ? layers : { ...layers, ...normalisation(`${network}.bn`, bottleneck) }
}

function mlpShapes(network: NetworkId, { length, hidden: units, batchNorm }: ShapeOptions): Shapes {
  const layers = units.map((outputs, index) => ({
    ...layer(`${network}.fc${index + 1}`, [outputs, units[index - 1] ?? length ?? 0]),
    ...(batchNorm ? normalisation(`${network}.bn${index + 1}`, outputs) : {}),
  }))
  return Object.assign({}, ...layers) as Shapes
}

function classifierShapes(network: NetworkId, model: ShapeOptions, classes: number): Shapes {
  const features = featuresOf(model)
  if (model.encoder !== 'lenet-mlp') return layer(`${network}.fc`, [classes, features])
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
