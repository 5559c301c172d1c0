/** The experiment proposed for two datasets of the user: classes, pairing, held-out part, size, encoder and rounds. */
import { describe, expect, it } from 'vitest'
import type { CommandContext } from '../../../src/cli/command'
import { experimentProposed } from '../../../src/cli/proposed'
import type { DatasetSummary } from '../../../src/contract/dataset'
import { toErrorMessage } from '../../../src/contract/errors'
import { proposedExperiment } from '../../../src/contract/proposal'
import { reasonSentences } from '../../../src/language/proposal'
import { wordsIn } from '../../../src/language/words'

/** A dataset without a test split, with this number of samples of each class. */
function own(id: string, classNames: readonly string[], each: number, more: Partial<DatasetSummary> = {}) {
  const all = classNames.length * each
  const pooled: Record<string, number> =
    classNames.length === 0 ? {} : { 'pooled/train': all * 0.8, 'pooled/test': all * 0.2 }
  return {
    id,
    title: id,
    path: `/data/${id}.npz`,
    from: null,
    kind: 'image',
    width: null,
    height: null,
    channels: 3,
    length: null,
    classNames: [...classNames],
    counts: { 'original/train': all, ...pooled },
    classCounts: {
      'original/train': classNames.map(() => each),
      'pooled/train': classNames.map(() => each * 0.8),
      'pooled/test': classNames.map(() => each * 0.2),
    },
    licence: '',
    reduced: 0,
    notes: [],
    ...more,
  } satisfies DatasetSummary
}

const shapes = ['circle', 'star', 'triangle']
const source = own('studio', shapes, 200)
const flat = own('street', [], 0, { counts: { 'original/train': 500 }, classCounts: {} })
const codes = (of: ReturnType<typeof proposedExperiment>) => of.reasons.map(({ code }) => code)
const refusal = (...pair: Parameters<typeof proposedExperiment>) => {
  try {
    proposedExperiment(...pair)
    return null
  } catch (error) {
    return toErrorMessage(error)
  }
}

describe('the experiment proposed for two datasets', () => {
  it('takes all classes of the source for a target without labels, and holds out a fifth of the source', () => {
    const proposal = proposedExperiment(source, flat)
    expect(proposal.experiment).toMatchObject({
      name: 'studio → street',
      source: { dataset: 'studio', partition: 'pooled', split: 'train', classes: shapes },
      target: { dataset: 'street', partition: 'original', split: 'train', classes: [], unlabelled: true },
      pairing: [],
      model: { encoder: 'lenet-bn', side: 32, channels: 3, length: null },
      adaptation: { method: 'mcc', epochs: 7 },
      sourceStage: { epochs: 60 },
    })
    expect(proposal.reasons).toContainEqual({ code: 'classes-unlabelled', params: { count: 3 } })
    expect(proposal.reasons).toContainEqual({ code: 'held-out', params: { count: 120 } })
  })

  it('pairs classes by name, in whatever order they are', () => {
    const { experiment } = proposedExperiment(source, own('street', ['triangle', 'circle', 'star'], 50))
    expect(experiment.target).toMatchObject({ classes: ['triangle', 'circle', 'star'], partition: 'pooled' })
    expect(experiment.pairing).toEqual([2, 0, 1])
  })

  it('leaves out the classes that only one of them has, and says which', () => {
    const proposal = proposedExperiment(source, own('street', ['star', 'square', 'circle'], 50))
    expect(proposal.experiment.source.classes).toEqual(['circle', 'star'])
    expect(proposal.experiment.target.classes).toEqual(['star', 'circle'])
    expect(proposal.experiment.pairing).toEqual([1, 0])
    const left = ['triangle', 'square']
    expect(proposal.reasons).toContainEqual({ code: 'classes-shared', params: { count: 2, left } })
  })

  it('pairs by order where no name meets, and says that this is to be checked', () => {
    const proposal = proposedExperiment(source, own('street', ['a', 'b', 'c'], 50))
    expect(proposal.experiment.pairing).toEqual([0, 1, 2])
    expect(codes(proposal)).toContain('classes-by-order')
  })

  it('keeps the split of the files, and small images of one size as they are', () => {
    const size = { width: 28, height: 28, channels: 1 }
    const counts = { 'original/train': 50_000, 'original/test': 10_000, 'pooled/train': 48_000 }
    const digits = own('digits', shapes, 20_000, { ...size, counts })
    const proposal = proposedExperiment(digits, { ...flat, width: 16, height: 16, channels: 3 })
    expect(proposal.experiment.source.partition).toBe('original')
    expect(proposal.experiment.model).toMatchObject({ side: 28, channels: 1 })
    expect(codes(proposal)).toContain('side-kept')
    expect(proposal.reasons).toContainEqual({ code: 'held-out', params: { count: 10_000 } })
    expect(proposal.experiment.sourceStage.epochs).toBe(1)
  })

  it('takes the network for vectors of their length; columns of a table are scaled one by one', () => {
    const vectors = { kind: 'vector', channels: null } as const
    const of = (length: number) =>
      proposedExperiment(own('a', shapes, 50, { ...vectors, length }), { ...flat, ...vectors, length })
        .experiment
    expect(of(800)).toMatchObject({
      model: { encoder: 'mlp', length: 800, vectors: 'l2' },
      sourceStage: { views: null },
    })
    expect(of(12).model.vectors).toBe('z-score')
  })

  it.each([
    ['a source without labels', refusal(flat, flat), 'source-unlabelled'],
    ['a source of one class', refusal(own('one', ['a'], 50), flat), 'too-few-classes'],
    ['images with vectors', refusal(source, { ...flat, kind: 'vector', length: 9 }), 'unlike-samples'],
    ['names that do not meet', refusal(source, own('street', ['circles', 'b'], 5)), 'classes-do-not-meet'],
  ])('refuses %s', (_, found, code) => {
    expect(found?.code).toBe(code)
  })

  it('has a sentence with the same parameters in both languages for every reason', () => {
    const parameters = (text: string) => [...(text.match(/\{\w+\}/g) ?? [])].sort()
    for (const [code, text] of Object.entries(reasonSentences.en))
      expect(parameters(reasonSentences.zh[code as keyof typeof reasonSentences.zh])).toEqual(
        parameters(text),
      )
  })
})

describe('in the terminal', () => {
  const told: string[] = []
  const context = {
    lab: { call: () => Promise.resolve([source, flat]) },
    terminal: { language: 'en', say: wordsIn('en'), note: (line: string) => told.push(line) },
  } as unknown as CommandContext

  it('is the one of the window, with every reason on a line', async () => {
    const proposal = proposedExperiment(source, flat)
    const asked = { source: source.id, target: flat.id }
    expect(await experimentProposed(context, asked)).toEqual(proposal.experiment)
    expect(told).toHaveLength(1 + proposal.reasons.length)
    expect(told[1]).toBe(
      '  The target has no labels, so it takes the 3 classes of the source and no pairing.',
    )
    expect(told.join()).not.toMatch(/[{}]/)
  })

  it('refuses a name that no dataset has, and names the nearest', async () => {
    const unknown = experimentProposed(context, { source: 'studios', target: flat.id })
    await expect(unknown).rejects.toMatchObject({ code: 'unknown-dataset', params: { nearest: 'studio' } })
  })
})
