/** The networks of a checkpoint that classify the target, with all that an export says about them. */
import type { NamedTensor } from '../checkpoints/safetensors'
import { labError } from '../contract/errors'
import type { Domain, ModelOptions } from '../contract/experiment'
import type { AnalystOrder } from '../contract/worker'
import { columnStatisticsOf, type DatasetSource } from '../data/domain'
import type { ColumnStatistics } from '../data/normalise'
import type { Reading } from '../data/reading'
import type { Predictor } from '../methods/method'
import { predictorOf } from '../training/networks'
import { calibrationOf } from './calibrate'
import { createdOrFreed } from './created-or-freed'
import { decodeImage } from './decode-image'
import { readNetworks } from './evaluate-checkpoint'
import { loadTensorFlow } from './native'
import type { Prepared } from './preparation'
import { disposePredictors, sourcePredictorOf } from './source-predictor'

export interface OpenedPredictor extends Prepared {
  readonly predictor: Predictor
  /** All tensors of the checkpoint, in memory layout. */
  readonly tensors: readonly NamedTensor[]
  /** Null: before adaptation, or in a file that does not say it. */
  readonly round: number | null
  dispose(): void
}

type Order = AnalystOrder<'exportCheckpoint'>

/** @throws `statistics-unreadable` for PyTorch, and what reading the checkpoint throws */
export async function openPredictor(
  { checkpoint, format, pixels, source, target, datasets, threads }: Order,
  reading: Reading,
): Promise<OpenedPredictor> {
  const networks = await readNetworks(checkpoint, pixels ?? 'unit')
  const { tensors, model, classes, experiment, round } = networks
  requireExportable(model, format)
  reading(null)
  await loadTensorFlow(threads)
  const where = { datasets, decode: decodeImage, reading }
  const needsStatistics = model.length !== null && model.vectors === 'z-score'
  const statistics = needsStatistics ? await readable(target, where) : null
  if (needsStatistics && statistics === null && format === 'pytorch')
    throw labError('statistics-unreadable', {
      file: checkpoint,
      dataset: experiment?.target.dataset ?? '',
    })
  const { predictor, sourcePredictor } = createdOrFreed(() => {
    const created = predictorOf(tensors, 'target', model, classes, checkpoint)
    return { predictor: created, sourcePredictor: sourcePredictorOf(created, networks, checkpoint) }
  })
  const dispose = () => disposePredictors(predictor, sourcePredictor)
  try {
    return {
      ...{ predictor, tensors, model, classes, experiment, round, statistics, dispose },
      pixels: experiment?.model.pixels ?? pixels,
      calibration: await calibrationOf(sourcePredictor, source, model, where),
    }
  } catch (error) {
    dispose()
    throw error
  }
}

/** A model of the bottleneck alone would look whole and take what no image is. Throws `backbone-not-exported`. */
export function requireExportable({ backbone }: Pick<ModelOptions, 'backbone'>, format: string): void {
  if (backbone !== null) throw labError('backbone-not-exported', { network: backbone.network, format })
}

/** Null if the dataset must not be opened, is missing or has changed. */
async function readable(domain: Domain | null, where: DatasetSource): Promise<ColumnStatistics | null> {
  return domain && (await columnStatisticsOf(domain, where).catch(() => null))
}
