/**
 * Proposes an experiment for two imported datasets, a labelled source and any target, with the reason of each choice.
 * The settings for images were found on small sets of colour images (docs/own-images.md), those for vectors on features
 * of photographs (docs/features.md).
 */
import type { z } from 'zod'
import { lenetBn } from '../networks/lenet-bn'
import { mlp } from '../networks/mlp'
import { classesWithSamples, pairedByName, unlabelledIn } from './classes'
import { kindForError, type DatasetSummary } from './dataset'
import { labError } from './errors'
import { experimentSchema, type Domain, type Experiment } from './experiment'
import { nameFromTitles } from './name-from-titles'
import { nearest } from './nearest'

/** Every reason with the parameters of its sentence (src/language/proposal.ts). */
interface ReasonParameters {
  /** The target has no labels. */
  'classes-unlabelled': { count: number }
  'classes-same': { count: number }
  /** Only some names occur in both datasets; the classes of the other names are left out. */
  'classes-shared': { count: number; left: readonly string[] }
  /** No name occurs in both, but both have equally many classes. */
  'classes-by-order': { count: number }
  'held-out': { count: number }
  'no-held-out': Record<string, never>
  /** The pictures keep their size. */
  'side-kept': { side: number; channels: number }
  'side-small': { side: number; channels: number }
  'vectors-scaled': { length: number; scaling: Experiment['model']['vectors'] }
  'method-images': { method: string; encoder: string }
  'method-vectors': { method: string; encoder: string }
  'source-epochs': { epochs: number; count: number }
  'source-steps': { steps: number; count: number }
  rounds: { rounds: number; count: number }
}

export type ReasonCode = keyof ReasonParameters
export type Reason = {
  [C in ReasonCode]: { readonly code: C; readonly params: ReasonParameters[C] }
}[ReasonCode]

export interface Proposal {
  readonly experiment: Experiment
  readonly reasons: readonly Reason[]
}

const method = 'mcc'
const leastClasses = 2

/** Refuses a dataset that cannot be the source. @throws `source-unlabelled`, `too-few-classes` */
export function requireSource(summary: DatasetSummary): void {
  const found = classesWithSamples(trainingPart(summary), summary).length
  if (found === 0) throw labError('source-unlabelled', { dataset: summary.title })
  if (found < leastClasses) throw labError('too-few-classes', { method, least: leastClasses, found })
}

/**
 * @throws `source-unlabelled`, `too-few-classes`; `unlike-samples` for images with vectors, or vectors of two lengths;
 * `classes-do-not-meet` if the datasets share fewer than two names of classes and differ in their number
 */
export function proposedExperiment(source: DatasetSummary, target: DatasetSummary): Proposal {
  requireSource(source)
  if (source.kind !== target.kind || source.length !== target.length)
    throw labError('unlike-samples', {
      source: kindForError(source.length),
      target: kindForError(target.length),
    })
  const parts = { source: trainingPart(source), target: trainingPart(target) }
  const classes = sharedClasses(
    classesWithSamples(parts.source, source),
    classesWithSamples(parts.target, target),
  )
  const counts = { source: samplesOf(source, parts.source), target: samplesOf(target, parts.target) }
  const recipe =
    source.kind === 'vector' ? recipeForVectors(source, counts) : recipeForImages(source, target, counts)
  const experiment = experimentSchema.parse({
    ...recipe.settings,
    name: nameFromTitles(source.title, target.title),
    source: { dataset: source.id, ...parts.source, classes: classes.source },
    target: {
      dataset: target.id,
      ...parts.target,
      classes: classes.target,
      unlabelled: unlabelledIn(parts.target, target) > 0,
    },
    pairing: classes.pairing,
  })
  return { experiment, reasons: [classes.reason, holdOut(source, parts.source), ...recipe.reasons] }
}

type Part = Pick<Domain, 'partition' | 'split'>

/**
 * Training samples: those of the dataset's own split if it has one. Otherwise four fifths of all samples, so that a
 * hold-out exists; the pooled split needs a label for every sample.
 */
function trainingPart({ counts }: DatasetSummary): Part {
  const has = (name: string) => (counts[name] ?? 0) > 0
  if (!has('original/train')) return { partition: 'original', split: 'test' }
  const isSplit = has('original/test') || !has('pooled/train') || !has('pooled/test')
  return { partition: isSplit ? 'original' : 'pooled', split: 'train' }
}

const samplesOf = ({ counts }: DatasetSummary, { partition, split }: Part): number =>
  counts[`${partition}/${split}`] ?? 0

function holdOut(summary: DatasetSummary, { partition, split }: Part): Reason {
  const count = split === 'train' ? (summary.counts[`${partition}/test`] ?? 0) : 0
  return count === 0 ? { code: 'no-held-out', params: {} } : { code: 'held-out', params: { count } }
}

interface Shared {
  readonly source: readonly string[]
  readonly target: readonly string[]
  readonly pairing: readonly number[]
  readonly reason: Reason
}

function sharedClasses(source: readonly string[], target: readonly string[]): Shared {
  const count = source.length
  if (target.length === 0)
    return { source, target, pairing: [], reason: { code: 'classes-unlabelled', params: { count } } }
  const shared = target.filter((name) => source.includes(name))
  if (shared.length >= leastClasses) return byName(source, target, shared)
  if (shared.length === 0 && target.length === count)
    return {
      source,
      target,
      pairing: target.map((_, index) => index),
      reason: { code: 'classes-by-order', params: { count } },
    }
  const strange = target.filter((name) => !source.includes(name))
  const [first = ''] = strange
  throw labError('classes-do-not-meet', {
    class: first,
    nearest: nearest(first, source),
    strange: strange.length,
  })
}

function byName(source: readonly string[], target: readonly string[], shared: readonly string[]): Shared {
  const kept = source.filter((name) => shared.includes(name))
  const left = [...source, ...target].filter((name) => !shared.includes(name))
  const reason: Reason =
    left.length === 0
      ? { code: 'classes-same', params: { count: kept.length } }
      : { code: 'classes-shared', params: { count: kept.length, left } }
  return { source: kept, target: shared, pairing: pairedByName(kept, shared), reason }
}

type Counts = Readonly<Record<'source' | 'target', number>>
type Settings = Omit<z.input<typeof experimentSchema>, 'name' | 'source' | 'target' | 'pairing'>

interface Recipe {
  readonly settings: Settings
  readonly reasons: readonly Reason[]
}

const within = (least: number, most: number, value: number) => Math.max(least, Math.min(most, value))

/** The largest side of images that `lenet` learns from few of them; at 64 it overfitted. */
const smallSide = 32
/** Images shown in the source stage: 40 epochs of 720 images were enough. */
const shownInSourceStage = 30_000
/** Target images shown in the adaptation: five rounds of 720 images. */
const shownInAdaptation = 3_600

function recipeForImages(source: DatasetSummary, target: DatasetSummary, counts: Counts): Recipe {
  const largest = Math.max(
    ...[source, target].flatMap(({ width, height }) => [width ?? Infinity, height ?? Infinity]),
  )
  const side = within(lenetBn.takes.leastSide, smallSide, largest)
  const channels = source.channels === 3 && target.channels === 3 ? 3 : 1
  const epochs = within(1, 60, Math.round(shownInSourceStage / counts.source))
  const rounds = within(3, 10, Math.round(shownInAdaptation / counts.target))
  return {
    settings: {
      model: { encoder: lenetBn.id, side, channels },
      sourceStage: {
        epochs,
        batch: 32,
        learningRate: 0.001,
        optimiser: { kind: 'adam' },
        schedule: 'cosine',
        views: {},
      },
      adaptation: { method, epochs: rounds, batch: 64, learningRate: 0.0002, optimiser: { kind: 'adam' } },
    },
    reasons: [
      { code: largest === side ? 'side-kept' : 'side-small', params: { side, channels } },
      { code: 'method-images', params: { method: 'MCC', encoder: 'LeNet-BN' } },
      { code: 'source-epochs', params: { epochs, count: counts.source } },
      { code: 'rounds', params: { rounds, count: counts.target } },
    ],
  }
}

/** Longer vectors are taken for features of a network, shorter ones for columns of a table. */
const longestRow = 64

function recipeForVectors({ length }: DatasetSummary, counts: Counts): Recipe {
  const vectors = (length ?? 0) > longestRow ? 'l2' : 'z-score'
  const optimiser = { kind: 'sgd' as const, momentum: 0.9, nesterov: true, weightDecay: 0.001 }
  const [steps, rounds] = [100, 10]
  return {
    settings: {
      model: { encoder: mlp.id, length, vectors },
      sourceStage: { steps, batch: 32, learningRate: 0.03, labelSmoothing: 0.1, optimiser },
      adaptation: {
        method,
        epochs: rounds,
        steps: 30,
        batch: 32,
        learningRate: 0.03,
        schedule: 'inverse',
        optimiser,
        weightSchedules: { confusionWeight: 'logistic' },
      },
    },
    reasons: [
      { code: 'vectors-scaled', params: { length: length ?? 0, scaling: vectors } },
      { code: 'method-vectors', params: { method: 'MCC', encoder: 'MLP' } },
      { code: 'source-steps', params: { steps, count: counts.source } },
      { code: 'rounds', params: { rounds, count: counts.target } },
    ],
  }
}
