/** Records of schema 1, written by commit c1aae42, as records of this version. */
import { readFileSync } from 'fs'
import { join } from 'path'
import { describe, expect, it } from 'vitest'
import {
  experimentByName,
  factsByName,
  namesInRecord,
  newerSchema,
  recordByName,
  seriesByName,
} from '../../../src/contract/earlier'
import { checkpointFactsSchema, runRecordSchema } from '../../../src/contract/record'
import { seriesRecordSchema } from '../../../src/contract/series'

type Stored = Record<string, unknown>
const stored = (name: string): Stored =>
  JSON.parse(readFileSync(join(__dirname, '../../fixtures/records', name), 'utf8')) as Stored

const striped = { source: { classes: ['dog', 'owl'] }, target: { classes: ['owl', 'dog'] }, pairing: [1, 0] }
const digits = { source: { classes: ['0', '1'] }, target: { classes: ['2', '3'] }, pairing: [0, 1] }

describe('run.json of schema 1', () => {
  const byName = (record: Stored) => runRecordSchema.parse(recordByName(record))

  it('names its classes by the names that stood beside them', () => {
    expect(byName(stored('stripes.run.json'))).toMatchObject({ schema: 2, experiment: striped })
    expect(byName(stored('mnist.run.json'))).toMatchObject({ schema: 2, experiment: digits })
  })

  it('without these names has the digits of MNIST and USPS, and positions in other datasets', () => {
    const without = (name: string) => ({ ...stored(name), classNames: undefined })
    expect(byName(without('mnist.run.json')).experiment).toMatchObject(digits)
    const { source, target } = byName(without('stripes.run.json')).experiment
    expect([source.classes, target.classes]).toEqual([
      ['#1', '#2'],
      ['#3', '#2'],
    ])
  })

  it('names the classes of its labelled images too', () => {
    const labelledTarget = [
      { class: 3, image: 95 },
      { class: 2, image: 61 },
    ]
    expect(byName({ ...stored('stripes.run.json'), labelledTarget }).labelledTarget).toEqual([
      { class: 'owl', image: 95 },
      { class: 'dog', image: 61 },
    ])
  })

  it('gives its names to its checkpoints, as run.json of schema 2 does', () => {
    const record = stored('stripes.run.json')
    for (const one of [record, recordByName(record)]) {
      const facts = factsByName(stored('stripes.round-0001.facts.json'), namesInRecord(one))
      expect(checkpointFactsSchema.parse(facts).experiment).toMatchObject(striped)
    }
  })
})

it('a checkpoint of schema 1 without its run names the classes of MNIST, and others by position', () => {
  const read = (name: string) => checkpointFactsSchema.parse(factsByName(stored(name), {})).experiment
  expect(read('mnist.source.facts.json')).toMatchObject(digits)
  expect(read('stripes.source.facts.json').source.classes).toEqual(['#1', '#2'])
})

it('series.json of schema 1 has the digits of MNIST, and positions in other datasets', () => {
  const { schema, items } = seriesRecordSchema.parse(seriesByName(stored('series.json')))
  expect(schema).toBe(2)
  expect(items.map(({ experiment }) => experiment.target.classes)).toEqual([
    ['2', '3'],
    ['#3', '#2'],
  ])
})

it('records of schema 2, and values that are no records, are returned unchanged', () => {
  const record = recordByName(stored('stripes.run.json'))
  expect(recordByName(record)).toBe(record)
  expect(seriesByName({ schema: 2, items: [] })).toEqual({ schema: 2, items: [] })
  for (const value of [null, 7, 'text', [], { schema: 1 }]) expect(experimentByName(value, {})).toEqual(value)
})

it('only a number above 2 is a newer schema', () => {
  expect([1, 2, 3, '3', undefined].map((schema) => newerSchema({ schema }))).toEqual([
    null,
    null,
    3,
    null,
    null,
  ])
  expect(newerSchema(null)).toBeNull()
})
