/** The small JSON files of a run's folder, checked as they are read. */
import { basename, dirname } from 'path'
import type { z } from 'zod'
import { labError } from '../contract/errors'
import { fileError, isMissing } from '../files/file-error'
import { readBounded } from '../files/read'
import { describeIssue } from './issue'

/** The largest that the lab writes is a view, of some hundred kilobytes. */
const mostBytes = 2 ** 25

/**
 * The content of `path`, null where there is no such file.
 * @throws `run-damaged`, naming the run's folder and the file, where it is cut short or not of this schema
 */
export async function readJson<T extends z.ZodType>(
  path: string,
  schema: T,
  folder = dirname(path),
): Promise<z.output<T> | null> {
  const damaged = (problem: string) =>
    labError('run-damaged', { run: basename(folder), problem: `${basename(path)}: ${problem}` })
  let value: unknown
  try {
    value = JSON.parse((await readBounded(path, mostBytes)).toString('utf8'))
  } catch (problem) {
    if (isMissing(problem)) return null
    throw problem instanceof SyntaxError ? damaged('not JSON') : fileError(problem, path)
  }
  const checked = schema.safeParse(value)
  if (!checked.success) throw damaged(describeIssue(checked.error))
  return checked.data
}
