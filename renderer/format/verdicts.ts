/** D's verdicts of a round, packed as the stores keep them. */
import type { RoundEvent } from '../../src/contract/record'

/** One character an input: `0` called source, `1` called target. A list of numbers takes up to eight times the room. */
export type Verdicts = string

export function packVerdicts(verdicts: NonNullable<RoundEvent['verdicts']>): Verdicts {
  return verdicts.join('')
}

export interface StripRow {
  readonly round: number
  readonly verdicts: Verdicts
  /** How many of them, from the left, were on source inputs. */
  readonly onSource: number
}
