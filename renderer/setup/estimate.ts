/** How long an experiment will take, from what runs on this machine took. */
import type { Experiment } from '../../src/contract/experiment'
import type { MethodDeclaration } from '../../src/contract/method'
import type { Speeds } from '../stores/preferences'

/**
 * Seconds from the first step to the last round; null while a speed that it needs is not known.
 * @param images how many each domain has
 */
export function secondsFor(
  { sourceStage, adaptation }: Experiment,
  { id, losses }: MethodDeclaration,
  images: { readonly source: number; readonly target: number },
  { imagesPerSecond, pairsPerSecond, measuredPerSecond }: Speeds,
): number | null {
  // What has no loss learns nothing beyond the source stage.
  const rounds = losses.length === 0 ? 0 : adaptation.epochs
  const pairRate = rounds === 0 ? Infinity : pairsPerSecond[id]
  if (imagesPerSecond === undefined || measuredPerSecond === undefined || pairRate === undefined) return null
  const learning = (images.source * sourceStage.epochs) / imagesPerSecond
  const adapting = (Math.min(images.source, images.target) * rounds) / pairRate
  const measuring = ((images.source + images.target) * (rounds + 1)) / measuredPerSecond
  return learning + adapting + measuring
}
