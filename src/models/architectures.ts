/** The encoders that an experiment can select, each with its classifier and its feature length. */
import { requireSamplesFor } from '../contract/encoder'
import type { ModelOptions } from '../contract/experiment'
import type { ImageSpec } from '../contract/sample'
import { classifier } from './classifier'
import { featureLength, lenet } from './encoder'
import { bottleneckLength, lenetBn } from './lenet-bn'
import { flattenedLength, lenetMlp, mlpClassifier } from './lenet-mlp'
import { mlp } from './mlp'
import type { Architecture } from './network'

export interface Architectures {
  readonly encoder: Architecture
  readonly classifier: Architecture
  readonly features: number
}

/** Throws `encoder-refuses-samples`. */
export function architecturesOf(model: Omit<ModelOptions, 'pixels'>, classes: number): Architectures {
  requireSamplesFor(model)
  const { encoder, side, channels, length, classifierActivation } = model
  const image: ImageSpec = { kind: 'image', side, channels }
  const linearOn = (features: number) => classifier(classes, classifierActivation, features)
  switch (encoder) {
    case 'lenet':
      return { encoder: lenet(image), classifier: linearOn(featureLength), features: featureLength }
    case 'lenet-bn':
      return { encoder: lenetBn(image), classifier: linearOn(bottleneckLength), features: bottleneckLength }
    case 'lenet-mlp': {
      const features = flattenedLength(side)
      return { encoder: lenetMlp(image), classifier: mlpClassifier(classes, features), features }
    }
    case 'mlp': {
      const features = lastOf(model.hidden)
      return { encoder: mlp(model, length ?? 0), classifier: linearOn(features), features }
    }
  }
}

function lastOf(numbers: readonly number[]): number {
  return numbers[numbers.length - 1] ?? 0
}
