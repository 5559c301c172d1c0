/**
 * How fast the lab is: one thing in a process of its own, as `bench` starts it. What is timed is the lab's own code,
 * on random images where their content does not matter.
 *
 *   node bench.cjs '{"task":"steps","stage":{"method":"adda"},"batch":50,"steps":150,"threads":2,"engine":"compiled"}'
 *
 * Prints one line, a `BenchResult` as JSON.
 */
import { promises as fs } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { performance } from 'perf_hooks'
import { readCheckpoint, writeCheckpoint } from '../checkpoints/checkpoint'
import { fromTorch, toTorch } from '../checkpoints/layout'
import { createRun, removeFolder } from '../checkpoints/runs'
import { toErrorMessage } from '../contract/errors'
import { experimentSchema, type Experiment, type ExperimentInput } from '../contract/experiment'
import { benchRequestSchema, type BenchRequest, type BenchResult } from '../contract/worker'
import { loadDomain, type DomainImages } from '../data/domain'
import { stream } from '../data/random'
import { restore, valuesOf } from '../models/network'
import { evaluate, imageTensor } from '../training/evaluate'
import { createNetworks } from '../training/networks'
import { createTraining } from '../training/training'
import { createControl } from './control'
import { loadTensorFlow, type NativeTensorFlow } from './native'
import { trainRun } from './train-run'

type Request<Task extends BenchRequest['task']> = Extract<BenchRequest, { task: Task }>
type Measured = Pick<BenchResult, 'figures'> & Partial<Pick<BenchResult, 'series' | 'obstacle'>>

/** The first steps find caches cold and buffers unallocated. */
const WARM_UP = 10
const SIZE = 28

/** The published experiment's domains; Adam where the method's own preset has it. */
const published = {
  name: 'bench',
  source: { dataset: 'mnist', classes: [0, 1], count: 10_000 },
  target: { dataset: 'mnist', classes: [2, 3], count: 10_000 },
  pairing: [0, 1],
} satisfies ExperimentInput
const optimisers: Readonly<Record<string, NonNullable<ExperimentInput['adaptation']>['optimiser']>> = {
  'adversarial-consistency': { kind: 'adam', beta1: 0.5, beta2: 0.99 },
}

function randomImages(count: number, purpose: string): DomainImages {
  const random = stream(0, 'bench', purpose)
  return {
    pixels: Float32Array.from({ length: count * SIZE * SIZE }, () => random.uniform()),
    labels: Int32Array.from({ length: count }, () => random.integer(2)),
    indices: Int32Array.from({ length: count }, (_, index) => index),
    count,
    size: SIZE,
    channels: 1,
  }
}

/** Cut down to one pass of the stage that is timed. */
function experimentOf({ stage, batch }: Request<'steps'>): Experiment {
  if (stage === 'source')
    return experimentSchema.parse({
      ...published,
      sourceStage: { epochs: 1, batch },
      adaptation: { epochs: 0 },
    })
  const { method } = stage
  return experimentSchema.parse({
    ...published,
    sourceStage: { epochs: 0, batch },
    adaptation: { method, epochs: 1, batch, optimiser: optimisers[method] },
  })
}

/** Pulled step by step as the trainer does, from the end of warming up to the last step. */
async function steps(request: Request<'steps'>): Promise<Measured> {
  const { batch, stage, engine } = request
  const phase = stage === 'source' ? 'source' : 'adaptation'
  const count = (WARM_UP + request.steps) * batch
  const images = {
    source: randomImages(count, 'source'),
    target: randomImages(count, 'target'),
    unseenTarget: null,
  }
  const training = createTraining(experimentOf(request), images, { engine })
  let began = 0
  let prepare = 0
  let perSecond = 0
  for await (const event of training.run()) {
    if (event.type === 'recorded' && event.event.type === 'compiled' && event.event.phase === phase)
      prepare = event.event.seconds
    if (event.type !== 'step' || event.phase !== phase) continue
    if (event.step === WARM_UP) began = performance.now()
    if (event.step === event.steps) {
      perSecond = (1000 * request.steps * batch) / (performance.now() - began)
      break
    }
  }
  const obstacle = training.obstacle()
  training.dispose()
  return { figures: { perSecond, prepare }, obstacle }
}

/** The second of two passes: the first finds buffers unallocated. */
function evaluation({ count }: Request<'evaluation'>): Measured {
  const images = randomImages(count, 'target')
  const { MT, C } = createNetworks(experimentSchema.parse(published))
  let perSecond = 0
  for (let pass = 0; pass < 2; pass++) {
    const began = performance.now()
    evaluate(MT, C, images, [0, 1])
    perSecond = (1000 * count) / (performance.now() - began)
  }
  return { figures: { perSecond } }
}

/** Both domains of the published experiment, until a batch of the first lies in TensorFlow. */
async function data({ tf }: NativeTensorFlow): Promise<Measured> {
  const { source, target, model } = experimentSchema.parse(published)
  const began = performance.now()
  const images = await loadDomain(source, model, { datasets: '' })
  await loadDomain(target, model, { datasets: '' })
  tf.slice(imageTensor(images), 0, 50).dataSync()
  return { figures: { milliseconds: performance.now() - began } }
}

/** All networks of the published experiment, on the disk of temporary files, from and to TensorFlow. */
async function checkpoint({ machinery }: NativeTensorFlow): Promise<Measured> {
  const folder = await fs.mkdtemp(join(tmpdir(), 'dalab-bench-'))
  const path = join(folder, 'round.safetensors')
  const experiment = experimentSchema.parse(published)
  const { ofSource, ofAdaptation } = createNetworks(experiment)
  const variables = [...ofSource, ...ofAdaptation].flatMap((network) => network.variables)
  const created = new Date().toISOString()
  const facts = { schema: 1, run: 'bench', round: 1, experiment, machinery, measures: null, created } as const
  let save = 0
  let load = 0
  for (let pass = 0; pass < 2; pass++) {
    const began = performance.now()
    await writeCheckpoint(path, facts, toTorch(valuesOf(variables)))
    const written = performance.now()
    restore(variables, fromTorch((await readCheckpoint(path)).tensors), path)
    save = written - began
    load = performance.now() - written
  }
  await removeFolder(folder)
  return { figures: { save, load } }
}

/** The best of several products of 2,048 x 2,048 matrices. */
function limit({ tf }: NativeTensorFlow): Measured {
  const length = 2048
  const a = tf.randomUniform([length, length])
  let gigaflops = 0
  for (let pass = 0; pass < 6; pass++) {
    const began = performance.now()
    tf.tidy(() => tf.slice(tf.matMul(a, a), [0, 0], [1, 1]).dataSync())
    gigaflops = Math.max(gigaflops, (2 * length ** 3) / (performance.now() - began) / 1e6)
  }
  return { figures: { gigaflops } }
}

/** As the trainer does it, from reading the images to the last checkpoint. */
async function run({ rounds, threads }: Request<'run'>, native: NativeTensorFlow): Promise<Measured> {
  const { machinery, tf } = native
  const place = await fs.mkdtemp(join(tmpdir(), 'dalab-bench-'))
  const experiment = experimentSchema.parse({ ...published, adaptation: { epochs: rounds } })
  const { record, folder, release } = await createRun(place, {
    experiment,
    machinery,
    parent: null,
    state: 'running',
  })
  const series: Record<'training' | 'wall' | 'tensors' | 'memory', number[]> = {
    training: [],
    wall: [],
    tensors: [],
    memory: [],
  }
  const request = { type: 'train', run: record.id, folder, datasets: '', from: 'fresh' } as const
  let before = performance.now()
  await trainRun({ ...request, experiment, threads }, native, createControl(), {
    progress: () => undefined,
    recorded(event) {
      if (event.type !== 'round') return
      const now = performance.now()
      if (event.round > 0) {
        series.training.push(event.seconds)
        series.wall.push((now - before) / 1000)
        series.tensors.push(tf.memory().numTensors)
        series.memory.push(process.memoryUsage().rss / 2 ** 20)
      }
      before = now
    },
  })
  await release()
  await removeFolder(place)
  return { figures: { peak: process.resourceUsage().maxRSS / 1024 }, series }
}

async function measure(request: BenchRequest, native: NativeTensorFlow): Promise<Measured> {
  switch (request.task) {
    case 'steps':
      return steps(request)
    case 'evaluation':
      return evaluation(request)
    case 'start':
      native.tf.scalar(0).dataSync()
      return { figures: { milliseconds: performance.now() } }
    case 'data':
      return data(native)
    case 'checkpoint':
      return checkpoint(native)
    case 'limit':
      return limit(native)
    case 'run':
      return run(request, native)
  }
}

async function main(): Promise<void> {
  try {
    const request = benchRequestSchema.parse(JSON.parse(process.argv[2] ?? 'null'))
    const native = await loadTensorFlow(request.threads)
    const measured = await measure(request, native)
    process.stdout.write(`${JSON.stringify({ ...measured, machinery: native.machinery })}\n`)
  } catch (error) {
    process.stderr.write(`${JSON.stringify(toErrorMessage(error))}\n`)
    process.exitCode = 1
  }
}

void main()
