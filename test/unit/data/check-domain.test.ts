import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  adaptationSchema,
  domainSchema,
  type Domain,
  type Experiment,
} from '../../../src/contract/experiment'
import { checkDomains, checkPairing, drawDecidesShots } from '../../../src/data/check-domain'
import { listDatasets } from '../../../src/data/open-dataset'
import { refusalOf } from './support'

type Domains = Pick<Experiment, 'source' | 'target' | 'pairing' | 'adaptation'>

const digits = (classes: number[], settings: Partial<Domain> = {}) =>
  domainSchema.parse({ dataset: 'mnist', classes, count: 10_000, ...settings })
const published: Domains = {
  source: digits([0, 1]),
  target: digits([2, 3]),
  pairing: [0, 1],
  adaptation: adaptationSchema.parse({}),
}

const check = async (changes: Partial<Domains>) =>
  checkDomains({ ...published, ...changes }, await listDatasets('nowhere'))
const refusal = (changes: Partial<Domains>) => refusalOf(() => check(changes))

describe('the domains of an experiment', () => {
  it('pass where all is there', async () => {
    await check({})
    await check({ pairing: [1, 0] })
    await check({ target: digits([2, 3], { count: 12_089 }) })
    await check({
      target: digits([2, 3], { dataset: 'usps', count: 'all', partition: 'pooled', split: 'test' }),
    })
  })

  it('are refused with classes of unequal number', async () => {
    expect(await refusal({ target: digits([2, 3, 4]) })).toEqual({
      code: 'unequal-classes',
      params: { source: 2, target: 3 },
    })
  })

  it('are refused with a class given twice', async () => {
    expect(await refusal({ source: digits([1, 1]) })).toEqual({
      code: 'repeated-class',
      params: { class: '1', domain: 'source' },
    })
  })

  it('are refused with a class that the dataset does not have, and say which it has', async () => {
    expect(await refusal({ target: digits([2, 10]) })).toEqual({
      code: 'unknown-class',
      params: { dataset: 'mnist', class: '10', nearest: '0', known: '0, 1, 2, 3, 4, 5, 6, 7, 8, 9' },
    })
  })

  it('are refused with more images than there are, and say how many', async () => {
    expect(await refusal({ target: digits([2, 3], { count: 12_090 }) })).toEqual({
      code: 'count-too-large',
      params: { domain: 'target', asked: 12_090, available: 12_089 },
    })
  })

  it('are refused with more labelled images a class than a class of the target has', async () => {
    const adaptation = adaptationSchema.parse({ shots: 1000 })
    const target = digits([1, 8], { dataset: 'usps', count: 'all' })
    expect(await refusal({ target, adaptation })).toEqual({
      code: 'shots-too-many',
      params: { asked: 1000, class: '8', available: 542 },
    })
  })

  it('are refused with all of the target labelled, and with a single target image', async () => {
    const adaptation = adaptationSchema.parse({ shots: 30 })
    expect(await refusal({ target: digits([2, 3], { count: 60 }), adaptation })).toEqual({
      code: 'shots-leave-none',
      params: { asked: 60, images: 60 },
    })
    expect(await refusal({ target: digits([2, 3], { count: 1 }) })).toEqual({
      code: 'too-few-images',
      params: { domain: 'target', least: 2, found: 1 },
    })
    await check({ target: digits([2, 3], { count: 61 }), adaptation })
  })

  it('leave it to the draw whether there are enough to label only where it can go either way', async () => {
    const [mnist] = await listDatasets('nowhere')
    if (mnist === undefined) throw new Error('no MNIST')
    // There are 5,958 images of digit 2 and 6,131 of digit 3.
    const decides = (count: number | 'all', shots: number) =>
      drawDecidesShots(shots, digits([2, 3], { count }), mnist)
    expect(decides('all', 1000)).toBe(false)
    expect(decides(12_000, 1000)).toBe(false)
    expect(decides(60, 5)).toBe(true)
    expect(decides(60, 0)).toBe(false)
    expect(decides(12_089 - 5953, 5)).toBe(false)
    expect(decides(12_089 - 5954, 5)).toBe(true)
  })

  it('are refused with an unknown dataset, with the nearest', async () => {
    expect(await refusal({ target: digits([2, 3], { dataset: 'uspss' }) })).toEqual({
      code: 'unknown-dataset',
      params: { name: 'uspss', nearest: 'usps' },
    })
  })

  it('are refused with a split that a dataset of one set does not have', async () => {
    const [mnist] = await listDatasets('nowhere')
    if (mnist === undefined) throw new Error('no MNIST')
    const counts = { 'original/train': 5 }
    const own = { ...mnist, id: 'own', counts, classCounts: { 'original/train': [5, 5, 5, 5] } }
    const target = digits([2, 3], { dataset: 'own', split: 'test' })
    expect(await refusalOf(() => checkDomains({ ...published, target }, [mnist, own]))).toEqual({
      code: 'no-such-split',
      params: { dataset: 'own', split: 'original/test' },
    })
  })
})

describe('a pairing', () => {
  it('is refused where it is no permutation', async () => {
    for (const pairing of [[0, 0], [0, 2], [0], [0, 1, 2], [1]]) {
      expect(await refusal({ pairing })).toEqual({
        code: 'invalid-pairing',
        params: { pairing: pairing.join(', '), classes: 2 },
      })
    }
  })

  it('passes where it is one', () => {
    const order = fc.integer({ min: 1, max: 8 }).chain((n) =>
      fc.shuffledSubarray(
        Array.from({ length: n }, (_, i) => i),
        { minLength: n },
      ),
    )
    fc.assert(
      fc.property(order, (pairing) => {
        checkPairing(pairing, pairing.length)
      }),
    )
  })
})
