/** Proposes samples of a dataset for labelling, by the features and probabilities of a checkpoint's networks. */
import * as tf from '@tensorflow/tfjs-core'
import { domainSchema, type Domain, type Experiment } from '../contract/experiment'
import type { DatasetSummary } from '../contract/dataset'
import type { AnalystOrder, AnalystOutput } from '../contract/worker'
import { classesWithSamples, unlabelledIn } from '../contract/classes'
import { loadDomain, type DomainSamples } from '../data/domain'
import { unknownLabel } from '../data/dataset'
import { readLabels, sampleNames } from '../data/labels'
import { summaryOf } from '../data/open-dataset'
import { stream } from '../data/random'
import type { Reading } from '../data/reading'
import { freeing } from '../models/scope'
import { featuresOf, inPasses } from '../training/evaluate'
import { requireFiniteOutput } from '../training/finite'
import { predictorOf } from '../training/networks'
import { chooseProposals } from '../training/proposals'
import { samplesIn } from '../training/samples'
import { encodedSamples } from './backbone-features'
import { decodeImage } from './decode-image'
import { readNetworks } from './evaluate-checkpoint'
import { loadTensorFlow } from './native'
import { createdOrFreed } from './created-or-freed'
import { freedAfter } from './source-predictor'

/** The target of the checkpoint's run if this is its dataset; else all training samples, framed like that target. */
function domainOf(summary: DatasetSummary, experiment: Experiment | null): Domain {
  const { id } = summary
  if (experiment?.target.dataset === id) return experiment.target
  const split = { partition: 'original', split: 'train' } as const
  return domainSchema.parse({
    ...(experiment === null ? {} : { framing: experiment.target.framing }),
    dataset: id,
    ...split,
    classes: classesWithSamples(split, summary),
    unlabelled: unlabelledIn(split, summary) > 0,
  })
}

/** Upper limit on the samples compared, whose features then take 40 MB; a larger dataset is drawn from. */
const mostCandidates = 20_000

/**
 * Positions in the domain that may be proposed: those without a given label. If the dataset has labels of its own for
 * some samples only, those without.
 */
function candidatesIn({ indices, labels }: DomainSamples, given: ReadonlySet<number>): Int32Array {
  const positions = Int32Array.from(indices.keys())
  const without = positions.filter((position) => labels[position] === unknownLabel)
  const asked = without.length > 0 ? without : positions
  const free = asked.filter((position) => !given.has(indices[position] ?? -1))
  if (free.length <= mostCandidates) return free
  const order = stream(0, 'candidates').permutation(free.length).subarray(0, mostCandidates)
  return order.map((at) => free[at] ?? -1)
}

/** @throws `labels-of-path`, and what reading checkpoint, labels and dataset throws */
export async function proposeLabels(
  { checkpoint, pixels, dataset, count, datasets, threads }: AnalystOrder<'proposeLabels'>,
  reading: Reading,
): Promise<AnalystOutput<'proposeLabels'>> {
  const { tensors, model, classes, experiment } = await readNetworks(checkpoint, pixels)
  reading(null)
  const names = await sampleNames(dataset, datasets)
  const { labels } = await readLabels(dataset, datasets)
  const used = experiment?.target.dataset === names.dataset ? experiment.adaptation.labels : []
  const given = new Set([...labels, ...used].map(({ sample }) => sample))
  await loadTensorFlow(threads)
  const domain = domainOf(await summaryOf(names.dataset, datasets), experiment)
  const images = await loadDomain(domain, model, { datasets, decode: decodeImage, reading })
  const candidates = candidatesIn(images, given)
  if (candidates.length === 0) return { samples: [], files: [] }
  const encoded = await encodedSamples(images, model, datasets)
  const predictor = createdOrFreed(() => predictorOf(tensors, 'target', model, classes, checkpoint))
  const { encoder, classifier } = predictor
  const choose = () => {
    const all = samplesIn(encoded)
    const features = featuresOf(encoder, all, candidates)
    all.dispose()
    requireFiniteOutput(features, encoder.id)
    const probabilities = tf.softmax(inPasses(classifier, features))
    return chooseProposals({ features, probabilities }, count, stream(0, 'proposals'))
  }
  const chosen = freedAfter(predictor, () => freeing(choose))
  const samples = chosen.map((one) => images.indices[candidates[one] ?? -1] ?? -1)
  return { samples, files: samples.map((sample) => names.nameOf(sample)) }
}
