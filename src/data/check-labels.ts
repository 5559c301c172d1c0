/** Checks the target images that an experiment gives with their labels, without reading any of them. */
import { labError } from '../contract/errors'
import { isBatchNormalised, type Experiment } from '../contract/experiment'
import type { MethodDeclaration } from '../contract/method'
import { nearest } from '../contract/nearest'
import { shortened } from '../contract/shortened'
import { maxShown } from './file'
import { firstNames } from './label-file'

type Settings = Pick<Experiment, 'source' | 'model' | 'adaptation'>

/**
 * @param images the number of images in the target
 * @throws `labels-and-shots`, `labels-not-learned`, `label-sample-twice`, `label-class-unknown`, `labels-leave-none`,
 * `labels-of-one`
 */
export function checkLabels(
  { source, model, adaptation: { labels, shots } }: Settings,
  { id, losses }: Pick<MethodDeclaration, 'id' | 'losses'>,
  images: number,
): void {
  if (labels.length === 0) return
  if (shots > 0) throw labError('labels-and-shots', { shots, labels: labels.length })
  if (losses.length === 0) throw labError('labels-not-learned', { method: id })
  requireOnce(labels.map(({ sample }) => sample))
  for (const label of labels) requireClass(label.class, source.classes)
  if (labels.length >= images) throw labError('labels-leave-none', { labels: labels.length, images })
  if (labels.length === 1 && isBatchNormalised(model))
    throw labError('labels-of-one', { encoder: model.encoder })
}

function requireOnce(samples: readonly number[]): void {
  const seen = new Set<number>()
  for (const sample of samples) {
    if (seen.has(sample)) throw labError('label-sample-twice', { sample })
    seen.add(sample)
  }
}

function requireClass(name: string, classes: readonly string[]): void {
  if (classes.includes(name)) return
  throw labError('label-class-unknown', {
    class: shortened(name, maxShown),
    known: shortened(classes.join(', '), maxShown),
    nearest: nearest(name, classes),
  })
}

/** Throws `labels-outside-target` if there are samples outside of the target. */
export function refuseOutside(samples: readonly number[]): void {
  if (samples.length === 0) return
  throw labError('labels-outside-target', {
    count: samples.length,
    samples: firstNames(samples.map(String)),
  })
}
