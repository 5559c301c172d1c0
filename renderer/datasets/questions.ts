/**
 * What the files leave open: each choice of the reading with the control that asks for it. A new choice needs its words
 * under `choice` in both languages, and a line here only if its control does not follow from its value.
 */
import { questions, type Choices } from '../../src/contract/reading'
import type { ErrorMessage } from '../../src/contract/errors'

export type Field = keyof Choices
export type Answer = Choices[Field]

/** `roles`: one select for each key of the choice; `folder`: a text field with the dialog that chooses a folder. */
export type Control = 'switch' | 'select' | 'text' | 'folder' | 'roles'

/** A choice that was asked for, with its possible answers; empty: any. */
export interface Question {
  readonly field: Field
  readonly options: readonly string[]
}

const controls: Readonly<Record<string, Control>> = { root: 'folder' }

/** @param answer the answer so far, or the default */
export function controlOf({ field, options }: Question, answer: unknown): Control {
  const own = controls[field]
  if (own !== undefined) return own
  if (typeof answer === 'boolean') return 'switch'
  if (typeof answer === 'object' && answer !== null) return 'roles'
  return options.length > 0 ? 'select' : 'text'
}

/** The question that an error asks; null if no choice would settle it. */
export function questionOf({ code, params }: ErrorMessage): Question | null {
  const field = questions[code]
  if (field === undefined) return null
  const { options } = params
  return { field, options: Array.isArray(options) ? (options as readonly string[]) : [] }
}
