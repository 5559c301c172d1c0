/** All methods of the lab, in display order. */
import { closest } from 'fastest-levenshtein'
import { labError } from '../contract/errors'
import { adda } from './adda'
import { adversarialConsistency } from './adversarial-consistency'
import { afn } from './afn'
import { bnm } from './bnm'
import { cdan, cdanE } from './cdan'
import { dan } from './dan'
import { dann } from './dann'
import { deepCoral } from './deep-coral'
import { mcc } from './mcc'
import { mcd } from './mcd'
import { meanTeacher } from './mean-teacher'
import type { Method } from './method'
import { noSource } from './no-source'
import { shot } from './shot'
import { shotIm } from './shot-im'
import { sourceOnly } from './source-only'
import { targetSupervised } from './target-supervised'
import { teacherConsistency } from './teacher-consistency'

export const methods: readonly Method[] = [
  sourceOnly,
  adda,
  dann,
  cdan,
  cdanE,
  dan,
  deepCoral,
  mcd,
  mcc,
  bnm,
  afn,
  shotIm,
  shot,
  meanTeacher,
  adversarialConsistency,
  teacherConsistency,
  targetSupervised,
  noSource,
]

/** Throws `unknown-method`. */
export function methodNamed(id: string): Method {
  const method = methods.find(({ declaration }) => declaration.id === id)
  if (method !== undefined) return method
  const ids = methods.map(({ declaration }) => declaration.id)
  throw labError('unknown-method', { name: id, nearest: closest(id, ids) })
}
