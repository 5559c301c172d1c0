/** Every method of the lab, in the order in which people are shown them. */
import { closest } from 'fastest-levenshtein'
import { labError } from '../contract/errors'
import { adda } from './adda'
import { adversarialConsistency } from './adversarial-consistency'
import type { Method } from './method'
import { sourceOnly } from './source-only'

export const methods: readonly Method[] = [sourceOnly, adda, adversarialConsistency]

/** Throws `unknown-method`. */
export function methodNamed(id: string): Method {
  const method = methods.find(({ declaration }) => declaration.id === id)
  if (method !== undefined) return method
  const ids = methods.map(({ declaration }) => declaration.id)
  throw labError('unknown-method', { name: id, nearest: closest(id, ids) })
}
