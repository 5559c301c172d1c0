/** The experiments that are timed: the published one, and each method with the settings of its preset. */
import type { Experiment, ModelOptions } from '../contract/experiment'
import type { BenchRequest, BenchResult } from '../contract/worker'
import { shareOfByte } from '../data/dataset'
import type { DomainImages } from '../data/domain'
import { listPresets, readPreset } from '../data/presets'
import { stream } from '../data/random'

export type Request<Task extends BenchRequest['task']> = Extract<BenchRequest, { task: Task }>
export type Measured = Pick<BenchResult, 'figures'> & Partial<Pick<BenchResult, 'series' | 'obstacle'>>

export async function publishedExperiment(): Promise<Experiment> {
  return (await readPreset('published')).experiment
}

/** An experiment reduced to one epoch of one stage. A method without a preset gets the published settings. */
export async function stageExperiment({ stage, batch }: Request<'steps'>): Promise<Experiment> {
  const published = await publishedExperiment()
  if (stage === 'source')
    return {
      ...published,
      sourceStage: { ...published.sourceStage, epochs: 1, steps: null, batch },
      adaptation: { ...published.adaptation, epochs: 0 },
    }
  const { method } = stage
  // The images are random, so they have no features of a backbone.
  const own = (await listPresets()).find(
    ({ experiment }) => experiment.adaptation.method === method && experiment.model.backbone === null,
  )
  const { model, sourceStage, adaptation } = own?.experiment ?? {
    ...published,
    adaptation: { ...published.adaptation, method, parameters: {}, weightSchedules: {} },
  }
  return {
    ...published,
    model,
    sourceStage: { ...sourceStage, epochs: 0, batch },
    adaptation: { ...adaptation, epochs: 1, steps: null, batch },
  }
}

/** Random bytes: speed depends on the size of images, not on their content. */
export function randomImages(
  count: number,
  purpose: string,
  { side, channels }: Pick<ModelOptions, 'side' | 'channels'>,
): DomainImages {
  const random = stream(0, 'bench', purpose)
  return {
    pixels: {
      bytes: Uint8Array.from({ length: count * side * side * channels }, () => random.integer(256)),
      values: shareOfByte,
    },
    labels: Int32Array.from({ length: count }, () => random.integer(2)),
    indices: Int32Array.from({ length: count }, (_, index) => index),
    count,
    size: side,
    channels,
  }
}
