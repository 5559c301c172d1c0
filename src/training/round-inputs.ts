/**
 * What a method computes from the whole target before a round (`Adaptation.eachRound`), an input of each of its steps.
 * It depends only on the weights at the start of the round. A snapshot in the middle of a round therefore holds it: the
 * steps since then have changed the weights. Between two rounds it is computed anew, and no checkpoint holds it.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { NamedTensor } from '../checkpoints/safetensors'
import { labError } from '../contract/errors'
import type { Adaptation } from '../methods/method'
import { featuresOf, inPasses } from './evaluate'
import type { ResidentDomain } from './resident'

/** Tensors by the names that the method gave them. The caller disposes them. */
export type RoundInputs = Readonly<Record<string, tf.Tensor>>

/** Prefix for their names in a snapshot. */
const prefix = 'round.'

/** Reads the networks outside of the steps. */
export function newRoundInputs({ eachRound, target }: Adaptation, { images }: ResidentDomain): RoundInputs {
  if (eachRound === undefined) return {}
  return tf.tidy(() => {
    const features = featuresOf(target.encoder, images)
    const computed = eachRound({ features, logits: inPasses(target.classifier, features) })
    for (const [name, { dtype }] of Object.entries(computed))
      if (dtype !== 'float32') throw new Error(`"${name}" of a round is ${dtype}, not float32`)
    return computed
  })
}

/** Those of a snapshot in the middle of a round. Throws `checkpoint-missing-tensor`. */
export function loadedRoundInputs(
  { eachRound }: Adaptation,
  stored: readonly NamedTensor[],
  file: string,
): RoundInputs {
  if (eachRound === undefined) return {}
  const own = stored.filter(({ name }) => name.startsWith(prefix))
  if (own.length === 0) throw labError('checkpoint-missing-tensor', { file, tensor: `${prefix}*` })
  return Object.fromEntries(
    own.map(({ name, shape, data }) => [name.slice(prefix.length), tf.tensor(data, [...shape])]),
  )
}

/** For a snapshot in the middle of a round. */
export function namedRoundInputs(inputs: RoundInputs): NamedTensor[] {
  return Object.entries(inputs).map(([name, tensor]) => ({
    name: `${prefix}${name}`,
    shape: [...tensor.shape],
    data: tensor.dataSync<'float32'>(),
  }))
}
