/** The encoders that an experiment can select, each with its classifier and its feature length. */
import type { ModelOptions } from '../contract/experiment'
import { classifier } from './classifier'
import { featureLength, lenet } from './encoder'
import { bottleneckLength, lenetBn } from './lenet-bn'
import { flattenedLength, lenetMlp, mlpClassifier } from './lenet-mlp'
import type { Architecture } from './network'

export interface Architectures {
  readonly encoder: Architecture
  readonly classifier: Architecture
  readonly features: number
}

export function architecturesOf(
  { encoder, channels, classifierActivation }: Omit<ModelOptions, 'pixels'>,
  classes: number,
): Architectures {
  const linearOn = (features: number) => classifier(classes, classifierActivation, features)
  switch (encoder) {
    case 'lenet':
      return { encoder: lenet(channels), classifier: linearOn(featureLength), features: featureLength }
    case 'lenet-bn':
      return {
        encoder: lenetBn(channels),
        classifier: linearOn(bottleneckLength),
        features: bottleneckLength,
      }
    case 'lenet-mlp':
      return { encoder: lenetMlp(channels), classifier: mlpClassifier(classes), features: flattenedLength }
  }
}
