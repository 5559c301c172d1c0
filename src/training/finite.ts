/** Checks for NaN and infinite values. Training stops at one and keeps what was saved; nothing is measured with one. */
import * as tf from '@tensorflow/tfjs-core'
import { labError } from '../contract/errors'
import type { Network } from '../models/network'

/** `step` counts from 1. Throws `loss-not-finite` and names the term. */
export function requireFiniteLosses(
  losses: Readonly<Record<string, number>>,
  round: number,
  step: number,
): void {
  for (const [term, loss] of Object.entries(losses))
    if (!Number.isFinite(loss)) throw labError('loss-not-finite', { term, round, step })
}

/** `epoch` and `step` count from 1. Throws `source-loss-not-finite`. */
export function requireFiniteSourceLoss(
  losses: Readonly<Record<string, number>>,
  epoch: number,
  step: number,
): void {
  for (const loss of Object.values(losses))
    if (!Number.isFinite(loss)) throw labError('source-loss-not-finite', { epoch, step })
}

/** Throws `output-not-finite` where a network, here its id, gives NaN or infinite values. */
export function requireFiniteOutput(output: tf.Tensor, network: string): void {
  if (!allFinite(output)) throw labError('output-not-finite', { network })
}

function allFinite(tensor: tf.Tensor): boolean {
  return tf.tidy(() => tf.all(tf.isFinite(tensor)).dataSync()[0] === 1)
}

/** Checks the weights too, because the last update follows the last loss. The error names the network. */
export function requireFiniteWeights(networks: readonly Network[], round: number, step: number): void {
  for (const { id, variables } of networks) {
    if (!variables.every(({ variable }) => allFinite(variable)))
      throw labError('loss-not-finite', { term: id, round, step })
  }
}
