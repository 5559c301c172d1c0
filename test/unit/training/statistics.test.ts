/** Where the running statistics of batch normalisation come from (`adaptation.statistics`). */
import { expect, test, vi } from 'vitest'
import { methods } from '../../../src/methods/registry'
import { sampleIndices } from '../../../src/training/sample'
import { createTraining, type EngineKind } from '../../../src/training/training'
import { loadTensorFlow } from '../../../src/workers/native'
import { modelOf } from '../../fixtures/model'
import { vectorsBy } from '../../fixtures/vectors'
import { settingsOf } from '../methods/stage'
import { at, eventsOf, experimentWith, fingerprint, images, resumedAt, side } from './support'

await loadTensorFlow(1)
vi.setConfig({ testTimeout: 180_000 })

const length = 40
const few = vectorsBy(length, { source: 24, target: 20, unseenTarget: 10 })
type Choice = 'method' | 'source' | 'target' | 'mixture'

const experimentOf = (method: string, statistics: Choice, hidden = [24, 12]) =>
  experimentWith({
    sourceStage: { batch: 10 },
    adaptation: { ...settingsOf(method), epochs: 2, batch: 10, statistics },
    model: modelOf('mlp', { hidden }),
  })

async function checkpointOf(method: string, statistics: Choice, engine: EngineKind = 'eager') {
  const training = createTraining(experimentOf(method, statistics), few, { engine })
  await eventsOf(training)
  const tensors = training.checkpoint().map(({ name, shape, data }) => ({ name, shape, data: data.slice() }))
  training.dispose()
  return tensors
}

const isRunning = ({ name }: { name: string }) => /\.running_(mean|var)$/.test(name)

/** Mean and unbiased variance of each unit of the first layer over a batch. */
function momentsOf(weight: Float32Array, bias: Float32Array, batch: readonly Float32Array[]) {
  const units = bias.length
  return Array.from(bias, (own, unit) => {
    const sums = batch.map((x) =>
      x.reduce((sum, value, i) => sum + value * (weight[i * units + unit] ?? 0), own),
    )
    const mean = sums.reduce((sum, value) => sum + value, 0) / sums.length
    const variance = sums.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (sums.length - 1)
    return { mean, variance }
  })
}

test('those of the target are the means over its batches, in the first layer computed by hand', async () => {
  const experiment = experimentOf('source-only', 'target', [5])
  const training = createTraining(experiment, few, { engine: 'eager' })
  await eventsOf(training)
  const tensors = training.checkpoint()
  training.dispose()
  const dataOf = (name: string) => tensors.find((one) => one.name === `target_encoder.${name}`)?.data ?? []
  const order = sampleIndices('target', 20, experiment.seed)
  const rows = Array.from(order, (row) => few.target.pixels.subarray(row * length, (row + 1) * length))
  const [weight, bias] = [Float32Array.from(dataOf('fc1.weight')), Float32Array.from(dataOf('fc1.bias'))]
  const batches = [rows.slice(0, 10), rows.slice(10)].map((batch) => momentsOf(weight, bias, batch))
  expect(bias).toHaveLength(5)
  bias.forEach((_, unit) => {
    const meanOf = (key: 'mean' | 'variance') =>
      batches.reduce((sum, batch) => sum + (batch[unit]?.[key] ?? NaN), 0) / batches.length
    expect(dataOf('bn1.running_mean')[unit]).toBeCloseTo(meanOf('mean'), 4)
    expect(dataOf('bn1.running_var')[unit]).toBeCloseTo(meanOf('variance'), 4)
  })
})

test.each(['source-only', 'adda', 'mcc', 'shot-im'])(
  '%s learns the same weights with any',
  async (method) => {
    const own = await checkpointOf(method, 'method')
    for (const statistics of ['source', 'target', 'mixture'] as const) {
      const other = await checkpointOf(method, statistics)
      const ofOthers = new Map(other.map((one) => [one.name, one]))
      for (const one of own)
        if (!isRunning(one)) expect(ofOthers.get(one.name)?.data, one.name).toEqual(one.data)
      const ofSourceStage = (tensors: typeof own) =>
        tensors.filter(({ name }) => /^(source_encoder|classifier)\./.test(name))
      expect(fingerprint(ofSourceStage(other))).toBe(fingerprint(ofSourceStage(own)))
      const ofMT = (tensors: typeof own) =>
        tensors.filter((one) => one.name.startsWith('target_encoder') && isRunning(one))
      expect(ofMT(other)).toHaveLength(4)
      expect(fingerprint(ofMT(other))).not.toBe(fingerprint(ofMT(own)))
    }
  },
)

test('compiled and eager steps end with the same statistics, but for rounding', async () => {
  const eager = await checkpointOf('mcc', 'mixture')
  const compiled = await checkpointOf('mcc', 'mixture', 'compiled')
  eager.forEach(({ name, data }, index) => {
    const found = compiled[index]?.data ?? []
    const distance = data.reduce((most, value, k) => Math.max(most, Math.abs(value - (found[k] ?? NaN))), 0)
    expect(distance, name).toBeLessThanOrEqual(1e-5)
  })
})

test.each(['eager', 'compiled'] as const)(
  'stopped and resumed on %s steps, also between two rounds, a training ends as one never stopped',
  async (engine) => {
    const start = () => createTraining(experimentOf('dann', 'target'), few, { engine })
    const whole = start()
    await eventsOf(whole)
    const end = fingerprint(whole.checkpoint())
    whole.dispose()
    const afterRound = (event: { type: string; event?: unknown }) =>
      event.type === 'round' && (event.event as { round: number }).round === 1
    const { reached } = await resumedAt(start, [at('source', 0, 2), at('adaptation', 1, 1), afterRound])
    expect(reached).toBe(end)
  },
)

test('a classifier that adaptation leaves as it is keeps those of the source stage', async () => {
  const ofC = async (statistics: Choice) => {
    const experiment = experimentWith({
      sourceStage: { batch: 10 },
      adaptation: { ...settingsOf('shot-im'), epochs: 1, batch: 10, statistics },
      model: modelOf('lenet-mlp', { side }),
    })
    const training = createTraining(experiment, images(20, 20), { engine: 'eager' })
    await eventsOf(training)
    const own = training.checkpoint().filter(({ name }) => name.startsWith('classifier.'))
    const text = fingerprint(own)
    training.dispose()
    expect(own.some(isRunning)).toBe(true)
    return text
  }
  expect(await ofC('target')).toBe(await ofC('method'))
})

test('each method says where its own come from', () => {
  const of = (wanted: string) =>
    methods.flatMap(({ declaration: { id, statistics } }) => (statistics === wanted ? [id] : []))
  expect(of('source')).toEqual(['source-only'])
  expect(of('mixture')).toEqual([
    'dann',
    'cdan',
    'cdan-e',
    'dan',
    'deep-coral',
    'mcd',
    'mcc',
    'bnm',
    'afn',
    'teacher-consistency',
  ])
})

test('those of the target recover what a shifted and scaled target loses', async () => {
  const { source } = vectorsBy(length, { source: 400, target: 2, unseenTarget: 2 })
  const target = { ...source, pixels: source.pixels.map((value) => 3 * value + 4) }
  const accuracyOf = async (statistics: Choice) => {
    const experiment = experimentOf('source-only', statistics)
    const sourceStage = { ...experiment.sourceStage, epochs: 4, batch: 40 }
    const training = createTraining({ ...experiment, sourceStage }, { source, target, unseenTarget: null })
    const [before] = (await eventsOf(training)).flatMap((event) =>
      event.type === 'round' ? [event.event.measures.target?.accuracy ?? NaN] : [],
    )
    training.dispose()
    return before ?? NaN
  }
  const [own, ofSource, ofTarget] = [
    await accuracyOf('method'),
    await accuracyOf('source'),
    await accuracyOf('target'),
  ]
  expect(Math.abs(ofSource - own)).toBeLessThan(0.1)
  expect(ofTarget).toBeGreaterThan(ofSource + 0.1)
})
