/**
 * A parameter is a setting with its own description. Its check, its form field, its line in the terminal's help and
 * its row in the docs are all derived from one declaration.
 */
import { z } from 'zod'

interface Described {
  /** Text in both languages; `meaning` is one sentence that explains the quantity. */
  readonly label: Wording
  readonly meaning: Wording
  /** Only for the weight of a loss term. */
  readonly weight?: TermWeight
}

/** How the weight of a loss term changes over the rounds; src/methods/term-weights.ts has the formulas. */
export const weightSchedules = ['constant', 'logistic', 'linear'] as const
export type WeightSchedule = (typeof weightSchedules)[number]

export interface TermWeight {
  /** Unless the experiment chooses another one. */
  readonly schedule: WeightSchedule
  /** The parameter that holds the gamma of `logistic`, which is 10 otherwise. */
  readonly gamma?: string
}

export interface Wording {
  readonly en: string
  readonly zh: string
}

export interface NumberParameter extends Described {
  readonly kind: 'number' | 'integer'
  readonly initial: number
  /** Inclusive bounds; a value outside them is refused as `out-of-range`. */
  readonly least: number
  readonly most: number
  /** The usual range, for the form's hint. */
  readonly usual?: readonly [number, number]
  readonly unit?: string
}

export interface ChoiceParameter extends Described {
  readonly kind: 'choice'
  readonly initial: string
  readonly choices: readonly string[]
}

export interface SwitchParameter extends Described {
  readonly kind: 'switch'
  readonly initial: boolean
}

export type Parameter = NumberParameter | ChoiceParameter | SwitchParameter
export type Parameters = Readonly<Record<string, Parameter>>
export type ParameterValue = number | string | boolean

/** The values of declared parameters: `{ rate: { kind: 'number', ... } }` becomes `{ rate: number }`. */
export type ValuesOf<P extends Parameters> = {
  readonly [K in keyof P]: P[K] extends NumberParameter
    ? number
    : P[K] extends ChoiceParameter
      ? P[K]['choices'][number]
      : boolean
}

/** The schema of one parameter; a missing value takes its initial one. */
export function schemaOf(parameter: Parameter): z.ZodType<ParameterValue, ParameterValue | undefined> {
  switch (parameter.kind) {
    case 'number':
      return z.number().min(parameter.least).max(parameter.most).default(parameter.initial)
    case 'integer':
      return z.int().min(parameter.least).max(parameter.most).default(parameter.initial)
    case 'choice':
      return z.enum(parameter.choices as [string, ...string[]]).default(parameter.initial)
    case 'switch':
      return z.boolean().default(parameter.initial)
  }
}

/** The strict schema of a set of parameters: an unknown key is refused. */
export function schemaOfAll(parameters: Parameters) {
  const shape = Object.fromEntries(Object.entries(parameters).map(([key, p]) => [key, schemaOf(p)]))
  return z.strictObject(shape)
}

/** The declared schedule of each weight among the parameters. */
export function declaredSchedules(parameters: Parameters): Record<string, WeightSchedule> {
  return Object.fromEntries(
    Object.entries(parameters).flatMap(([key, { weight }]) =>
      weight === undefined ? [] : [[key, weight.schedule]],
    ),
  )
}

/** The strict schema of the schedules chosen for weights; a weight that is left out keeps its declared schedule. */
export function schemaOfSchedules(parameters: Parameters) {
  const keys = Object.keys(declaredSchedules(parameters))
  return z.strictObject(Object.fromEntries(keys.map((key) => [key, z.enum(weightSchedules).optional()])))
}
