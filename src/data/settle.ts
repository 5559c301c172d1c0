/** Makes an experiment of a draft: lists the classes of its domains and pairs them. */
import { encodedLength } from '../contract/encoder-input'
import { classesWithSamples, pairedByName, unlabelledIn } from '../contract/classes'
import { kindForError, type DatasetSummary } from '../contract/dataset'
import { labError } from '../contract/errors'
import {
  type BackboneChoice,
  type BackboneDraft,
  experimentSchema,
  type Domain,
  type Experiment,
  type ExperimentDraft,
} from '../contract/experiment'
import { nearest } from '../contract/nearest'
import { requireLabels, requireSplit, summaryIn } from './check-domain'

type Role = 'source' | 'target'
type DraftDomain = ExperimentDraft['target']

/**
 * All classes of the split if none are listed. The target then has its images without a label too; the source has only
 * labelled images, because the classifier learns from them.
 */
function settleDomain(draft: DraftDomain, role: Role, summary: DatasetSummary): Domain {
  const { classes, ...rest } = draft
  if (classes !== 'all') return { ...rest, classes }
  requireLabels(draft, role, summary)
  requireSplit(draft, summary)
  const unlabelled = role === 'target' && unlabelledIn(draft, summary) > 0
  return { ...rest, classes: classesWithSamples(draft, summary), unlabelled }
}

/**
 * Each target class gets the source class of the same name; a target without labels gets none.
 * @throws `unequal-classes`, `classes-do-not-meet`
 */
function pairNames(source: readonly string[], target: readonly string[]): number[] {
  const pairing = pairedByName(source, target)
  const strange = target.filter((_, index) => (pairing[index] ?? -1) < 0)
  const [first] = strange
  if (first !== undefined)
    throw labError('classes-do-not-meet', {
      class: first,
      nearest: nearest(first, source),
      strange: strange.length,
    })
  if (target.length > 0 && source.length !== target.length)
    throw labError('unequal-classes', { source: source.length, target: target.length })
  return pairing
}

function settlePairing(
  pairing: ExperimentDraft['pairing'],
  source: readonly string[],
  target: readonly string[],
): number[] {
  if (pairing === 'positions') return target.map((_, index) => index)
  return pairing === 'names' ? pairNames(source, target) : pairing
}

/**
 * @param summaries those of `listDatasets`, and those of paths that the draft names
 * @throws `unknown-dataset`, `no-such-split`, `needs-labels`, `source-unlabelled`, `unlike-samples`, `unequal-classes`,
 * `classes-do-not-meet`, `backbone-without-weights`, `backbone-ambiguous`, `encoder-refuses-samples`
 */
export function settle(
  draft: ExperimentDraft,
  summaries: readonly DatasetSummary[],
  weightsOf: WeightsOf = () => [],
): Experiment {
  const of = { source: summaryIn(summaries, draft.source), target: summaryIn(summaries, draft.target) }
  const backbone = settledBackbone(draft.model.backbone, weightsOf)
  const model = { ...draft.model, backbone, length: encodedLength(backbone, lengthOfBoth(of)) }
  const source = settleDomain(draft.source, 'source', of.source)
  const target = settleDomain(draft.target, 'target', of.target)
  if (source.classes.length === 0) throw labError('source-unlabelled', { dataset: source.dataset })
  const pairing = settlePairing(draft.pairing, source.classes, target.classes)
  // Parsing puts the keys in the schema's order, by which equal experiments are recognised.
  return experimentSchema.parse({ ...draft, source, target, pairing, model })
}

/** The digests of the weights that there are of a backbone. */
export type WeightsOf = (network: string) => readonly string[]

/** Throws `backbone-without-weights`, and `backbone-ambiguous` if several have been imported. */
function settledBackbone(draft: BackboneDraft | null, weightsOf: WeightsOf): BackboneChoice | null {
  if (draft === null) return null
  const { network } = draft
  if (draft.weights !== undefined) return { network, weights: draft.weights }
  const [first, ...others] = weightsOf(network)
  if (first === undefined) throw labError('backbone-without-weights', { network })
  if (others.length > 0) throw labError('backbone-ambiguous', { network, digests: [first, ...others] })
  return { network, weights: first }
}

/** The length of the vectors of both domains; null for images. Throws `unlike-samples`. */
function lengthOfBoth({ source, target }: Readonly<Record<Role, DatasetSummary>>): number | null {
  if (source.kind === target.kind && source.length === target.length) return source.length
  throw labError('unlike-samples', {
    source: kindForError(source.length),
    target: kindForError(target.length),
  })
}
