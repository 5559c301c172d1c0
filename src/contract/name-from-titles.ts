/** The name that a run gets from its datasets. */
import { maxNameLength } from './experiment'

/** `Amazon → Webcam`, from the titles of the two datasets. */
export function nameFromTitles(source: string, target: string): string {
  const half = Math.floor((maxNameLength - 3) / 2)
  const cut = (title: string) => (title.length <= half ? title : `${title.slice(0, half - 1)}…`)
  return `${cut(source)} → ${cut(target)}`
}
