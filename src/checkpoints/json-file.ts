/** The small JSON files of a run's folder, checked as they are read. */
import { basename, dirname } from 'path'
import type { z } from 'zod'
import { labError } from '../contract/errors'
import { fileError, isMissing } from '../files/file-error'
import { readBounded } from '../files/read'
import { pathOfIssue } from '../contract/issue'

/** The largest that the lab writes is a view, of some hundred kilobytes. */
const maxBytes = 2 ** 25

/**
 * The content of `path`, null where there is no such file.
 * @throws `run-file-broken` where it is cut short or no JSON, `run-file-misfit` where it is not of this schema
 */
export async function readJson<T extends z.ZodType>(
  path: string,
  schema: T,
  folder = dirname(path),
): Promise<z.output<T> | null> {
  const which = { run: basename(folder), file: basename(path) }
  let value: unknown
  try {
    value = JSON.parse((await readBounded(path, maxBytes)).toString('utf8'))
  } catch (problem) {
    if (isMissing(problem)) return null
    throw problem instanceof SyntaxError ? labError('run-file-broken', which) : fileError(problem, path)
  }
  const checked = schema.safeParse(value)
  if (!checked.success) {
    // What is no object at all has no place in it that could be named.
    const setting = pathOfIssue(checked.error)
    throw setting === ''
      ? labError('run-file-broken', which)
      : labError('run-file-misfit', { ...which, setting })
  }
  return checked.data
}
