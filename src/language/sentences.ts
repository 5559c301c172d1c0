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

/** The codes of `P`, parameters by code, whose sentence in the table `T` does not use exactly these parameters. */
export type Unfit<P, T extends Readonly<Record<keyof P, string>>> = {
  [C in keyof P]: [PlaceholdersOf<T[C]>, keyof P[C]] extends [keyof P[C], PlaceholdersOf<T[C]>] ? never : C
}[keyof P]

export type UnfitCodes<T extends ErrorSentences> = Unfit<{ [C in ErrorCode]: ParametersOf<C> }, T>
