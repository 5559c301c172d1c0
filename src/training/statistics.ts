/**
 * Recomputes the running statistics of batch normalisation with which the target is classified, from the domain that
 * `adaptation.statistics` names: `target` is AdaBN (Li et al. 2017, "Revisiting batch normalization for practical domain
 * adaptation"). They are collected as in training, from batches of one domain, with dropout, and averaged over the
 * batches as PyTorch's `torch.optim.swa_utils.update_bn` does, after a round, with the weights of that time. No step
 * uses running statistics of a network that learns, so the weights do not depend on this setting.
 */
import * as tf from '@tensorflow/tfjs-core'
import type { Experiment } from '../contract/experiment'
import { stream } from '../data/random'
import { momentum } from '../models/batch-norm'
import { seedsFrom } from '../models/dropout'
import type { Network } from '../models/network'
import { predictorsOf, type ExperimentNetworks } from './networks'
import type { ResidentDomain } from './resident'
import { sampleIndices } from './sample'
import { drawSeed } from './steps'

type Role = 'source' | 'target'
type Domains = Readonly<Record<Role, ResidentDomain>>

/** The domains from which the statistics are collected; none: each method's own are kept. */
const domainsOf: Readonly<Record<Experiment['adaptation']['statistics'], readonly Role[]>> = {
  method: [],
  source: ['source'],
  target: ['target'],
  mixture: ['source', 'target'],
}

/**
 * Networks that adaptation leaves as they are (MS, C, a random classifier) keep their statistics: steps classify with
 * them. With two domains, the statistics are the mean of both. The same round and weights give the same statistics.
 * @param experiment its seed draws the samples and the dropout
 */
export function recomputeStatistics(
  { adaptation, seed }: Pick<Experiment, 'adaptation' | 'seed'>,
  networks: ExperimentNetworks,
  domains: Domains,
  round: number,
): void {
  const roles = domainsOf[adaptation.statistics]
  const { encoder, classifier } = predictorsOf(networks).target
  const adapted = adaptedIn(networks)
  const own = [encoder, classifier].filter((network) => adapted.has(network))
  const running = own.flatMap(runningOf)
  if (roles.length === 0 || running.length === 0) return
  tf.tidy(() => {
    const ofEach = roles.map((role) => {
      const { images, count } = domains[role]
      const batches = batchesIn(sampleIndices(role, count, seed), adaptation.batch)
      const ofBatches = batches.map((batch, index) =>
        collected(running, () => {
          const random = stream(seed, 'statistics', role, round, index)
          const seeds = seedsFrom(() => drawSeed(random))
          own.reduce((x, network) => network.learning(seeds)(x), images.rows(batch))
        }),
      )
      return means(ofBatches)
    })
    means(ofEach).forEach((mean, index) => running[index]?.assign(mean))
  })
}

/** Networks that learn, or that follow one that learns. Without adaptation, MT is a copy of MS that no step uses. */
function adaptedIn({ MT, adaptation }: ExperimentNetworks): ReadonlySet<Network> {
  if (adaptation === null) return new Set([MT])
  const { learners, copies } = adaptation
  return new Set([...learners.map(({ network }) => network), ...copies.map(({ to }) => to)])
}

/** Variables that no gradient moves: the running means and variances. */
function runningOf({ variables, learned }: Network): tf.Variable[] {
  const known = new Set(learned.map(({ name }) => name))
  return variables.flatMap(({ name, variable }) => (known.has(name) ? [] : [variable]))
}

/** Whole batches, because a small one has unsure statistics; all indices if there are fewer than one batch. */
function batchesIn(indices: Int32Array, size: number): Int32Array[] {
  const count = Math.max(1, Math.floor(indices.length / size))
  return Array.from({ length: count }, (_, index) => indices.subarray(index * size, (index + 1) * size))
}

/** The statistics of one pass in training mode: from 0, running statistics become `momentum` times the batch's. */
function collected(running: readonly tf.Variable[], pass: () => void): tf.Tensor[] {
  return tf.tidy(() => {
    for (const variable of running) variable.assign(tf.zeros(variable.shape))
    pass()
    return running.map((variable) => tf.div(variable, momentum))
  })
}

/** The means, element by element, of lists of tensors of equal shapes. */
function means(lists: readonly (readonly tf.Tensor[])[]): tf.Tensor[] {
  const [first = []] = lists
  return first.map((_, index) => {
    const own = lists.flatMap((list) => list[index] ?? [])
    return tf.div(tf.addN(own), own.length)
  })
}
