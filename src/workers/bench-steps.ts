/** Times training and evaluation on random images. */
import { performance } from 'perf_hooks'
import { evaluate } from '../training/evaluate'
import { createNetworks } from '../training/networks'
import { createTraining } from '../training/training'
import {
  publishedExperiment,
  randomImages,
  stageExperiment,
  type Measured,
  type Request,
} from './bench-experiments'
import type { NativeTensorFlow } from './native'

/** Steps before timing begins: caches are cold and buffers unallocated. */
const WARM_UP = 10

/** Runs the training step by step like the trainer; times from the end of warm-up to the last step. */
export async function timeSteps(request: Request<'steps'>): Promise<Measured> {
  const { batch, stage, engine } = request
  const phase = stage === 'source' ? 'source' : 'adaptation'
  const count = (WARM_UP + request.steps) * batch
  const experiment = await stageExperiment(request)
  const images = {
    source: randomImages(count, 'source', experiment.model),
    target: randomImages(count, 'target', experiment.model),
    unseenTarget: null,
  }
  const training = createTraining(experiment, images, { engine })
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

/** Times the second of two passes, because the first allocates buffers. */
export async function timeEvaluation({ count }: Request<'evaluation'>): Promise<Measured> {
  const published = await publishedExperiment()
  const images = randomImages(count, 'target', published.model)
  const { MT, C } = createNetworks(published)
  let perSecond = 0
  for (let pass = 0; pass < 2; pass++) {
    const began = performance.now()
    evaluate(MT, C, images, [0, 1])
    perSecond = (1000 * count) / (performance.now() - began)
  }
  return { figures: { perSecond } }
}

/** Time since the process started. */
export function timeStart({ tf }: NativeTensorFlow): Measured {
  tf.scalar(0).dataSync()
  return { figures: { milliseconds: performance.now() } }
}

/** The best of several products of 2,048 x 2,048 matrices, in GFLOP/s. */
export function limitOf({ tf }: NativeTensorFlow): Measured {
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
