/** Describes the first mistake that a schema has found. */
import type { z } from 'zod'
import { shortened } from './shortened'

const maxShown = 200

/** As one line, such as `experiment.seed: Invalid input`. */
export function describeIssue(error: z.ZodError): string {
  const [issue] = error.issues
  if (issue === undefined) return error.message
  const name = issue.path.map(String).join('.')
  const text = name === '' ? issue.message : `${name}: ${issue.message}`
  // An unknown key is quoted in full by zod, however long it is.
  return shortened(text, maxShown)
}

/** The path of the wrong value, such as `experiment.seed`; for an unknown key, the path of that key. */
export function pathOfIssue(error: z.ZodError): string {
  const [issue] = error.issues
  if (issue === undefined) return ''
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : issue.path
  return shortened(path.map(String).join('.'), maxShown)
}
