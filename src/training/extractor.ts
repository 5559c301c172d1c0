/**
 * Computes the features of images with a frozen backbone, in batches of one size, so that a row does not depend on which
 * other images are computed with it.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { NamedTensor } from '../checkpoints/safetensors'
import type { ErrorMessage } from '../contract/errors'
import { fastestSteps } from '../graph/compiled-steps'
import { folded } from '../models/fold'
import { passOf } from '../models/pass'
import { freeing } from '../models/scope'
import { layersOfBackbone } from '../networks/backbones/registry'
import type { Backbone } from '../networks/backbone'
import { requireFiniteOutput } from './finite'

/** Images in a pass. More are not faster on a processor, and take more memory. */
export const batchSize = 8

export interface Extractor {
  /**
   * Features of a batch, row after row.
   * @param images `[batchSize, side, side, 3]`, of values in [0, 1]
   */
  extract(images: tf.Tensor): Float32Array
  readonly engine: 'compiled' | 'eager'
  /** Why the pass runs eagerly; null otherwise. */
  readonly obstacle: ErrorMessage | null
  dispose(): void
}

/**
 * @param weights of the backbone, in TensorFlow's layout, by the names of its declaration
 * @param side of the images, `[batch, side, side, 3]`
 */
export function createExtractor(
  backbone: Backbone,
  weights: readonly NamedTensor[],
  side: number,
): Extractor {
  const layers = layersOfBackbone(backbone)
  const resident = Object.fromEntries(
    weights.map(({ name, shape, data }) => [name, tf.tensor(data, [...shape])]),
  )
  const frozen = folded(layers, new Map(Object.entries(resident)))
  const kept = new Set(frozen.weights.values())
  tf.dispose(Object.values(resident).filter((tensor) => !kept.has(tensor)))
  const pass = passOf(frozen.layers, frozen.weights)
  const constants = Object.fromEntries(frozen.weights)
  const example = tf.zeros([batchSize, side, side, 3])
  const steps = fastestSteps({
    steps: {
      extract: {
        step: ({ images }) => ({ features: pass(normalised(images as tf.Tensor4D, backbone.preprocessing)) }),
        inputs: { images: example },
      },
    },
    variables: {},
    resident: constants,
  })
  example.dispose()

  return {
    extract: (images) =>
      freeing(() => {
        const { features } = steps.run('extract', { images })
        if (features === undefined) throw new Error('a pass without features')
        requireFiniteOutput(features, backbone.id)
        return features.dataSync<'float32'>()
      }),
    engine: steps.engine,
    obstacle: steps.obstacle,
    dispose() {
      steps.dispose()
      tf.dispose(Object.values(constants))
    },
  }
}

/** Values from 0 to 1 as the backbone takes them: (255 x - mean) / deviation, channel by channel. */
function normalised(images: tf.Tensor4D, { mean, deviation }: Backbone['preprocessing']): tf.Tensor4D {
  return tf.div(tf.sub(tf.mul(images, 255), tf.tensor1d([...mean])), tf.tensor1d([...deviation]))
}

/** Features `[count, length]` of images `[count, side, side, 3]`, row after row. */
export function extractRows(extractor: Extractor, images: tf.Tensor): Float32Array {
  const [count = 0, ...shape] = images.shape
  const batches = Array.from({ length: Math.ceil(count / batchSize) }, (_, batch) =>
    freeing(() => {
      const start = batch * batchSize
      const size = Math.min(batchSize, count - start)
      const part = tf.slice(images, [start, 0, 0, 0], [size, ...shape])
      const filled = size === batchSize ? part : tf.concat([part, tf.zeros([batchSize - size, ...shape])])
      const rows = extractor.extract(filled)
      return rows.subarray(0, (rows.length / batchSize) * size)
    }),
  )
  return joined(batches)
}

/** Arrays one after another. */
export function joined(parts: readonly Float32Array[]): Float32Array {
  const all = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
