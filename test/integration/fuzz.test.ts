/** The short form of `npm run fuzz`: the hand-made files and a few mutated ones. */
import { expect, it } from 'vitest'
import { fuzz } from '../fuzz/fuzz'
import { imageKindParsers } from '../fuzz/image-kinds'
import { imageParser } from '../fuzz/images'
import { binaryParsers } from '../fuzz/parsers'
import { textParsers } from '../fuzz/text-parsers'

it.each(binaryParsers.map((parser) => [parser.name, parser] as const))(
  'hostile and mutated files for the parser "%s" are results or errors of the lab',
  async (_, parser) => {
    const report = await fuzz(parser, { count: 100, seed: 2 })
    expect(report.faults).toEqual([])
    expect(Object.keys(report.refusals).length).toBeGreaterThan(1)
  },
)

it.each(imageKindParsers.map((parser) => [parser.name, parser] as const))(
  'so are those for the reader of "%s"',
  async (_, parser) => {
    const report = await fuzz(parser, { count: 100, seed: 2 })
    expect(report.faults).toEqual([])
    expect(report.results).toBeGreaterThan(0)
    expect(Object.keys(report.refusals).length).toBeGreaterThan(0)
  },
)

it('so are those for the parsers of text', async () => {
  for (const parser of await textParsers())
    expect((await fuzz(parser, { count: 100, seed: 2 })).faults).toEqual([])
})

it('so are those for the decoder of images, which goes on after each of them', async () => {
  const report = await fuzz(imageParser(), { count: 50, seed: 2 })
  expect(report.faults).toEqual([])
  expect(report.results).toBeGreaterThan(0)
  expect(Object.keys(report.refusals).length).toBeGreaterThan(1)
})
