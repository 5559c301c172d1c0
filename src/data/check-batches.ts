/**
 * Checks that every batch has at least two images if a network uses batch normalisation. The mean of a single image is
 * the image itself, so only the layer's bias would be left; PyTorch refuses this too.
 */
import { labError } from '../contract/errors'
import { isBatchNormalised, type Experiment } from '../contract/experiment'
import type { MethodDeclaration } from '../contract/method'

type Settings = Pick<Experiment, 'model' | 'sourceStage' | 'adaptation' | 'target'>
type Learning = Pick<MethodDeclaration, 'losses' | 'role' | 'discriminator' | 'sourceJudge'>
type Role = 'source' | 'target'

/** Whether a step of the method passes source images through an encoder in training mode. */
function showsSource({ role, discriminator, sourceJudge }: Learning): boolean {
  return discriminator || (sourceJudge === 'MT' && role !== 'reference')
}

/**
 * @param images the number of images in each domain
 * @throws `batch-of-one`, `shots-of-one`
 */
export function checkBatches(
  { model, sourceStage, adaptation, target }: Settings,
  method: Learning,
  images: Readonly<Record<Role, number>>,
): void {
  if (!isBatchNormalised(model)) return
  const { encoder } = model
  const refuse = (name: string, batch: number, domain: Role) => {
    throw labError('batch-of-one', { name, batch, domain, images: images[domain], encoder })
  }
  if (sourceStage.epochs > 0 && hasSingle(images.source, sourceStage))
    refuse('sourceStage.batch', sourceStage.batch, 'source')
  if (method.losses.length === 0 || adaptation.epochs === 0) return
  const { batch, shots } = adaptation
  const pairs = Math.ceil(Math.min(images.source, images.target) / batch)
  const imagesOf = (domain: Role) =>
    adaptation.steps === null ? Math.min(images[domain], pairs * batch) : images[domain]
  const shown: readonly Role[] = showsSource(method) ? ['source', 'target'] : ['target']
  for (const domain of shown)
    if (hasSingle(imagesOf(domain), adaptation)) refuse('adaptation.batch', batch, domain)
  if (shots * target.classes.length === 1) throw labError('shots-of-one', { encoder })
}

/** Whether a batch has a single image: the last batch of a pass, or each. With `steps`, all batches are alike. */
function hasSingle(
  images: number,
  { batch, steps }: Pick<Experiment['adaptation'], 'batch' | 'steps'>,
): boolean {
  return batch === 1 || (steps === null ? images % batch === 1 : images === 1)
}
