/** What a method says of itself. The declarations are all that forms, help, docs and checks know of methods. */
import type { Parameters, Wording } from './parameter'

export interface MethodDeclaration {
  /** The field's acronym in small letters: `adda`. */
  readonly id: string
  readonly title: string
  readonly about: Wording
  readonly paper: { readonly citation: string; readonly section?: string } | null
  /** The names of the loss terms that a step reports, in the order they are drawn. */
  readonly losses: readonly string[]
  /** Whether a discriminator is trained, so whether verdicts exist. */
  readonly discriminator: boolean
  readonly parameters: Parameters
}
