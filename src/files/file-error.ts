/** Converts errors of the file system into errors of the lab with the path that the user knows. */
import { fromErrorMessage, LabError, systemMessage, toErrorMessage, type Value } from '../contract/errors'

/** `problem` as an error of the lab, if there is one for it; `path` replaces a temporary or missing path. */
export function fileError(problem: unknown, path: string): unknown {
  const message = systemMessage(problem, path)
  return message === null ? problem : fromErrorMessage(message)
}

/** The same error with the path `made` replaced by `known`, the one that the user knows. */
export function knownAs(problem: unknown, made: string, known: string): unknown {
  if (!(problem instanceof LabError)) return problem
  const { code, params } = toErrorMessage(problem)
  const inText = (text: string) => text.split(made).join(known)
  const readable = Object.entries(params).map(([name, value]): [string, Value] => {
    if (typeof value === 'string') return [name, inText(value)]
    return [name, typeof value === 'number' ? value : value.map(inText)]
  })
  return fromErrorMessage({ code, params: Object.fromEntries(readable) })
}

/** Whether the file or folder does not exist. */
export function isMissing(problem: unknown): boolean {
  return hasCode(problem, 'ENOENT') || hasCode(problem, 'ENOTDIR')
}

export function hasCode(problem: unknown, code: string): boolean {
  return problem instanceof Error && 'code' in problem && problem.code === code
}
