/** The calibration of the predictors that were used last, for questions that are asked again and again. */
import { promises as fs } from 'fs'
import type { Calibration } from '../contract/prediction'
import type { AnalystOrder } from '../contract/worker'
import { mostForQuestion } from '../data/memory'
import type { Reading } from '../data/reading'
import { calibrationOf } from './calibrate'
import { decodeImage } from './decode-image'
import type { StoredPredictor } from './predictor'

type Order = Pick<AnalystOrder<'inspect'>, 'checkpoint' | 'encoder' | 'source' | 'datasets'>

/** Changes with the file and with everything that features and calibration of the source depend on. */
export async function keyOfPredictor({ checkpoint, encoder, source, datasets }: Order): Promise<string> {
  const { mtimeMs } = await fs.stat(checkpoint)
  return JSON.stringify([checkpoint, mtimeMs, encoder, source, datasets])
}

const mostKept = 20

let kept: readonly { readonly key: string; readonly calibration: Calibration }[] = []

/** Throws what `calibrationOf` throws. */
export async function calibrationFor(
  order: Order,
  { sourcePredictor, model }: StoredPredictor,
  reading: Reading,
): Promise<Calibration> {
  const key = await keyOfPredictor(order)
  const found = kept.find((one) => one.key === key)
  if (found !== undefined) return found.calibration
  const where = { datasets: order.datasets, decode: decodeImage, reading, most: mostForQuestion }
  const calibration = await calibrationOf(sourcePredictor, order.source, model, where)
  reading(null)
  kept = [{ key, calibration }, ...kept].slice(0, mostKept)
  return calibration
}
