/**
 * Which encoder the source's images are judged and drawn through after a round: MS, which stays as the source stage
 * left it, or MT, where a method goes on to learn one encoder for both domains. With MT, the reading through MS is that
 * of before adaptation: round 0, when MT is still its copy.
 */
import { z } from 'zod'

export const sourceJudgeSchema = z.enum(['MS', 'MT'])
export type SourceJudge = z.infer<typeof sourceJudgeSchema>

/** The methods whose source was judged through MT before it was written down which encoder it was. */
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

/** @param method the id of the run's method, by which rounds of earlier versions are read */
export function sourceJudgeOf(
  { sourceJudge }: { readonly sourceJudge?: SourceJudge | undefined },
  method: string,
): SourceJudge {
  return sourceJudge ?? (unwrittenMT.has(method) ? 'MT' : 'MS')
}
