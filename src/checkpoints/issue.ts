/** The first thing that a schema finds wrong, as one line. */
import type { z } from 'zod'

const mostShown = 200

/** Such as `experiment.seed: Invalid input`. */
export function describeIssue(error: z.ZodError): string {
  const [issue] = error.issues
  if (issue === undefined) return error.message
  const name = issue.path.map(String).join('.')
  const text = name === '' ? issue.message : `${name}: ${issue.message}`
  // A name that nobody knows is quoted, however long it is.
  return text.length > mostShown ? `${text.slice(0, mostShown)}…` : text
}
