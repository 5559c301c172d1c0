/** Batches of one image are rejected with batch normalisation; no published experiment has one. */
import { readFileSync } from 'fs'
import { join } from 'path'
import { describe, expect, it } from 'vitest'
import { applySettings, readExperiment } from '../../../src/contract/check'
import { encoders, experimentSchema, isBatchNormalised } from '../../../src/contract/experiment'
import { checkBatches } from '../../../src/data/check-batches'
import { imagesIn, summaryIn } from '../../../src/data/check-domain'
import { listDatasets } from '../../../src/data/open-dataset'
import { listPresets } from '../../../src/data/presets'
import { methodNamed, methods } from '../../../src/methods/registry'
import { architecturesOf } from '../../../src/models/architectures'
import { refusalOf } from './support'
import { modelOf } from '../../fixtures/model'

const declarations = methods.map(({ declaration }) => declaration)

interface Case {
  readonly method?: string
  readonly encoder?: string
  readonly source: number
  readonly target: number
  readonly adaptation?: object
  readonly sourceStage?: object
  readonly classes?: number[]
}

const check = ({
  method = 'dann',
  encoder = 'lenet-bn',
  adaptation,
  sourceStage,
  classes,
  ...images
}: Case) =>
  checkBatches(
    experimentSchema.parse({
      name: 'test',
      source: { dataset: 'mnist', classes: [0] },
      target: { dataset: 'mnist', classes: classes ?? [0, 1] },
      pairing: [0],
      model: { encoder },
      sourceStage: { batch: 50, ...sourceStage },
      adaptation: { batch: 50, ...adaptation },
    }),
    methodNamed(method).declaration,
    images,
  )

describe('a batch of one image under batch normalisation', () => {
  it.each<[string, Case, object]>([
    [
      'the last of the source stage',
      { source: 101, target: 100 },
      { name: 'sourceStage.batch', images: 101 },
    ],
    ['each of the source stage', { source: 90, target: 90, sourceStage: { batch: 1 } }, { batch: 1 }],
    ['the last target batch', { source: 200, target: 101 }, { name: 'adaptation.batch', domain: 'target' }],
    [
      'the last source batch',
      { source: 101, target: 200, sourceStage: { epochs: 0 } },
      { name: 'adaptation.batch', domain: 'source' },
    ],
    [
      'the source batch of ADDA, whose D sees it in the mode of a network that learns',
      { method: 'adda', source: 101, target: 200, sourceStage: { epochs: 0 } },
      { domain: 'source' },
    ],
    ['each of the adaptation', { source: 90, target: 90, adaptation: { batch: 1 } }, { batch: 1 }],
    [
      'a source of one image, however many steps an epoch has',
      { source: 1, target: 90, sourceStage: { steps: 5 } },
      { name: 'sourceStage.batch', images: 1 },
    ],
    [
      'a target of one image, beside a larger source',
      { source: 90, target: 1, adaptation: { steps: 5 } },
      { name: 'adaptation.batch', domain: 'target' },
    ],
    [
      'each of an epoch in steps',
      { source: 90, target: 90, adaptation: { batch: 1, steps: 5 } },
      { batch: 1 },
    ],
    ['on the other encoder', { encoder: 'lenet-mlp', source: 200, target: 101 }, { encoder: 'lenet-mlp' }],
  ])('is refused: %s', async (_, given, params) => {
    expect(await refusalOf(() => check(given))).toMatchObject({ code: 'batch-of-one', params })
  })

  it.each<[string, Case]>([
    ['without batch normalisation', { encoder: 'lenet', source: 101, target: 101 }],
    ['where the other domain ends the round before it', { source: 100, target: 101 }],
    [
      'where the method does not show the source',
      { method: 'shot-im', source: 101, target: 200, sourceStage: { epochs: 0 } },
    ],
    ['where nothing is adapted', { method: 'source-only', source: 100, target: 101 }],
    ['where there are no rounds', { source: 100, target: 101, adaptation: { epochs: 0 } }],
    ['where the last batch has two', { source: 102, target: 152 }],
    [
      'where steps are counted, so that all batches are full',
      { source: 101, target: 51, sourceStage: { steps: 3 }, adaptation: { steps: 9 } },
    ],
  ])('is none %s', (_, given) => {
    check(given)
  })

  it('is refused among the labelled images, too', async () => {
    const given = { source: 100, target: 100, adaptation: { shots: 1 } }
    expect(await refusalOf(() => check({ ...given, classes: [0] }))).toEqual({
      code: 'shots-of-one',
      params: { encoder: 'lenet-bn' },
    })
    check(given)
  })

  it('is looked for on the encoders that have batch normalisation', () => {
    const withLayers = encoders.map((encoder) => {
      const { encoder: own } = architecturesOf(modelOf(encoder), 2)
      return [encoder, own.some(({ kind }) => kind === 'batch-norm')]
    })
    expect(withLayers).toEqual(encoders.map((encoder) => [encoder, isBatchNormalised(modelOf(encoder))]))
  })
})

it('every preset and every task of the results has batches of two and more where they are needed', async () => {
  const summaries = await listDatasets('nowhere')
  // `photos` takes datasets of the user, whose numbers of images are not known.
  const presets = (await listPresets()).filter(({ id }) => id !== 'photos')
  const text = readFileSync(join(import.meta.dirname, '../../../build/results/tasks.json'), 'utf8')
  const tasks = JSON.parse(text) as { id: string; preset: string; settings: Record<string, string> }[]
  const named = [...presets.map(({ id }) => ({ preset: id, settings: {} })), ...tasks]
  for (const { preset: id, settings } of named) {
    const preset = presets.find((one) => one.id === id)
    const changed = applySettings(preset?.experiment, Object.entries(settings), declarations)
    const experiment = experimentSchema.parse(readExperiment(changed, declarations))
    const { source, target } = experiment
    checkBatches(experiment, methodNamed(experiment.adaptation.method).declaration, {
      source: imagesIn(source, summaryIn(summaries, source)),
      target: imagesIn(target, summaryIn(summaries, target)),
    })
  }
})
