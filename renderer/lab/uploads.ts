/** Paths of uploads: the folder that holds an upload for a while says nothing to the user. */
import type { ErrorMessage, Value } from '../../src/contract/errors'
import { TRANSFERS } from '../../src/contract/host'

/** The folder in which an upload lies, with the separator at its end; empty for the path of anything else. */
function folderOf(path: string): string {
  return path.includes(TRANSFERS) ? path.replace(/[^\\/]*$/, '') : ''
}

/** A path as the user knows it: of an upload, the name alone. */
export function shownPath(path: string): string {
  return path.slice(folderOf(path).length)
}

/** An error about an upload, with the names that its files have on the user's machine. */
export function shownError({ code, params }: ErrorMessage, path: string): ErrorMessage {
  const folder = folderOf(path)
  if (folder === '') return { code, params }
  const shown = (text: string) => text.split(folder).join('')
  const told = Object.entries(params).map(([name, value]): [string, Value] => {
    if (typeof value === 'string') return [name, shown(value)]
    return [name, typeof value === 'number' ? value : value.map(shown)]
  })
  return { code, params: Object.fromEntries(told) }
}
