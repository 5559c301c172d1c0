/** Labels of the domain discriminator D, whose layers are declared in src/networks/discriminator.ts. */
import * as tf from '@tensorflow/tfjs-core'
import { allLabelled } from './losses'

export const sourceLabel = 0
export const targetLabel = 1

/** D's training labels for a batch, `[source + target]`: `source` source labels, then `target` target labels. */
export function domainLabels(source: number, target: number): tf.Tensor1D {
  return tf.concat([allLabelled(sourceLabel, source), allLabelled(targetLabel, target)])
}
