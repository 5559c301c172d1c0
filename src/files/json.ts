/** Parses JSON that may be handwritten; errors contain the position of the mistake. */
import type { z } from 'zod'
import { labError } from '../contract/errors'
import { pathOfIssue } from '../contract/issue'

/** @throws `malformed-config` with line and column as shown by editors */
export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    const problem = error instanceof Error ? error.message : ''
    throw labError('malformed-config', { file, problem: 'not-json', place: placeOf(problem, text) })
  }
}

/** @throws `malformed-config`, also if the value does not fit the schema */
export function parseAs<T extends z.ZodType>(schema: T, text: string, file: string): z.output<T> {
  const parsed = schema.safeParse(parseJson(text, file))
  if (parsed.success) return parsed.data
  const place = pathOfIssue(parsed.error) || 'content'
  throw labError('malformed-config', { file, problem: 'misfit', place })
}

/** V8 reports an offset in characters; without one, the text ended too early. */
function placeOf(problem: string, text: string): string {
  const position = /position (\d+)/.exec(problem)?.[1]
  const before = text.slice(0, position === undefined ? text.length : Number(position)).split('\n')
  return `${before.length}:${(before[before.length - 1] ?? '').length + 1}`
}
