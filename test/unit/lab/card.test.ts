import { expect, it } from 'vitest'
import { domainSchema } from '../../../src/contract/experiment'
import { latexRow } from '../../../src/lab/card'

it('writes a row that LaTeX reads as it is meant', () => {
  const domains = {
    source: domainSchema.parse({ dataset: 'mnist', classes: [0, 1] }),
    target: domainSchema.parse({ dataset: 'my_set', classes: [2, 3] }),
  }
  const spread = { mean: 0.99, deviation: 0.0012, least: 0.98, most: 0.995 }
  const row = latexRow('CDAN & E', domains, 3, {
    target: spread,
    bestPairing: { ...spread, deviation: null },
    unseen: null,
    unseenBest: spread,
  })
  expect(row).toBe(
    String.raw`CDAN \& E & mnist \{0, 1\} $\to$ my\_set \{2, 3\} & 3 & $0.9900 \pm 0.0012$ & $0.9900$ & -- & $0.9900 \pm 0.0012$ \\`,
  )
})
