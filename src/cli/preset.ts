/** Finds a preset by its name. */
import { labError } from '../contract/errors'
import type { Preset } from '../contract/experiment'
import { nearest } from '../contract/nearest'

export function presetNamed(presets: readonly Preset[], name: string): Preset {
  const found = presets.find(({ id }) => id === name)
  if (found !== undefined) return found
  const ids = presets.map(({ id }) => id)
  throw labError('unknown-preset', { name, nearest: nearest(name, ids) })
}
