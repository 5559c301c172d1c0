/** Times reading and writing: images, checkpoints, and a whole run. */
import { recordSchema } from '../contract/earlier'
import { join } from 'path'
import { performance } from 'perf_hooks'
import { median, sum } from 'simple-statistics'
import { readCheckpoint, writeCheckpoint } from '../checkpoints/checkpoint'
import { fromTorch, toTorch } from '../checkpoints/layout'
import { createRun } from '../checkpoints/runs'
import { makeTemporaryFolder } from '../checkpoints/temporary-folder'
import { loadDomains } from '../data/experiment-samples'
import { networksOf } from '../checkpoints/shapes'
import { declaredNetworks } from '../methods/networks'
import { restore, valuesOf } from '../models/network'
import { createNetworks } from '../training/networks'
import { samplesIn } from '../training/samples'
import { publishedExperiment, type Measured, type Request } from './bench-experiments'
import { createControl } from './control'
import type { NativeTensorFlow } from './native'
import { trainRun } from './train-run'

const temporaryFolder = () => makeTemporaryFolder('dalab-bench-')

/** Loads all images of the published experiment; ends when the first source batch is a tensor. */
export async function timeFirstBatch(): Promise<Measured> {
  const experiment = await publishedExperiment()
  const began = performance.now()
  const { source } = await loadDomains(experiment, { datasets: '' })
  const first = Int32Array.from({ length: experiment.sourceStage.batch }, (_, index) => index)
  samplesIn(source).rows(first).dataSync()
  return { figures: { milliseconds: performance.now() - began } }
}

/** The speed of a disk varies, so the median of several passes is taken. */
const passes = 5

/** Saves and loads all networks of the published experiment; medians over the passes after the first. */
export async function timeCheckpoint({ machinery }: NativeTensorFlow): Promise<Measured> {
  const folder = await temporaryFolder()
  const path = join(folder.path, 'round.safetensors')
  const experiment = await publishedExperiment()
  const { ofSource, ofAdaptation } = createNetworks(experiment)
  const networks = networksOf(experiment.model, experiment.source.classes.length, declaredNetworks)
  const variables = [...ofSource, ...ofAdaptation].flatMap((network) => network.variables)
  const created = new Date().toISOString()
  const facts = {
    schema: recordSchema,
    run: 'bench',
    round: 1,
    experiment,
    machinery,
    measures: null,
    created,
  } as const
  const saves: number[] = []
  const loads: number[] = []
  for (let pass = 0; pass <= passes; pass++) {
    const began = performance.now()
    await writeCheckpoint(path, facts, toTorch(valuesOf(variables), networks))
    const written = performance.now()
    restore(
      variables,
      fromTorch((await readCheckpoint(path, declaredNetworks)).tensors, networks, path),
      path,
    )
    saves.push(written - began)
    loads.push(performance.now() - written)
  }
  await folder.remove()
  return { figures: { save: median(saves.slice(1)), load: median(loads.slice(1)) } }
}

/** Trains like the trainer, from reading the images to the last checkpoint. */
export async function timePublishedRun(
  { rounds, threads }: Request<'run'>,
  native: NativeTensorFlow,
): Promise<Measured> {
  const { machinery, tf } = native
  const temporary = await temporaryFolder()
  const published = await publishedExperiment()
  const experiment = { ...published, adaptation: { ...published.adaptation, epochs: rounds } }
  const run = { experiment, machinery, parent: null, state: 'running' } as const
  const { record, folder, release } = await createRun(temporary.path, run)
  const series: Record<'training' | 'whole' | 'tensors' | 'memory', number[]> = {
    training: [],
    whole: [],
    tensors: [],
    memory: [],
  }
  const began = performance.now()
  let before = 0
  await trainRun(
    {
      type: 'train',
      run: record.id,
      folder,
      datasets: '',
      from: 'fresh',
      experiment,
      threads,
      lockedBy: null,
    },
    native,
    createControl(),
    {
      progress: () => undefined,
      recorded(event) {
        if (event.type !== 'round') return
        const now = performance.now()
        if (event.round > 0) {
          series.training.push(event.seconds)
          series.whole.push((now - before) / 1000)
          series.tensors.push(tf.memory().numTensors)
          series.memory.push(process.memoryUsage().rss / 2 ** 20)
        }
        before = now
      },
    },
  )
  const seconds = (performance.now() - began) / 1000
  await release()
  await temporary.remove()
  const figures = {
    peak: process.resourceUsage().maxRSS / 1024,
    perSecond: rounds / seconds,
    measuring: 1 - sum(series.training) / sum(series.whole),
    every: experiment.measuring.every,
  }
  return { figures, series }
}
