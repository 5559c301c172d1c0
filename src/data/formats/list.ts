/** The formats as they are shown: what they are called, what they hold, how their files usually end. */
import type { FormatSummary } from '../../contract/format'
import { formats } from './registry'

export function listFormats(): FormatSummary[] {
  return formats.map(({ id, title, help, endings }) => ({ id, title, help, endings: [...endings] }))
}
