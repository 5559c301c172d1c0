/**
 * Checks the sentences at compile time: a table that lacks a code, and a sentence that omits a parameter of its code
 * or uses another, do not compile.
 */
import type { ErrorCode, ParametersOf } from '../contract/errors'

/** `'a {b} of {c}'` becomes `'b' | 'c'`. */
export type PlaceholdersOf<S extends string> = S extends `${string}{${infer Name}}${infer Rest}`
  ? (Name extends `'${string}'` ? never : Name) | PlaceholdersOf<Rest>
  : never

export type ErrorSentences = Readonly<Record<ErrorCode, string>>

/** The codes whose sentence in the table `T` does not use exactly the code's parameters. */
export type UnfitCodes<T extends ErrorSentences> = {
  [C in ErrorCode]: [PlaceholdersOf<T[C]>, keyof ParametersOf<C>] extends [
    keyof ParametersOf<C>,
    PlaceholdersOf<T[C]>,
  ]
    ? never
    : C
}[ErrorCode]
