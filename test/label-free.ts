/** Label-free scores as a run may have them. */
import type { LabelFree } from '../src/contract/record'

export const labelFree: LabelFree = {
  entropy: 0.1,
  diversity: 0.6,
  mutualInformation: 0.5,
  agreement: 0.9,
  discriminatorConfusion: null,
  sourceKept: 1,
  density: 5,
}
