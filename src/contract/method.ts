/** What a method says of itself. The declarations are all that forms, help, docs and checks know of methods. */
import type { Experiment } from './experiment'
import type { Parameters, ParameterValue, Wording } from './parameter'
import type { Reference } from './reference'
import type { SourceJudge } from './source-judge'

/**
 * The networks that methods add to MS, C and MT, as checkpoints call them. The one named `target_...` is what the
 * target's images are judged by, where it is there: MT or else MS, and `target_classifier` or else C.
 */
export const addedNetworks = [
  'discriminator',
  'conditional_discriminator',
  'target_classifier',
  'second_classifier',
  'student_encoder',
  'student_classifier',
  'teacher_encoder',
] as const
export type AddedNetwork = (typeof addedNetworks)[number]

/**
 * `adaptation`: learns from labels of the source alone, unless labelled target images are given.
 * `reference`: learns from the target's labels, to say what adaptation could at best be near; never compared as a
 * method of adaptation. `control`: learns without the source, to say what needs none.
 */
export type MethodRole = 'adaptation' | 'reference' | 'control'

/** Settings under which a method has been seen to work. They are offered, and never taken unasked. */
export interface Suggestion {
  /** Where they come from. */
  readonly from: Wording
  /** The encoder it has been seen to work with, where that is not the first experiment's. */
  readonly encoder?: Experiment['model']['encoder']
  readonly adaptation: Pick<Experiment['adaptation'], 'learningRate' | 'batch' | 'optimiser' | 'schedule'>
  /** Values of the method's own parameters that differ from their initial ones. */
  readonly parameters?: Readonly<Record<string, ParameterValue>>
}

export interface MethodDeclaration {
  /** The field's acronym in small letters: `adda`. */
  readonly id: string
  readonly title: string
  readonly role: MethodRole
  readonly about: Wording
  /** What it follows, the first being the method's own paper; none for what has no paper. */
  readonly references: readonly Reference[]
  /** The names of the loss terms that a step reports, in the order they are drawn. */
  readonly losses: readonly string[]
  /** The networks that it may add, beyond MS, C and MT. */
  readonly networks: readonly AddedNetwork[]
  /** What the source is judged and drawn through: MS, frozen, or MT where it becomes one encoder for both domains. */
  readonly sourceJudge: SourceJudge
  /** Whether a discriminator is trained, so whether verdicts exist. */
  readonly discriminator: boolean
  /** With fewer classes than these its losses say nothing. */
  readonly minClasses: 1 | 2
  readonly parameters: Parameters
  /** Absent where none are known that could be vouched for. */
  readonly suggested?: Suggestion
}

/** The same one by one, by dotted name, in an order in which they can be applied; none where there is no suggestion. */
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
