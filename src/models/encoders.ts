/** The encoders that an experiment may name, and how long their feature vectors are. */
import type { ModelOptions } from '../contract/experiment'
import { featureLength, lenet } from './encoder'
import { bottleneckLength, lenetBn } from './lenet-bn'
import type { Architecture } from './network'

export interface Encoder {
  readonly architecture: Architecture
  readonly features: number
}

export function encoderOf({ encoder, channels }: Pick<ModelOptions, 'encoder' | 'channels'>): Encoder {
  switch (encoder) {
    case 'lenet':
      return { architecture: lenet(channels), features: featureLength }
    case 'lenet-bn':
      return { architecture: lenetBn(channels), features: bottleneckLength }
  }
}
