/** Drafts become experiments: the classes of both domains by name, and their pairing. */
import { describe, expect, it } from 'vitest'
import type { DatasetSummary } from '../../../src/contract/dataset'
import {
  experimentDraftSchema,
  experimentSchema,
  type Experiment,
  type ExperimentInput,
} from '../../../src/contract/experiment'
import { settle } from '../../../src/data/settle'
import { refusalOf } from './support'

function summaryOf(id: string, classNames: string[], changes: Partial<DatasetSummary> = {}): DatasetSummary {
  const counts = classNames.map(() => 10)
  const total = 10 * classNames.length
  return {
    id,
    title: id,
    path: null,
    kind: 'image',
    width: 28,
    height: 28,
    channels: 1,
    length: null,
    classNames,
    counts: { 'original/train': total },
    classCounts: { 'original/train': counts },
    licence: '',
    reduced: 0,
    notes: [],
    from: null,
    ...changes,
  }
}

const animals = summaryOf('animals', ['cat', 'dog', 'owl'])
const pets = summaryOf('pets', ['cats', 'owl', 'dog'])
const summaries = [
  animals,
  pets,
  summaryOf('few', ['owl', 'cat', 'dog']),
  summaryOf('numbered', ['1', '2', '9']),
  summaryOf('composed', ['caf\u00e9', 'bar, pub']),
  summaryOf('partly', ['cat', 'dog', 'owl'], { counts: { 'original/train': 37 } }),
  summaryOf('none', [], { counts: { 'original/train': 20 }, classCounts: { 'original/train': [] } }),
  summaryOf('vectors', ['cat', 'dog', 'owl'], {
    kind: 'vector',
    width: null,
    height: null,
    channels: null,
    length: 5,
  }),
  summaryOf('longer', ['cat', 'dog', 'owl'], {
    kind: 'vector',
    width: null,
    height: null,
    channels: null,
    length: 6,
  }),
]

type Given = Pick<ExperimentInput, 'source' | 'target' | 'pairing'>
const settled = (given: Given): Experiment =>
  settle(experimentDraftSchema.parse({ name: 'test', ...given }), summaries)

describe('a draft without classes', () => {
  it('has all classes of both splits, paired by name in whatever order', () => {
    expect(settled({ source: { dataset: 'animals' }, target: { dataset: 'few' } })).toMatchObject({
      source: { classes: ['cat', 'dog', 'owl'] },
      target: { classes: ['owl', 'cat', 'dog'], unlabelled: false },
      pairing: [2, 0, 1],
    })
  })

  it('has only classes with images in the split', () => {
    const counts = { counts: { 'original/train': 20 }, classCounts: { 'original/train': [10, 0, 10] } }
    const gap = summaryOf('gap', ['cat', 'dog', 'owl'], counts)
    const draft = experimentDraftSchema.parse({
      name: 'test',
      source: { dataset: 'gap' },
      target: { dataset: 'gap' },
    })
    expect(settle(draft, [gap]).source.classes).toEqual(['cat', 'owl'])
  })

  it('has the images of the target without a label too, and needs no label there at all', () => {
    expect(settled({ source: { dataset: 'animals' }, target: { dataset: 'partly' } })).toMatchObject({
      target: { classes: ['cat', 'dog', 'owl'], unlabelled: true },
      pairing: [0, 1, 2],
    })
    expect(settled({ source: { dataset: 'animals' }, target: { dataset: 'none' } })).toMatchObject({
      target: { classes: [], unlabelled: true },
      pairing: [],
    })
  })

  it('has only labelled images of the source', () => {
    expect(settled({ source: { dataset: 'partly' }, target: { dataset: 'none' } }).source).toMatchObject({
      classes: ['cat', 'dog', 'owl'],
      unlabelled: false,
    })
  })
})

describe('classes', () => {
  it('are chosen by name, of which a number is one', () => {
    const chosen = { dataset: 'numbered', classes: [1, '2'] }
    const { source } = settled({ source: chosen, target: chosen })
    expect(source.classes).toEqual(['1', '2'])
  })

  it('are the same however their letters are composed', () => {
    const source = { dataset: 'composed', classes: ['cafe\u0301', 'bar, pub'] }
    expect(settled({ source, target: { dataset: 'composed' } })).toMatchObject({
      source: { classes: ['caf\u00e9', 'bar, pub'] },
      pairing: [0, 1],
    })
  })

  it('of unequal names are refused with the nearest, unless they are paired by position', async () => {
    const given = {
      source: { dataset: 'animals', classes: ['cat', 'dog'] },
      target: { dataset: 'pets', classes: ['cats', 'dog'] },
    }
    expect(await refusalOf(() => settled(given))).toEqual({
      code: 'classes-do-not-meet',
      params: { class: 'cats', nearest: 'cat', strange: 1 },
    })
    expect(settled({ ...given, pairing: 'positions' }).pairing).toEqual([0, 1])
    expect(settled({ ...given, pairing: [1, 0] }).pairing).toEqual([1, 0])
  })

  it('that only the source has are refused by their number', async () => {
    const target = { dataset: 'animals', classes: ['cat', 'dog'] }
    expect(await refusalOf(() => settled({ source: { dataset: 'animals' }, target }))).toEqual({
      code: 'unequal-classes',
      params: { source: 3, target: 2 },
    })
  })
})

describe('samples', () => {
  it('of a source without labels are refused', async () => {
    expect(
      await refusalOf(() => settled({ source: { dataset: 'none' }, target: { dataset: 'animals' } })),
    ).toEqual({ code: 'source-unlabelled', params: { dataset: 'none' } })
  })

  it('of unlike kind or length are refused, and the length of vectors is that of the data', async () => {
    const by = (source: string, target: string) => () =>
      settled({ source: { dataset: source }, target: { dataset: target } })
    expect(await refusalOf(by('animals', 'vectors'))).toMatchObject({
      code: 'unlike-samples',
      params: { source: 'image', target: '[5]' },
    })
    expect(await refusalOf(by('vectors', 'longer'))).toMatchObject({
      code: 'unlike-samples',
      params: { source: '[5]', target: '[6]' },
    })
    expect(by('vectors', 'vectors')().model.length).toBe(5)
    expect(by('animals', 'few')().model.length).toBeNull()
  })
})

it('an experiment has its settings in the order of the schema, as its record will have', () => {
  const experiment = settled({ source: { dataset: 'animals' }, target: { dataset: 'few' } })
  expect(JSON.stringify(experimentSchema.parse(experiment))).toBe(JSON.stringify(experiment))
})

describe('a draft with a backbone', () => {
  const [own, other] = ['a'.repeat(64), 'b'.repeat(64)]
  const withBackbone = (source: string, weights: string | undefined, there: readonly string[]) =>
    settle(
      experimentDraftSchema.parse({
        name: 'test',
        source: { dataset: source },
        target: { dataset: source },
        model: { backbone: { network: 'resnet-18', weights }, encoder: 'mlp', side: 224, channels: 3 },
      }),
      summaries,
      () => there,
    )

  it('has vectors of the length of its features, and the only weights unless others are named', () => {
    expect(withBackbone('animals', undefined, [own]).model).toMatchObject({
      backbone: { network: 'resnet-18', weights: own },
      length: 512,
    })
    expect(withBackbone('animals', other, [own]).model.backbone).toEqual({
      network: 'resnet-18',
      weights: other,
    })
  })

  it('is refused without weights, with several to choose from, and for vectors', async () => {
    expect(await refusalOf(async () => withBackbone('animals', undefined, []))).toEqual({
      code: 'backbone-without-weights',
      params: { network: 'resnet-18' },
    })
    expect(await refusalOf(async () => withBackbone('animals', undefined, [own, other]))).toEqual({
      code: 'backbone-ambiguous',
      params: { network: 'resnet-18', digests: [own, other] },
    })
    expect(await refusalOf(async () => withBackbone('vectors', own, []))).toEqual({
      code: 'encoder-refuses-samples',
      params: { encoder: 'resnet-18', takes: '[side ≥ 32, side, 3]', given: '[5]', nearest: '' },
    })
  })
})
