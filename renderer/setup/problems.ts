/** What is wrong with a value while it is typed: path of the field -> which rule it breaks. All bounds are inclusive. */
import type { z } from 'zod'

export type FieldProblem =
  | { readonly rule: 'least' | 'most'; readonly bound: number }
  | { readonly rule: 'number' | 'whole' | 'needed' | 'invalid' }

function problemOf(issue: z.core.$ZodIssue): FieldProblem {
  switch (issue.code) {
    case 'too_small':
      if (issue.origin === 'string' || issue.origin === 'array') return { rule: 'needed' }
      return { rule: 'least', bound: Number(issue.minimum) }
    case 'too_big':
      return { rule: 'most', bound: Number(issue.maximum) }
    case 'invalid_type':
      return { rule: issue.expected === 'int' ? 'whole' : issue.expected === 'number' ? 'number' : 'invalid' }
    default:
      return { rule: 'invalid' }
  }
}

/** One problem a field: the first. Paths are dotted and begin with `prefix`. */
export function problemsOf(schema: z.ZodType, value: unknown, prefix: string): Map<string, FieldProblem> {
  const checked = schema.safeParse(value)
  const found = new Map<string, FieldProblem>()
  if (checked.success) return found
  for (const issue of checked.error.issues) {
    const path = prefix + issue.path.join('.')
    if (!found.has(path)) found.set(path, problemOf(issue))
  }
  return found
}
