/** Reads the small JSON files of a run's folder and validates them. */
import { basename, dirname } from 'path'
import type { z } from 'zod'
import { newerSchema, recordSchema } from '../contract/earlier'
import { labError } from '../contract/errors'
import { fileError, isMissing } from '../files/file-error'
import { readBounded } from '../files/read'
import { pathOfIssue } from '../contract/issue'

interface Reading {
  /** The run's folder, named in errors. */
  readonly folder?: string
  /** Turns the content of an earlier version into that of this one. */
  readonly upgrade?: (value: unknown) => unknown
}

/** The largest file that the lab writes is a view, a few hundred kilobytes. */
const maxBytes = 2 ** 25

/**
 * The content of `path`; null if the file does not exist.
 * @throws `run-file-broken` if it is truncated or not JSON, `run-file-newer` if a newer version wrote it,
 * `run-file-misfit` if it does not match the schema
 */
export async function readJson<T extends z.ZodType>(
  path: string,
  schema: T,
  { folder = dirname(path), upgrade = (value) => value }: Reading = {},
): Promise<z.output<T> | null> {
  const which = { run: basename(folder), file: basename(path) }
  let value: unknown
  try {
    value = JSON.parse((await readBounded(path, maxBytes)).toString('utf8'))
  } catch (problem) {
    if (isMissing(problem)) return null
    throw problem instanceof SyntaxError ? labError('run-file-broken', which) : fileError(problem, path)
  }
  const found = newerSchema(value)
  if (found !== null) throw labError('run-file-newer', { ...which, found, supported: recordSchema })
  const checked = schema.safeParse(upgrade(value))
  if (!checked.success) {
    // An empty path means that the whole content is not an object, so there is no field to name.
    const setting = pathOfIssue(checked.error)
    throw setting === ''
      ? labError('run-file-broken', which)
      : labError('run-file-misfit', { ...which, setting })
  }
  return checked.data
}
