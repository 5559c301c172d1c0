/** The first thing that a schema finds wrong, as one line. */
import type { z } from 'zod'

/** Such as `experiment.seed: Invalid input`. */
export function describeIssue(error: z.ZodError): string {
  const [issue] = error.issues
  if (issue === undefined) return error.message
  return issue.path.length === 0 ? issue.message : `${issue.path.map(String).join('.')}: ${issue.message}`
}
