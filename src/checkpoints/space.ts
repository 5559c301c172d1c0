/** Estimates the disk space that a run takes, and compares it with the free space. */
import { labError } from '../contract/errors'
import type { Experiment, Optimiser } from '../contract/experiment'
import type { MethodDeclaration } from '../contract/method'
import { freeBytes, inWords } from '../files/free-space'
import { networkBytes, type DeclaredNetwork } from './shapes'

/** Upper estimate for one round: metrics, record, header, and the points of its view. */
const bytesBesideTensors = 200_000

/**
 * Upper bound of the disk space of a run, in bytes: the rounds kept by its policy, one more while the next is being
 * written, the state of a pause, and the same size for each attempt that may be abandoned.
 */
export function estimateBytes(
  { model, source, adaptation, retention, restarts }: Experiment,
  { networks }: Pick<MethodDeclaration, 'networks'>,
): number {
  const bytes = (network: DeclaredNetwork) => networkBytes(network, model, source.classes.length)
  const stage = bytes('source_encoder') + bytes('classifier')
  const learning = networks.reduce((sum, network) => sum + bytes(network), bytes('target_encoder'))
  const round = stage + learning
  const pause = round + valuesRemembered(adaptation.optimiser) * learning
  const kept = {
    every: adaptation.epochs,
    'every-nth': Math.floor(adaptation.epochs / retention.nth) + 1,
    'best-and-last': 2,
  }[retention.keep]
  const rounds = Math.min(kept + 1, adaptation.epochs)
  const attempts = (restarts?.most ?? 0) * pause
  const atSourceStage = adaptation.statistics === 'method' ? stage : round
  return atSourceStage + rounds * round + attempts + pause + (adaptation.epochs + 1) * bytesBesideTensors
}

/** Number of values that an optimiser keeps for each weight. */
function valuesRemembered(optimiser: Optimiser): number {
  if (optimiser.kind === 'adam') return 2
  return optimiser.momentum > 0 ? 1 : 0
}

/** @throws `not-enough-space` with both figures; passes if the system does not report the free space */
export async function checkSpace(folder: string, needed: number): Promise<void> {
  const free = await freeBytes(folder)
  if (free !== null && free < needed) {
    throw labError('not-enough-space', { needed: inWords(needed), free: inWords(free), path: folder })
  }
}
