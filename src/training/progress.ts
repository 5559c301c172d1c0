/** The progress of a training, and what it has accumulated in the current round. */

import { z } from 'zod'

/** All state needed, in addition to the tensors, to resume exactly; plain JSON. */
export const progressSchema = z.strictObject({
  phase: z.enum(['source', 'adaptation']),
  /** Round 0 has no steps: it is the measurement before adaptation. */
  round: z.int().min(0),
  /** Steps done: in phase `source` over all its epochs, in phase `adaptation` in this round. */
  step: z.int().min(0),
  /** Sums of each loss over those steps. */
  lossSums: z.record(z.string(), z.number()),
  /** Images (source stage) or pairs (adaptation) processed in those steps. */
  seen: z.int().min(0),
  /** Seconds spent in those steps, without pauses and measuring. */
  seconds: z.number().min(0),
  /** D's verdicts on the first batch of this round, and how many of them are on source inputs. */
  verdicts: z.array(z.union([z.literal(0), z.literal(1)])).nullable(),
  verdictsOnSource: z.int().nullable(),
})
export type Progress = Readonly<z.infer<typeof progressSchema>>

/** At the beginning of a phase or round. */
export function beginning(phase: Progress['phase'], round: number): Progress {
  return {
    phase,
    round,
    step: 0,
    lossSums: {},
    seen: 0,
    seconds: 0,
    verdicts: null,
    verdictsOnSource: null,
  }
}

/** After one more step. */
export function advanced(
  before: Progress,
  losses: Readonly<Record<string, number>>,
  seen: number,
  seconds: number,
): Progress {
  const lossSums = Object.fromEntries(
    Object.entries(losses).map(([name, loss]) => [name, (before.lossSums[name] ?? 0) + loss]),
  )
  return {
    ...before,
    step: before.step + 1,
    lossSums,
    seen: before.seen + seen,
    seconds: before.seconds + seconds,
  }
}

export function meanLosses({ lossSums, step }: Progress): Record<string, number> {
  return Object.fromEntries(Object.entries(lossSums).map(([name, sum]) => [name, sum / step]))
}

/** Images or pairs per second; null before the first step. */
export function rate({ seen, seconds }: Progress): number | null {
  return seconds > 0 ? seen / seconds : null
}
