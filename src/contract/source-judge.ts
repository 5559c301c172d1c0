/**
 * The encoder with which the source's images are classified and drawn after a round: MS, which stays as the source
 * stage left it, or MT, if the method learns one encoder for both domains. With MT, the figures for MS are those from
 * before adaptation: round 0, when MT is still a copy of MS.
 */
import { z } from 'zod'

export const sourceJudgeSchema = z.enum(['MS', 'MT'])
export type SourceJudge = z.infer<typeof sourceJudgeSchema>

/** Methods that already used MT for the source before records contained the encoder. */
const unwrittenMT: ReadonlySet<string> = new Set([
  'dann',
  'cdan',
  'cdan-e',
  'dan',
  'deep-coral',
  'mcc',
  'mcd',
  'mean-teacher',
  'target-supervised',
])

/** @param method the id of the run's method, which decides for records of earlier versions */
export function sourceJudgeOf(
  { sourceJudge }: { readonly sourceJudge?: SourceJudge | undefined },
  method: string,
): SourceJudge {
  return sourceJudge ?? (unwrittenMT.has(method) ? 'MT' : 'MS')
}
