/** The columns of a prediction, decoded once. */
import type { Predictions } from '../../src/contract/prediction'
import { bytesOf, floatsOf } from './base64'

export interface Predicted extends Omit<Predictions, 'predictions' | 'probabilities'> {
  /** `[count]`: the position of the predicted class in `classes`. */
  readonly predictions: Uint16Array
  /** `[count]` */
  readonly probabilities: Float32Array
}

export function predictedOf({ predictions, probabilities, ...facts }: Predictions): Predicted {
  return {
    ...facts,
    predictions: new Uint16Array(bytesOf(predictions).buffer),
    probabilities: floatsOf(probabilities),
  }
}
