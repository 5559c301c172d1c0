/** Files that were left out, by reason. */
import { type ErrorCode, LabError } from '../contract/errors'
import type { SkipReason } from '../contract/note'

export interface Skipped {
  readonly file: string
  readonly reason: SkipReason
}

/** Errors of a single image, which can be left out. */
const reasons: Partial<Record<ErrorCode, SkipReason>> = {
  'image-undecodable': 'undecodable',
  'image-kind-unread': 'kind-unread',
  'image-too-large': 'too-large',
  'image-beyond-memory': 'too-large',
}

export function isSkippable(error: unknown): error is LabError {
  return error instanceof LabError && reasons[(error as LabError).code] !== undefined
}

export function skippedFor(file: string, { code }: LabError): Skipped {
  return { file, reason: reasons[code] ?? 'undecodable' }
}
