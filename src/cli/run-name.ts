/** Finds the id of a run given by its id or by its folder, which `run --json` prints and a shell completes. */
import { basename, sep } from 'path'

export function runNamed(text: string): string {
  return text.includes(sep) || text.includes('/') ? basename(text) : text
}
