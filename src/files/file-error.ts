/** What the system refuses, as an error of the lab that names the file which the user knows. */
import { fromErrorMessage, LabError, systemMessage, toErrorMessage } from '../contract/errors'

/** `problem` as the lab says it; `path` takes the place of a temporary name, or of none. */
export function fileError(problem: unknown, path: string): unknown {
  const message = systemMessage(problem, path)
  return message === null ? problem : fromErrorMessage(message)
}

/** The same error for something that the user knows by another path than the one under which it was made. */
export function knownAs(problem: unknown, made: string, known: string): unknown {
  if (!(problem instanceof LabError)) return problem
  const { code, params } = toErrorMessage(problem)
  const readable = Object.entries(params).map(([name, value]): [string, string | number] => [
    name,
    typeof value === 'string' ? value.split(made).join(known) : value,
  ])
  return fromErrorMessage({ code, params: Object.fromEntries(readable) })
}

/** Whether the system says that there is no such file or folder. */
export function isMissing(problem: unknown): boolean {
  return hasCode(problem, 'ENOENT') || hasCode(problem, 'ENOTDIR')
}

export function hasCode(problem: unknown, code: string): boolean {
  return problem instanceof Error && 'code' in problem && problem.code === code
}
