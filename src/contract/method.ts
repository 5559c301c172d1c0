/** The declaration of a method. Forms, help, docs and checks depend on declarations only. */
import type { AddedNetwork } from '../networks/added'
import type { Experiment } from './experiment'
import type { Parameters, ParameterValue, Wording } from './parameter'
import type { Reference } from './reference'
import type { SourceJudge } from './source-judge'

/**
 * `adaptation`: learns from source labels only, unless labelled target images are given. `reference`: learns from
 * target labels, as an upper bound for adaptation; never compared as an adaptation method. `control`: learns without
 * the source, to show which results do not need it.
 */
export type MethodRole = 'adaptation' | 'reference' | 'control'

/** Settings under which a method has been shown to work. They are offered, and applied only on request. */
export interface Suggestion {
  /** The source of these settings. */
  readonly from: Wording
  /** The encoder used with these settings, if it is not that of the first experiment. */
  readonly encoder?: Experiment['model']['encoder']
  readonly adaptation: Pick<Experiment['adaptation'], 'learningRate' | 'batch' | 'optimiser' | 'schedule'>
  /** Parameters of the method that differ from their initial values. */
  readonly parameters?: Readonly<Record<string, ParameterValue>>
}

export interface MethodDeclaration {
  /** The usual acronym in lower case: `adda`. */
  readonly id: string
  readonly title: string
  readonly role: MethodRole
  readonly about: Wording
  /** References, the method's own paper first; empty if there is no paper. */
  readonly references: readonly Reference[]
  /** The names of the loss terms that a step reports, in the order of the plot. */
  readonly losses: readonly string[]
  /** The names under which they are shown, of those that the page does not name itself. */
  readonly lossNames?: Readonly<Record<string, Wording>>
  /**
   * The networks that it may add to MS, C and MT; ids are their names in checkpoints. Target images are encoded by MT
   * (`target_encoder`) and classified by `target_classifier`. If a checkpoint lacks one of them, MS or C takes its place.
   */
  readonly networks: readonly AddedNetwork[]
  /** The encoder with which the source is classified and drawn: MS, frozen, or MT if it is shared by both domains. */
  readonly sourceJudge: SourceJudge
  /**
   * Which samples the running statistics of the networks that classify the target come from, with
   * `adaptation.statistics` at `method`. `mixture`: both domains pass in turn, and each pass moves them a little.
   */
  readonly statistics: 'source' | 'target' | 'mixture'
  /** Whether a discriminator is trained, and so whether there are verdicts. */
  readonly discriminator: boolean
  /** Its losses use random views of the target, so it cannot run on samples without views (vectors). */
  readonly needsViews?: true
  /** Its losses are meaningless with fewer classes. */
  readonly minClasses: 1 | 2
  readonly parameters: Parameters
  /** Absent if no settings are known to work. */
  readonly suggested?: Suggestion
}

/**
 * The suggested settings one by one, by dotted name, in an order in which they can be applied; empty if there is no
 * suggestion.
 */
export function suggestedSettings({ suggested }: MethodDeclaration): [name: string, value: ParameterValue][] {
  if (suggested === undefined) return []
  const { optimiser, ...rest } = suggested.adaptation
  const named = (group: string, values: Readonly<Record<string, ParameterValue>>) =>
    Object.entries(values).map(([key, value]): [string, ParameterValue] => [`${group}.${key}`, value])
  return [
    ...named('model', suggested.encoder === undefined ? {} : { encoder: suggested.encoder }),
    ...named('adaptation', rest),
    ...named('adaptation.optimiser', optimiser),
    ...named('adaptation.parameters', suggested.parameters ?? {}),
  ]
}
