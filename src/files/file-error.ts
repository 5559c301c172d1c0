/** What the system refuses, as an error of the lab that names the file which the user knows. */
import { fromErrorMessage, LabError, toErrorMessage } from '../contract/errors'

/** `problem` as the lab says it; `path` takes the place of a temporary name, or of none. */
export function fileError(problem: unknown, path: string): unknown {
  if (problem instanceof LabError) return problem
  const { code } = toErrorMessage(problem)
  const namesPath = code === 'no-permission' || code === 'disk-full'
  if (namesPath || code === 'not-a-folder' || code === 'not-a-file')
    return fromErrorMessage({ code, params: { path } })
  if (code === 'file-not-found') return fromErrorMessage({ code, params: { file: path } })
  return problem
}

/** Whether the system says that there is no such file or folder. */
export function isMissing(problem: unknown): boolean {
  return hasCode(problem, 'ENOENT') || hasCode(problem, 'ENOTDIR')
}

export function hasCode(problem: unknown, code: string): boolean {
  return problem instanceof Error && 'code' in problem && problem.code === code
}
