import { expect, it } from 'vitest'
import { seedContrastText } from '../../../src/cli/seed-contrast'
import { domainSchema } from '../../../src/contract/experiment'
import type { SeedContrast } from '../../../src/contract/judging'
import type { Language } from '../../../src/language/language'
import { wordsIn } from '../../../src/language/words'

const found: SeedContrast = {
  domain: domainSchema.parse({ dataset: 'usps', classes: [0, 1] }),
  differences: [{ setting: 'adaptation.method', values: ['adda', 'dann'] }],
  pairs: [0, 1, 2].map((seed) => ({
    seed: String(seed),
    runs: [`a${String(seed)}`, `b${String(seed)}`],
    accuracies: [0.9, 0.93],
    difference: 0.03,
  })),
  means: [0.9, 0.93],
  difference: 0.03,
  deviation: 0.001,
  p: 0.25,
  minP: 0.25,
  count: 1860,
  low: 0.01,
  high: 0.05,
  otherWay: [0, 0],
  repeats: [{ run: 'a9', counted: 'a0', seed: '0', outcome: 'unfinished', machinery: [] }],
}
const words = (language: Language) => ({ say: wordsIn(language), language })

it('says what differs, pair by pair, and how small p can become', () => {
  const text = seedContrastText(found, words('en'))
  expect(text).toMatch(/adaptation\.method +adda +dann/)
  expect(text).toMatch(/2 +a2 +0\.9000 +b2 +0\.9300 +0\.0300/)
  expect(text).toMatch(/mean difference over the seeds.* 0\.0300 ± 0\.0010/)
  expect(text).toMatch(/sign-flip test over the seeds +0\.250/)
  expect(text).toContain('0.0100 … 0.0500')
  expect(text).toContain('With 3 seeds the smallest possible p is 0.250 (2/2^3, at most 1)')
  expect(text).not.toContain('chosen pairing')
  expect(text).toContain('a9, with the same seed, is left out')
})

it('has no deviation of one seed, and says which runs fell another way', () => {
  const one = { ...found, pairs: found.pairs.slice(0, 1), deviation: null, otherWay: [1, 0] } as SeedContrast
  expect(seedContrastText(one, words('en'))).toMatch(/with its deviation +0\.0300\n/)
  expect(seedContrastText(one, words('en'))).toContain('(1 here and 0 of the other do not)')
  expect(seedContrastText(one, words('zh'))).toContain('这一边有 1 次，另一边有 0 次')
})
