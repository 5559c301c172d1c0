/** Evaluating, inspecting data and exporting in the real analyst, also while a run trains. */
import { execFileSync } from 'child_process'
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'fs'
import { join } from 'path'
import type { LayersModel, Tensor } from '@tensorflow/tfjs-node'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCheckpoint, writeCheckpoint } from '../../src/checkpoints/checkpoint'
import { networksFor } from '../fixtures/declared'
import { fromTorch } from '../../src/checkpoints/layout'
import { checkpointsFolder } from '../../src/checkpoints/run-folder'
import { encoders, type Experiment } from '../../src/contract/experiment'
import type { CommandOutput } from '../../src/contract/lab'
import { analystReplySchema } from '../../src/contract/worker'
import { loadDomain } from '../../src/data/domain'
import { createAnalyst } from '../../src/lab/analyst'
import type { OpenLab } from '../../src/lab/create-lab'
import { startWorker } from '../../src/lab/worker-process'
import { sampleTensor } from '../fixtures/samples'
import { predictorOf } from '../../src/training/networks'
import { exportFormats } from '../../src/contract/run'
import { decodeSafetensors, encodeSafetensors } from '../../src/checkpoints/safetensors'
import { exportCheckpoint } from '../../src/workers/export-checkpoint'
import { unprepared } from '../fixtures/export-order'
import { loadTensorFlow } from '../../src/workers/native'
import { writePredictions } from '../../src/workers/write-predictions'
import { isLong } from '../long'
import { isPending } from '../pending'
import { greyPng } from './png'
import {
  onMnist,
  openLab,
  small,
  smallInput,
  temporaryFolder,
  useProgramsInFile,
  type Watched,
} from './programs'

const programs = useProgramsInFile()
let watched: Watched
let trained: CommandOutput<'start'>
let checkpoint: string

beforeAll(async () => {
  watched = await openLab()
  trained = await watched.train(small())
  const rounds = await watched.lab.call('checkpoints', { run: trained.run })
  checkpoint = rounds[2]?.path ?? ''
})
afterAll(() => watched.lab.close())

describe('evaluate', () => {
  it('gives the figures that training recorded', async () => {
    const rounds = await watched.lab.call('checkpoints', { run: trained.run })
    const measures = rounds[2]?.measures
    const unseen = await watched.lab.call('evaluate', { checkpoint })
    expect(unseen.domain).toMatchObject({ split: 'test', classes: ['2', '3'], count: 'all' })
    expect(unseen.result).toEqual(measures?.unseenTarget)
    const seen = await watched.lab.call('evaluate', { checkpoint, split: 'train', count: 200 })
    expect(seen.result).toEqual(measures?.target)
    const ofSource = await watched.lab.call('evaluate', {
      checkpoint,
      split: 'train',
      classes: ['0', '1'],
      count: 200,
      encoder: 'source',
    })
    expect(ofSource.pairing).toEqual([0, 1])
    expect(ofSource.result).toEqual(measures?.source)
  })

  it('sets two checkpoints against each other on the same images', async () => {
    const { lab } = watched
    const [before] = await lab.call('checkpoints', { run: trained.run })
    const against = before?.path ?? ''
    const found = await lab.call('contrast', { checkpoint, against, count: 300 })
    const [one, other] = [
      await lab.call('evaluate', { checkpoint, count: 300 }),
      await lab.call('evaluate', { checkpoint: against, count: 300 }),
    ]
    expect(found.accuracies).toEqual([one.result.accuracy, other.result.accuracy])
    expect(found.difference).toBeCloseTo((found.onlySecond - found.onlyFirst) / 300, 10)
    expect(found.low).toBeLessThanOrEqual(found.difference)
    expect(found.high).toBeGreaterThanOrEqual(found.difference)

    const itself = await lab.call('contrast', { checkpoint, against: checkpoint, count: 100 })
    expect(itself).toMatchObject({ difference: 0, low: 0, high: 0, onlyFirst: 0, onlySecond: 0, p: 1 })
    await expect(lab.call('contrast', { checkpoint, against: '/nowhere' })).rejects.toMatchObject({
      code: 'file-not-found',
    })
  })

  it('judges each of two checkpoints under the pairing of its own run, or both under one that is asked for', async () => {
    const { lab } = watched
    const turned = await watched.train(small({ name: 'turned', pairing: [1, 0] }))
    const against = (await lab.call('checkpoints', { run: turned.run }))[2]?.path ?? ''
    const own = await lab.call('evaluate', { checkpoint: against, count: 300 })
    const found = await lab.call('contrast', { checkpoint, against, count: 300 })
    expect(found.pairings).toEqual([
      [0, 1],
      [1, 0],
    ])
    expect(found.accuracies[1]).toBe(own.result.accuracy)

    const asked = await lab.call('contrast', { checkpoint, against, count: 300, pairing: [0, 1] })
    expect(asked.pairings).toEqual([
      [0, 1],
      [0, 1],
    ])
    expect(asked.accuracies[1]).toBeCloseTo(1 - own.result.accuracy, 10)
  })

  it('shows the images that were given the wrong class', async () => {
    const { wrong, result, interval, pairing } = await watched.lab.call('evaluate', { checkpoint })
    const expected = Math.min(200, Math.round((1 - result.accuracy) * result.count))
    expect(wrong.labels).toHaveLength(expected)
    expect(wrong.predictions).toHaveLength(expected)
    expect(Buffer.from(wrong.pixels, 'base64')).toHaveLength(expected * 16 * 16)
    wrong.labels.forEach((label, index) => expect(wrong.predictions[index]).not.toBe(pairing[label]))
    expect(interval.low).toBeLessThan(result.accuracy)
    expect(interval.high).toBeGreaterThan(result.accuracy)
    expect(interval.high - interval.low).toBeLessThan(0.15)
  })

  it('turns the pairing round', async () => {
    const one = await watched.lab.call('evaluate', { checkpoint, pairing: [0, 1] })
    const other = await watched.lab.call('evaluate', { checkpoint, pairing: [1, 0] })
    expect(other.result.accuracy).toBeCloseTo(1 - one.result.accuracy, 10)
    expect(other.result.accuracyBestPairing).toBe(one.result.accuracyBestPairing)
  })

  it('works while a run trains', async () => {
    const { run } = await watched.lab.call('start', { experiment: small({ name: 'meanwhile' }) })
    await watched.lab.call('control', { run, action: 'pause' })
    const evaluation = await watched.lab.call('evaluate', { checkpoint, count: 100 })
    expect(evaluation.result.count).toBe(100)
    await watched.lab.call('control', { run, action: 'stop' })
    expect((await watched.ending(run)).type).toBe('stopped')
  })

  it.each([
    [{ classes: [2] }, 'unequal-classes', { source: 2, target: 1 }],
    [{ classes: [2, 12] }, 'unknown-class', { class: '12' }],
    [{ classes: [2, 2] }, 'repeated-class', { class: '2' }],
    [{ pairing: [0, 0] }, 'invalid-pairing', {}],
    [{ pairing: [0] }, 'invalid-pairing', {}],
    [{ dataset: 'minst' }, 'unknown-dataset', { nearest: 'mnist' }],
    [{ count: 1_000_000 }, 'count-too-large', { asked: 1_000_000, available: 364 }],
  ])('refuses %j', async (order, code, params) => {
    await expect(watched.lab.call('evaluate', { checkpoint, ...order })).rejects.toMatchObject({
      code,
      params,
    })
  })

  it('refuses what is no checkpoint, or no longer one', async () => {
    const folder = temporaryFolder()
    const bytes = readFileSync(checkpoint)
    const evaluate = (name: string, content: Uint8Array) => {
      const file = join(folder, name)
      writeFileSync(file, content)
      return watched.lab.call('evaluate', { checkpoint: file })
    }
    const flipped = Buffer.from(bytes)
    flipped[flipped.length - 1000] = (flipped[flipped.length - 1000] ?? 0) ^ 1
    await expect(evaluate('flipped.safetensors', flipped)).rejects.toMatchObject({
      code: 'checkpoint-damaged',
    })
    await expect(evaluate('short.safetensors', bytes.subarray(0, 9000))).rejects.toMatchObject({
      code: 'checkpoint-cut-short',
    })
    await expect(
      watched.lab.call('evaluate', { checkpoint: join(folder, 'missing.safetensors') }),
    ).rejects.toMatchObject({ code: 'file-not-found' })
  })
})

/** The numbers in base64 text. */
const numbersIn = <A>(text: string, of: { new (bytes: ArrayBuffer): A }): A => {
  const bytes = Buffer.from(text, 'base64')
  return new of(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length))
}

describe('predict', () => {
  it('gives every sample of the dataset the class that evaluate gives it, whatever its label', async () => {
    const { lab, events } = watched
    const found = await lab.call('predict', { checkpoint, dataset: 'usps' })
    expect(found).toMatchObject({ dataset: 'usps', classes: ['0', '1'], count: 9298, files: null })
    const predictions = numbersIn(found.predictions, Uint16Array)
    const probabilities = numbersIn(found.probabilities, Float32Array)
    expect([predictions.length, probabilities.length]).toEqual([9298, 9298])
    expect(probabilities.every((share) => share >= 0.5 && share <= 1)).toBe(true)
    const { domain, pairing, right } = await lab.call('evaluate', { checkpoint })
    const { labels, indices } = await loadDomain(domain, small().model, { datasets: '' })
    const asPredicted = Array.from(indices, (index, i) =>
      Number(predictions[index] === pairing[labels[i] ?? 0]),
    )
    expect(asPredicted).toEqual(Array.from(Buffer.from(right, 'base64')))
    const progress = events.flatMap((event) => (event.type === 'predicting' ? [event] : []))
    expect(progress.length).toBeGreaterThan(1)
    expect(progress[progress.length - 1]).toMatchObject({
      checkpoint,
      progress: { done: 9298, total: 9298 },
    })
  })

  it('goes on while other questions are answered, until it is cancelled', async () => {
    const { lab } = watched
    const predicting = lab.call('predict', { checkpoint, dataset: 'usps' })
    const evaluation = await lab.call('evaluate', { checkpoint, count: 20 })
    expect(evaluation.result.count).toBe(20)
    await lab.call('cancelPrediction', { checkpoint })
    await expect(Promise.race([predicting])).rejects.toMatchObject({
      code: 'reading-cancelled',
      params: { file: checkpoint },
    })
  })

  it('shows samples, and what led to the prediction of one', async () => {
    const { lab } = watched
    const shown = await lab.call('thumbnails', { dataset: 'usps', samples: [7, 3] })
    expect(shown).toMatchObject({ width: 16, height: 16, channels: 1 })
    const inspection = await lab.call('inspect', { checkpoint, dataset: 'usps', sample: 7 })
    const [first] = [Buffer.from(shown.pixels, 'base64').subarray(0, 256)]
    expect(Buffer.from(inspection.image?.pixels ?? '', 'base64').equals(first)).toBe(true)
    expect(inspection.probabilities.reduce((sum, share) => sum + share)).toBeCloseTo(1, 5)
    const { among, samples, images } = inspection.nearest
    expect([among, samples.length, images.labels.length]).toEqual([200, 8, 8])
    const distances = samples.map(({ distance }) => distance)
    expect(distances).toEqual([...distances].sort((one, other) => one - other))
    const { rounds } = inspection
    expect(rounds.map(({ round }) => round)).toEqual([0, 1, 2])
    expect(inspection.probabilities[rounds[2]?.prediction ?? 2]).toBe(rounds[2]?.probability)
    const predicted = await lab.call('predict', { checkpoint, dataset: 'usps' })
    expect(numbersIn(predicted.predictions, Uint16Array)[7]).toBe(rounds[2]?.prediction)

    const source = numbersIn(
      (await lab.call('predict', { checkpoint, dataset: 'usps', encoder: 'source' })).predictions,
      Uint16Array,
    )
    expect(source[7]).toBe(rounds[0]?.prediction)
  })

  const order = (out: string) => ({
    ...({ checkpoint, out, format: 'csv', probabilities: true, samples: { dataset: 'usps' } } as const),
  })

  it('writes rows that go on after the writer was killed, none twice and none missing', async () => {
    const { lab, events, until } = watched
    const [whole, cut] = ['whole.csv', 'cut.csv'].map((name) => join(temporaryFolder(), name)) as [
      string,
      string,
    ]
    await lab.call('writePredictions', order(whole))
    const before = events.length
    const writing = lab.call('writePredictions', order(cut))
    await until((event) => events.indexOf(event) >= before && event.type === 'predicting')
    await lab.call('cancelPrediction', { checkpoint })
    await expect(Promise.race([writing])).rejects.toMatchObject({ code: 'reading-cancelled' })
    await expect(lab.call('writePredictions', order(cut))).rejects.toMatchObject({
      code: 'predictions-unfinished',
    })
    const written = await lab.call('writePredictions', { ...order(cut), existing: 'continue' })
    expect(written.continued).toBeGreaterThan(0)
    expect(written.rows).toBe(9298)
    expect(readFileSync(cut, 'utf8')).toBe(readFileSync(whole, 'utf8'))
    const sum = written.byClass.reduce((total, { count }) => total + count, 0)
    expect([sum, written.byClass.map((one) => one.class)]).toEqual([9298, ['0', '1']])
  })

  it.runIf(process.platform === 'linux')(
    'leaves whole rows where the disk is full, and goes on',
    async () => {
      const out = join(temporaryFolder(), 'full.csv')
      const task = {
        ...order(out),
        ...({ encoder: 'target', top: null, sortInto: null, pixels: 'unit', existing: 'refuse' } as const),
        ...{ classes: ['0', '1'], source: null, datasets: '', threads: 1 },
      }
      const report = { reading: () => undefined, progress: () => undefined }
      // Simulates a disk that becomes full during a write: no file of this process can exceed 200 kB.
      const limitFiles = (limit: string) =>
        execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${limit}`])
      limitFiles('200000:')
      try {
        await expect(writePredictions(task, report)).rejects.toMatchObject({
          code: 'disk-full',
          params: { path: out },
        })
      } finally {
        limitFiles('unlimited:')
      }
      const rows = readFileSync(out, 'utf8')
      expect(rows.endsWith('\n')).toBe(true)
      expect(rows.split('\n').length).toBeGreaterThan(4000)
      const { continued } = await writePredictions({ ...task, existing: 'continue' }, report)
      expect(continued).toBe(rows.split('\n').length - 2)
      const all = readFileSync(out, 'utf8')
      expect(all.startsWith(rows)).toBe(true)
      expect(
        all
          .trimEnd()
          .split('\n')
          .map((row) => row.split(',')[0]),
      ).toEqual(['row', ...Array.from({ length: 9298 }, (_, index) => String(index))])
    },
  )

  it('refuses samples that the network does not take, and names that do not fit', async () => {
    const { lab } = watched
    const vectors = join(temporaryFolder(), 'vectors.csv')
    writeFileSync(vectors, 'a,b,label\n1,2,x\n3,4,y\n5,6,x\n')
    const refused = (order: object) =>
      expect(lab.call('predict', { checkpoint, dataset: 'usps', ...order })).rejects
    await refused({ dataset: vectors }).toMatchObject({
      code: 'samples-unfit-network',
      params: { dataset: vectors, found: '[2]', expected: 'image' },
    })
    await refused({ classes: ['one'] }).toMatchObject({
      code: 'class-names-misfit',
      params: { count: 2, found: 1 },
    })
    await refused({ dataset: 'minst' }).toMatchObject({ code: 'unknown-dataset' })
    await expect(lab.call('thumbnails', { dataset: 'usps', samples: [9298] })).rejects.toMatchObject({
      code: 'no-such-sample',
      params: { sample: 9298, count: 9298 },
    })
  })
})

describe('a checkpoint with NaN among its weights', () => {
  const tensor = 'target_encoder.fc.weight'
  let file: string

  beforeAll(async () => {
    file = join(temporaryFolder(), 'nan.dalab.safetensors')
    const { facts, tensors } = await readCheckpoint(checkpoint)
    const spoilt = tensors.map((one) =>
      one.name === tensor
        ? { ...one, data: one.data.map((value, index) => (index === 7 ? NaN : value)) }
        : one,
    )
    await writeCheckpoint(file, facts!, spoilt)
  })

  it.each<[string, (lab: OpenLab) => Promise<unknown>]>([
    ['evaluate', (lab) => lab.call('evaluate', { checkpoint: file })],
    ['evaluate its source encoder', (lab) => lab.call('evaluate', { checkpoint: file, encoder: 'source' })],
    ['contrast', (lab) => lab.call('contrast', { checkpoint: file, against: checkpoint })],
    ['contrast with it', (lab) => lab.call('contrast', { checkpoint, against: file })],
    ...exportFormats.map((format): [string, (lab: OpenLab) => Promise<unknown>] => [
      `export as ${format}`,
      (lab) => lab.call('export', { checkpoint: file, format, out: join(temporaryFolder(), 'out') }),
    ]),
    ['import', (lab) => lab.call('import', { path: file })],
    ['open', (lab) => lab.call('open', { path: file })],
  ])('is refused with the name of the tensor: %s', async (_what, use) => {
    const before = await watched.lab.call('runs', {})
    await expect(use(watched.lab)).rejects.toMatchObject({
      code: 'tensor-not-finite',
      params: { file, tensor, value: 'NaN' },
    })
    expect(await watched.lab.call('runs', {})).toHaveLength(before.length)
  })

  it('is shown, with what is wrong', async () => {
    const { tensors, damage } = await watched.lab.call('show', { path: file })
    expect(tensors.map(({ name }) => name)).toContain(tensor)
    expect(damage).toMatchObject({ code: 'tensor-not-finite', params: { tensor } })
    expect((await watched.lab.call('show', { path: checkpoint })).damage).toBeNull()
  })
})

describe('export', () => {
  async function savedBy(experiment: Experiment): Promise<string> {
    if (experiment.model.encoder === 'lenet') return checkpoint
    const { run } = await watched.train(experiment)
    return (await watched.lab.call('checkpoints', { run }))[2]?.path ?? ''
  }

  const ofImages = encoders.filter((encoder) => encoder !== 'mlp')
  it.each(ofImages.slice(0, isLong ? ofImages.length : 2))(
    'writes a model that TensorFlow.js loads, and that computes the same, of %s',
    async (encoder) => {
      const experiment = small({ model: { ...smallInput.model, encoder } })
      const saved = await savedBy(experiment)
      const out = join(temporaryFolder(), 'model')
      const { files } = await watched.lab.call('export', { checkpoint: saved, format: 'tfjs', out })
      expect(files.map((file) => readdirSync(out).includes(file.slice(out.length + 1)))).toEqual([true, true])

      const { tf } = await loadTensorFlow(2)
      const model: LayersModel = await tf.loadLayersModel(`file://${out}/model.json`)
      const images = await loadDomain({ ...experiment.target, count: 20 }, experiment.model, {
        datasets: out,
      })
      const { tensors } = await readCheckpoint(saved)
      const predictor = predictorOf(
        fromTorch(tensors, networksFor(experiment.model, 2), saved),
        'target',
        experiment.model,
        2,
        saved,
      )
      const input = sampleTensor(images)
      const exported = (model.predict(input) as Tensor).dataSync()
      const own = predictor.classifier(predictor.encoder(input)).dataSync()
      expect(exported).toHaveLength(40)
      expect(model.getUserDefinedMetadata()).toEqual({
        classes: experiment.source.classes,
        temperature: expect.any(Number),
        input: {
          kind: 'image',
          ...{ side: 16, channels: 1, shorterSide: 320, framing: 'stretch', pixels: 'unit' },
          shiftsInTraining: [],
        },
      })
      own.forEach((value, index) => expect(exported[index]).toBeCloseTo(value, 4))
    },
  )

  it('writes weights and a script for PyTorch, calibrated by the source', async () => {
    const out = join(temporaryFolder(), 'script')
    const { files, notes } = await watched.lab.call('export', { checkpoint, format: 'pytorch', out })
    expect(files).toEqual([join(out, 'predict.py'), join(out, 'weights.safetensors')])
    expect(notes).toEqual([])
    const { tensors } = decodeSafetensors(readFileSync(files[1] ?? ''), files[1] ?? '')
    const stored = (await readCheckpoint(checkpoint)).tensors
    for (const [name, as] of [
      ['encoder.fc.weight', 'target_encoder.fc.weight'],
      ['classifier.fc.bias', 'classifier.fc.bias'],
    ])
      expect(tensors.find((one) => one.name === name)?.data).toEqual(
        stored.find((one) => one.name === as)?.data,
      )
    expect(tensors.map(({ name }) => name.split('.')[0])).not.toContain('discriminator')
    const text = readFileSync(files[0] ?? '', 'utf8')
    const [, temperature] = /^TEMPERATURE = (.+)$/m.exec(text) ?? []
    expect(Number(temperature)).toBeGreaterThan(0)
    expect(temperature).not.toBe('1.0')
  })

  it('asks for the scaling of pixels that a file of another program does not say, and numbers its classes', async () => {
    const foreign = join(temporaryFolder(), 'foreign.safetensors')
    const { tensors } = await readCheckpoint(checkpoint)
    writeFileSync(foreign, encodeSafetensors(tensors, {}))
    const out = join(temporaryFolder(), 'script')
    const order = { checkpoint: foreign, format: 'pytorch', out } as const
    await expect(watched.lab.call('export', order)).rejects.toMatchObject({ code: 'pixels-unknown' })
    const { notes } = await watched.lab.call('export', { ...order, pixels: 'symmetric' })
    expect(notes).toEqual([{ code: 'preparation-assumed', params: { last: 1 } }])
    const text = readFileSync(join(out, 'predict.py'), 'utf8')
    expect(text).toContain('CLASSES = [\n    "0",\n    "1",\n]\n')
    expect(text).toContain('return 2 * values - 1')
  })

  it('writes the same safetensors file, and npy files that come back as they were', async () => {
    const folder = temporaryFolder()
    const copy = join(folder, 'copy.safetensors')
    await watched.lab.call('export', { checkpoint, format: 'safetensors', out: copy })
    expect(readFileSync(copy).equals(readFileSync(checkpoint))).toBe(true)

    const out = join(folder, 'npy')
    const { files } = await watched.lab.call('export', { checkpoint, format: 'npy', out })
    expect(files.map((file) => file.slice(out.length + 1)).sort()).toEqual([
      'C.npy',
      'D.npy',
      'MS.npy',
      'MT.npy',
    ])
    const imported = await watched.lab.call('import', { path: out, pixels: 'unit' })
    const values = async (file: string) =>
      new Map((await readCheckpoint(file)).tensors.map(({ name, data }) => [name, Array.from(data)]))
    expect(await values(imported.checkpoint)).toEqual(await values(checkpoint))
    // The files do not say what they were trained on.
    const on = { dataset: 'usps', split: 'test' } as const
    const again = await watched.lab.call('evaluate', { checkpoint: imported.checkpoint, ...on })
    expect(again.result).toEqual((await watched.lab.call('evaluate', { checkpoint, ...on })).result)
  })

  it.runIf(process.platform === 'linux')(
    'leaves nothing where it could not be ended, and can be tried again',
    async () => {
      const parent = temporaryFolder()
      const order = { ...unprepared, checkpoint, format: 'tfjs' as const, out: join(parent, 'model') }
      // Simulates a disk that becomes full during a write: no file of this process can exceed 100 kB.
      const limitFiles = (limit: string) =>
        execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${limit}`])
      limitFiles('100000:')
      try {
        await expect(exportCheckpoint(order, () => undefined)).rejects.toMatchObject({ code: 'disk-full' })
      } finally {
        limitFiles('unlimited:')
      }
      expect(readdirSync(parent)).toEqual([])
      expect((await exportCheckpoint(order, () => undefined)).files).toHaveLength(2)
    },
  )

  it('imports a run that is seen with its checkpoint, and not before', async () => {
    const runs = join(trained.folder, '..')
    const before = readdirSync(runs)
    const isNew = (name: string) => !name.startsWith('.') && !before.includes(name)
    const importing = watched.lab.call('import', { path: checkpoint })
    const seen: number[] = []
    while (await isPending(importing)) {
      for (const name of readdirSync(runs).filter(isNew)) {
        seen.push(readdirSync(checkpointsFolder(join(runs, name))).length)
      }
    }
    await importing
    expect(seen.filter((checkpoints) => checkpoints === 0)).toEqual([])
  })

  it('imports a checkpoint of the lab with all that it says', async () => {
    const { run } = await watched.lab.call('import', { path: checkpoint })
    const { summary } = await watched.lab.call('run', { run })
    const original = await watched.lab.call('run', { run: trained.run })
    expect(summary).toMatchObject({
      state: 'finished',
      rounds: 2,
      targetAccuracy: original.summary.targetAccuracy,
      damage: [],
    })
  })

  it('writes over nothing', async () => {
    for (const format of exportFormats) {
      const out = join(temporaryFolder(), 'taken.safetensors')
      writeFileSync(out, 'mine')
      await expect(watched.lab.call('export', { checkpoint, format, out })).rejects.toMatchObject({
        code: 'already-there',
      })
      expect(readFileSync(out, 'utf8')).toBe('mine')
    }
  })

  it('writes over no file that appears after the lab has looked', async () => {
    const out = join(temporaryFolder(), 'taken.safetensors')
    writeFileSync(out, 'mine')
    const order = { ...unprepared, checkpoint, format: 'safetensors', out } as const
    await expect(exportCheckpoint(order, () => undefined)).rejects.toMatchObject({ code: 'already-there' })
    expect(readFileSync(out, 'utf8')).toBe('mine')
  })
})

describe('datasets of the user', () => {
  const folder = join(temporaryFolder(), 'pictures')

  beforeAll(() => {
    for (const [name, grey] of [
      ['dark', 20],
      ['light', 230],
    ] as const) {
      mkdirSync(join(folder, name), { recursive: true })
      for (let i = 0; i < 3; i++) writeFileSync(join(folder, name, `${i}.png`), greyPng(30, grey + i))
    }
  })

  it('are looked at, brought in, seen, thrown away and brought back', async () => {
    const preview = await watched.lab.call('previewDataset', { path: folder })
    expect(preview.summary).toMatchObject({ classNames: ['dark', 'light'], width: 30, height: 30 })
    expect(preview.sample.labels).toHaveLength(6)
    expect(preview).toMatchObject({ format: 'image-folder', sizes: { width: { least: 30, most: 30 } } })
    const kept = await watched.lab.call('importDataset', { path: folder, name: 'Greys' })
    expect(kept.from).toBe(folder)
    const read = watched.events.flatMap((event) => (event.type === 'reading' ? [event] : []))
    expect(read[0]).toMatchObject({ path: folder, progress: { total: 6, perSecond: null } })
    const compare = () => watched.lab.call('compareDataset', { path: folder, id: kept.id })
    expect(await compare()).toBeNull()
    writeFileSync(join(folder, 'dark', 'added.png'), greyPng(30, 3))
    expect(await compare()).toEqual({ added: 1, removed: 0, changed: 0, files: 'dark/added.png' })
    rmSync(join(folder, 'dark', 'added.png'))
    expect((await watched.lab.call('datasets', {})).map(({ id }) => id)).toContain(kept.id)
    const gallery = await watched.lab.call('gallery', {
      domain: { dataset: 'Greys', classes: ['dark', 'light'] },
      count: 100,
    })
    expect(gallery).toMatchObject({ width: 28, height: 28, channels: 1 })
    expect([...gallery.labels].sort()).toEqual([0, 0, 0, 1, 1, 1])
    const { name } = await watched.lab.call('trashDataset', { id: 'Greys' })
    expect((await watched.lab.call('datasets', {})).map(({ id }) => id)).not.toContain('Greys')
    await watched.lab.call('restoreDataset', { name })
    expect((await watched.lab.call('datasets', {})).map(({ id }) => id)).toContain('Greys')
  })

  it('name an image that does not decode, and may leave it out', async () => {
    const broken = join(folder, 'dark', 'broken.png')
    writeFileSync(broken, greyPng(30, 1).subarray(0, 40))
    const look = (skipUndecodable: boolean) =>
      watched.lab.call('previewDataset', { path: folder, choices: { skipUndecodable } })
    await expect(look(false)).rejects.toMatchObject({ code: 'image-undecodable', params: { file: broken } })
    const { summary, sample } = await look(true)
    expect(summary.notes).toMatchObject([
      { code: 'files-skipped', params: { count: 1, names: ['dark/broken.png'] } },
    ])
    expect(sample.labels).toHaveLength(6)
  })

  it('are not decoded where they claim to be enormous, or are of a kind that is not read', async () => {
    const odd = join(temporaryFolder(), 'odd')
    mkdirSync(join(odd, 'a'), { recursive: true })
    const look = () => watched.lab.call('previewDataset', { path: odd })
    const enormous = greyPng(1, 0)
    // The width in the header.
    enormous.writeUInt32BE(100_000, 16)
    writeFileSync(join(odd, 'a', 'x.png'), enormous)
    await expect(look()).rejects.toMatchObject({ code: 'image-too-large', params: { width: 100_000 } })
    writeFileSync(join(odd, 'a', 'x.png'), Buffer.from('GIF89a\x01\x00\x01\x00\x00\x00\x00;', 'latin1'))
    await expect(look()).rejects.toMatchObject({ code: 'image-undecodable' })
  })
})

describe('the analyst', () => {
  const place = { workers: programs, execPath: process.execPath }

  it('answers the next question after a death in the middle of one', async () => {
    const crashes: string[][] = []
    const analyst = createAnalyst(place, {
      log: () => undefined,
      crashed: (...crash) => crashes.push(crash),
    })
    const order = { domain: small(onMnist).target, model: small(onMnist).model, count: 1, datasets: '' }
    const first = analyst.ask('gallery', order)
    const dies = expect(first).rejects.toMatchObject({ code: 'worker-died', params: { worker: 'analyst' } })
    process.kill(newestAnalyst(), 'SIGKILL')
    await dies
    expect(crashes).toEqual([['analyst', 'SIGKILL']])
    expect((await analyst.ask('gallery', order)).labels).toHaveLength(1)
    await analyst.close()
  })

  it('names the file that it died of', async () => {
    const analyst = createAnalyst(place, { log: () => undefined, crashed: () => undefined })
    const folder = temporaryFolder()
    const large = join(folder, 'b', 'large.png')
    for (const [name, side] of [
      ['a', 1],
      ['b', 4096],
    ] as const) {
      mkdirSync(join(folder, name))
      writeFileSync(join(folder, name, name === 'a' ? 'small.png' : 'large.png'), greyPng(side, 0))
    }
    const small = { path: temporaryFolder() }
    mkdirSync(join(small.path, 'a'), { recursive: true })
    writeFileSync(join(small.path, 'a', 'small.png'), greyPng(1, 0))
    await analyst.ask('previewDataset', small)
    // TensorFlow is already loaded, so only the unpacked large image increases the memory.
    const pid = newestAnalyst()
    const before = residentMegabytes(pid)
    const dies = expect(
      analyst.ask('previewDataset', { path: folder, choices: { skipUndecodable: true } }),
    ).rejects.toMatchObject({ code: 'reader-died', params: { file: large, signal: 'SIGKILL' } })
    while (residentMegabytes(pid) < before + 8) await new Promise((resolve) => setImmediate(resolve))
    process.kill(pid, 'SIGKILL')
    await dies
    expect((await analyst.ask('previewDataset', small)).summary.width).toBe(1)
    await analyst.close()
  })

  it('refuses messages that do not fit, and goes on', async () => {
    const replies: unknown[] = []
    let heard: (() => void) | null = null
    const worker = startWorker<object, unknown>('analyst', place, analystReplySchema, {
      reply: (reply) => {
        replies.push(reply)
        heard?.()
      },
      refused: (error) => replies.push(error),
      wrote: () => undefined,
    })
    const next = () =>
      new Promise<void>((resolve) => {
        heard = resolve
      })
    const violation = { code: 'contract-violation' }
    for (const [message, error] of [
      [{ id: 1, task: 'format-disk', input: {} }, violation],
      [{ id: 2, task: 'gallery', input: { count: 'many' } }, violation],
      [{ id: 3, task: 'machinery', input: { threads: 0 } }, violation],
    ] as const) {
      const answered = next()
      worker.send(message)
      await answered
      expect(replies.pop()).toMatchObject({ id: message.id, error })
    }
    const answered = next()
    worker.send({ nonsense: true })
    worker.send({ id: 4, task: 'machinery', input: { threads: 1 } })
    await answered
    expect(replies).toMatchObject([{ id: 4, output: { backend: 'tensorflow', threads: 1 } }])
    worker.kill()
    await worker.gone
  })
})

function residentMegabytes(pid: number): number {
  const [, kilobytes = '0'] = /VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes) / 1024
}

/** The process id of the analyst that this process started last. */
function newestAnalyst(): number {
  const children = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8').trim().split(' ')
  const analysts = children.filter((pid) =>
    readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('analyst.cjs'),
  )
  return Math.max(...analysts.map(Number))
}
