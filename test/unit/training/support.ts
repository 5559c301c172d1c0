/** Helpers for the tests of training: small experiments on a few digits, and a complete run of one. */
import { createHash } from 'crypto'
import type { NamedTensor } from '../../../src/checkpoints/safetensors'
import { experimentSchema, type Experiment } from '../../../src/contract/experiment'
import type { FloatImages } from '../../fixtures/samples'
import {
  progressSchema,
  type Snapshot,
  type Training,
  type TrainingEvent,
} from '../../../src/training/training'
import { digits } from '../../fixtures/torch/formula'

type Settings = Readonly<Record<string, unknown>>

/** The smallest side of images that the LeNets take. Most tests need no larger ones, and each step takes a tenth. */
export const side = 16

/** MNIST {0, 1} to {2, 3} in 16x16, with changes to the published recipe. */
export function experimentWith({
  sourceStage,
  adaptation,
  model,
  ...rest
}: {
  sourceStage?: Settings
  adaptation?: Settings
  seed?: number
  pairing?: number[]
  model?: Settings
}): Experiment {
  return experimentSchema.parse({
    name: 'test',
    source: { dataset: 'mnist', classes: [0, 1] },
    target: { dataset: 'mnist', classes: [2, 3] },
    pairing: [0, 1],
    sourceStage,
    adaptation,
    model: { side, ...model },
    ...rest,
  })
}

export function firstOf(images: FloatImages, count: number): FloatImages {
  return {
    ...images,
    count,
    pixels: images.pixels.slice(0, count * images.size ** 2),
    labels: images.labels.slice(0, count),
    indices: images.indices.slice(0, count),
  }
}

/** Every pixel of the small image is one of the large image. */
function shrunk({ pixels, size, ...rest }: FloatImages): FloatImages {
  const nearest = (place: number) => Math.floor((place * size) / side)
  const small = new Float32Array(rest.count * side ** 2).map((_, i) => {
    const [image, y, x] = [Math.floor(i / side ** 2), Math.floor(i / side) % side, i % side]
    return pixels[(image * size + nearest(y)) * size + nearest(x)] ?? NaN
  })
  return { ...rest, pixels: small, size: side }
}

export const zerosAndOnes = shrunk(digits(0, 1))
export const twosAndThrees = shrunk(digits(2, 3))

/** The first digits of each domain; the next digits of the target are the unseen ones, in the same number. */
export function images(
  ofSource: number,
  ofTarget: number,
): Record<'source' | 'target' | 'unseenTarget', FloatImages> {
  const unseen = {
    ...twosAndThrees,
    pixels: twosAndThrees.pixels.subarray(ofTarget * side ** 2),
    labels: twosAndThrees.labels.subarray(ofTarget),
    indices: twosAndThrees.indices.subarray(ofTarget),
  }
  return {
    source: firstOf(zerosAndOnes, ofSource),
    target: firstOf(twosAndThrees, ofTarget),
    unseenTarget: firstOf(unseen, ofTarget),
  }
}

/** All events of a training, up to the one for which `until` is true. */
export async function eventsOf(
  training: Training,
  { from, until = () => false }: { from?: Snapshot; until?: (event: TrainingEvent) => boolean } = {},
): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = []
  for await (const event of training.run(from)) {
    events.push(event)
    if (until(event)) break
  }
  return events
}

/** Whether an event is the end of this step. */
export function at(phase: 'source' | 'adaptation', round: number, step: number) {
  return (event: TrainingEvent) =>
    event.type === 'step' && event.phase === phase && event.round === round && event.step === step
}

/** Hash of the weights: equal texts mean equal bits. */
export function fingerprint(tensors: readonly NamedTensor[]): string {
  const hash = createHash('sha256')
  for (const { name, data } of tensors) hash.update(name).update(data)
  return hash.digest('hex')
}

/** Events without times, and without those on compilation, which every process reports itself. */
export function timeless(events: readonly TrainingEvent[]) {
  const lasting = events.filter((event) => event.type !== 'recorded' || event.event.type !== 'compiled')
  const text = JSON.stringify(lasting, (key, value: unknown) =>
    ['seconds', 'imagesPerSecond', 'pairsPerSecond'].includes(key) ? null : value,
  )
  return JSON.parse(text) as unknown[]
}

/** A training that is stopped at each of these events and resumed in a new training from its snapshot. */
export async function resumedAt(
  start: () => Training,
  stops: readonly ((event: TrainingEvent) => boolean)[],
): Promise<{ events: TrainingEvent[]; reached: string }> {
  let from: Snapshot | undefined
  let reached = ''
  const events: TrainingEvent[] = []
  for (const until of [...stops, () => false]) {
    const part = start()
    events.push(...(await eventsOf(part, { from, until })))
    const { state, tensors } = part.snapshot()
    from = { state: progressSchema.parse(JSON.parse(JSON.stringify(state))), tensors }
    reached = fingerprint(part.checkpoint())
    part.dispose()
  }
  return { events, reached }
}
