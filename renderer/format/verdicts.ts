/** D's verdicts for a round, in the packed form that the stores keep. */
import type { RoundEvent } from '../../src/contract/record'

/**
 * One character per input: `0` called source, `1` called target. A list of numbers takes up to eight times the memory.
 */
export type Verdicts = string

export function packVerdicts(verdicts: NonNullable<RoundEvent['verdicts']>): Verdicts {
  return verdicts.join('')
}

export interface StripRow {
  readonly round: number
  readonly verdicts: Verdicts
  /** Number of verdicts, from the left, that were on source inputs. */
  readonly onSource: number
}
