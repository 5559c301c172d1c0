/** The temperature that calibrates a predictor. */
import type { Calibration } from '../contract/prediction'
import type { AnalystOrder } from '../contract/worker'
import type { Reading } from '../data/reading'
import type { StoredPredictor } from './predictor'

const none: Calibration = { temperature: 1, on: null, count: 0, errorBefore: null, errorAfter: null }

/** Without a source that may be read, the temperature is 1. */
export function calibrationFor(
  _order: Pick<AnalystOrder<'predict'>, 'source' | 'datasets'>,
  _stored: StoredPredictor,
  _reading: Reading,
): Promise<Calibration> {
  return Promise.resolve(none)
}
