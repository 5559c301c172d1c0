/**
 * How fast the lab trains: one stage in a process of its own, on random images, as `bench` starts it. What is timed
 * is the training itself, pulled step by step as the trainer does, from the end of warming up to the last step.
 *
 *   node bench.cjs '{"stage":"adaptation","batch":50,"steps":150,"threads":2,"engine":"compiled"}'
 *
 * Prints one line, a `BenchResult` as JSON.
 */
import { performance } from 'perf_hooks'
import { toErrorMessage } from '../contract/errors'
import { experimentSchema, type Experiment } from '../contract/experiment'
import { benchRequestSchema, type BenchRequest, type BenchResult } from '../contract/worker'
import type { DomainImages } from '../data/domain'
import { stream } from '../data/random'
import { createTraining } from '../training/training'
import { loadTensorFlow } from './native'

/** The first steps find caches cold and buffers unallocated. */
const WARM_UP = 10
const SIZE = 28

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

/** The published experiment, cut down to one pass of the stage that is timed. */
function experimentOf({ stage, batch }: BenchRequest): Experiment {
  return experimentSchema.parse({
    name: 'bench',
    source: { dataset: 'mnist', classes: [0, 1] },
    target: { dataset: 'mnist', classes: [2, 3] },
    pairing: [0, 1],
    sourceStage: { epochs: stage === 'source' ? 1 : 0, batch },
    adaptation: { epochs: stage === 'source' ? 0 : 1, batch },
  })
}

async function measure(request: BenchRequest): Promise<BenchResult> {
  const { machinery } = await loadTensorFlow(request.threads)
  const count = (WARM_UP + request.steps) * request.batch
  const images = {
    source: randomImages(count, 'source'),
    target: randomImages(count, 'target'),
    unseenTarget: null,
  }
  const training = createTraining(experimentOf(request), images, { engine: request.engine })
  let began = 0
  let perSecond = 0
  for await (const event of training.run()) {
    if (event.type !== 'step' || event.phase !== request.stage) continue
    if (event.step === WARM_UP) began = performance.now()
    if (event.step === event.steps) {
      perSecond = (1000 * request.steps * request.batch) / (performance.now() - began)
      break
    }
  }
  const result = { perSecond, obstacle: training.obstacle(), machinery }
  training.dispose()
  return result
}

async function main(): Promise<void> {
  try {
    const request = benchRequestSchema.parse(JSON.parse(process.argv[2] ?? 'null'))
    process.stdout.write(`${JSON.stringify(await measure(request))}\n`)
  } catch (error) {
    process.stderr.write(`${JSON.stringify(toErrorMessage(error))}\n`)
    process.exitCode = 1
  }
}

void main()
