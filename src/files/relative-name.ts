/** Names of files below a folder, as another machine or another program gives them. */
import { labError } from '../contract/errors'

/** File names that are valid on every system: the browser may run on another system than the lab. */
const plainName = /^[^\\/:*?"<>|\0]{1,200}$/u
const maxDepth = 8

/** The parts of a name, each safe as a file name. Throws `upload-name-unusable`, `upload-too-deep`. */
export function partsOf(name: string): string[] {
  const parts = name.split('/')
  if (parts.length > maxDepth) throw labError('upload-too-deep', { file: name, max: maxDepth })
  const harmless = parts.every((part) => plainName.test(part) && part !== '.' && part !== '..')
  if (!harmless) throw labError('upload-name-unusable', { file: name })
  return parts
}
