/** The layers of the encoder and the classifier that an experiment selects, for samples that they take. */
import { requireSamplesFor } from '../contract/encoder'
import type { ModelOptions } from '../contract/experiment'
import { baseLayers, type BaseLayers } from '../networks/registry'

/** Throws `encoder-refuses-samples`. */
export function architecturesOf(model: Omit<ModelOptions, 'pixels'>, classes: number): BaseLayers {
  requireSamplesFor(model)
  return baseLayers(model, classes)
}
