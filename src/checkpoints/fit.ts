/** Checks whether the networks in a checkpoint fit an experiment that continues from it. */
import type { Experiment } from '../contract/experiment'
import type { MethodDeclaration } from '../contract/method'
import { checkTensors } from './checkpoint'
import type { NamedTensor } from './safetensors'
import { holdsNetwork } from './recognise'
import { idOf, shapesOf, type DeclaredNetwork } from './shapes'

/**
 * MS and C are required. A network that the method adds is initialised if it is missing; if it is present, it must
 * fit.
 * @throws `checkpoint-missing-tensor`, `checkpoint-wrong-shape`
 */
export function requireFit(
  tensors: readonly NamedTensor[],
  { model, source }: Pick<Experiment, 'model' | 'source'>,
  { networks }: Pick<MethodDeclaration, 'networks'>,
  file: string,
): void {
  const adapted: readonly DeclaredNetwork[] = ['target_encoder', ...networks]
  const there = adapted.filter((network) => holdsNetwork(tensors, idOf(network)))
  for (const network of ['source_encoder', 'classifier', ...there] as const)
    checkTensors(tensors, shapesOf(network, model, source.classes.length), file)
}
