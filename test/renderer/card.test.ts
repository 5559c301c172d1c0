/** Results over the seeds of an experiment, the result card, and the table of methods by domains. */
import { enableAutoUnmount, flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import CardDialog from '../../renderer/panels/CardDialog.vue'
import { cardText } from '../../renderer/panels/card-text'
import { scaled } from '../../renderer/charts/heat'
import MatrixPanel from '../../renderer/panels/MatrixPanel.vue'
import SeedSummary from '../../renderer/panels/SeedSummary.vue'
import SeedTable from '../../renderer/panels/SeedTable.vue'
import { useCatalogue } from '../../renderer/stores/catalogue'
import { useRuns } from '../../renderer/stores/runs'
import { labError } from '../../src/contract/errors'
import type { Card, Matrix } from '../../src/contract/judging'
import * as fixtures from './fixtures'
import { createHost, mountWith } from './host'

enableAutoUnmount(afterEach)
beforeEach(() => {
  // happy-dom does not implement dialogs.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true
  }
})

const spread = { mean: 0.98, deviation: 0.01, least: 0.97, most: 0.99, interval: { low: 0.975, high: 0.984 } }
const card: Card = {
  experiment: fixtures.experiment,
  runs: [0, 1].map((seed) => ({
    run: seed === 0 ? fixtures.runId : 'b',
    seed: String(seed),
    before: 0.4,
    target: seed === 0 ? 0.97 : 0.01,
    bestPairing: seed === 0 ? 0.97 : 0.99,
    unseen: 0.9,
    unseenBest: 0.95,
    estimated: null,
    fits: seed === 0,
  })),
  repeats: [{ run: 'c', counted: 'b', seed: '1', outcome: 'machinery', machinery: ['threads'] }],
  camps: { chosen: 1, other: 1 },
  images: { target: 1000, unseen: 200 },
  target: null,
  bestPairing: spread,
  unseen: null,
  unseenBest: { ...spread, deviation: null },
  latex: String.raw`ADDA & 2 \\`,
  bibtex: '@article{a}',
}

describe('a summary of seeds', () => {
  it('has estimates for runs without labels, which are no accuracies of the table', () => {
    const runs = card.runs.map((run) => ({
      ...run,
      ...{ target: null, bestPairing: null, fits: null, estimated: 0.87 },
    }))
    const table = mountWith(SeedTable, createHost(), { card: { ...card, runs } })
    expect(table.findAll('[data-testid="estimated"]')).toHaveLength(2)
    expect(table.get('[data-testid="estimated"]').text()).toMatch(
      /estimated accuracy 0.87, without labels, off by/,
    )
    expect(table.findAll('[data-value]').map((cell) => cell.text())).not.toContain('0.8700')
  })

  it('has each run, the spread, what the images leave open, and no mean over two camps', async () => {
    const host = createHost({ card: () => card })
    const summary = mountWith(SeedSummary, host, {
      runs: [fixtures.runId, 'b'],
      nameOf: (run: string) => run.toUpperCase(),
    })
    await useRuns().load()
    await flushPromises()
    const rows = summary.findAll('tbody tr').map((row) => row.findAll('td').map((cell) => cell.text()))
    expect(rows).toEqual([
      ['0', '0.4000', '0.9700', '0.9700', '0.9000', '0.9500'],
      ['1', '0.4000', '0.0100', '0.9900', '0.9000', '0.9500'],
    ])
    const means = summary.findAll('[data-mean]').map((cell) => cell.text())
    expect(means).toEqual(['–', '0.9800 ± 0.0100', '–', '0.9800'])
    expect(summary.findAll('[data-interval]').map((cell) => cell.text())).toEqual([
      '–',
      '0.9750 … 0.9840',
      '–',
      '0.9750 … 0.9840',
    ])
    expect(summary.text()).toContain('so no mean is given')
    expect(summary.get('[data-testid="repeats"]').text()).toBe(
      'Seed 1 counts once: B is taken, C is left out. Their accuracies differ: they were computed with another number of threads.',
    )
  })

  it('is not there for runs that differ in more than their seeds, and nobody is told off for it', async () => {
    const host = createHost({
      card: () => {
        throw labError('runs-differ', { first: 'a', second: 'b', setting: 'adaptation.epochs' })
      },
    })
    const summary = mountWith(SeedSummary, host, { runs: ['a', 'b'], nameOf: String })
    await flushPromises()
    expect(summary.find('[data-testid="summary"]').exists()).toBe(false)
  })
})

describe('a result card', () => {
  it('copies each part as it is written', async () => {
    const clipboard = new Map<string, string>()
    // happy-dom has no clipboard: what a browser does at this command is to ask the page for the text.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    document.execCommand = () => {
      const setData = (type: string, text: string) => clipboard.set(type, text)
      document.dispatchEvent(Object.assign(new Event('copy'), { clipboardData: { setData } }))
      return true
    }
    const dialog = mountWith(CardDialog, createHost(), { card })
    for (const [part, text] of [
      ['LaTeX row', card.latex],
      ['BibTeX of the method', card.bibtex],
      ['Settings', JSON.stringify(card.experiment, null, 2)],
    ] as const) {
      await dialog.get(`[aria-label="Copy: ${part}"]`).trigger('click')
      expect(clipboard.get('text/plain')).toBe(text)
      expect(dialog.get(`section[aria-label="${part}"] [role="status"]`).text()).toBe('Copied.')
    }
  })

  it('is saved whole', () => {
    const text = cardText(card, ['Run', 'Seed', 'a', 'b', 'c', 'd', 'e'], 'en')
    expect(text).toContain('Seed 1 counts once: b is taken, c is left out.')
    expect(text).toContain('| b | 1 | 0.4000 | 0.0100 | 0.9900 | 0.9000 | 0.9500 |')
    for (const part of [card.latex, card.bibtex, '"pairing"']) expect(text).toContain(part)
  })
})

describe('methods against domains', () => {
  const { source, target } = fixtures.experiment
  const unfilled = {
    camps: card.camps,
    images: card.images,
    target: null,
    unseen: null,
    leftOut: 0,
    repeats: [],
  }
  const cell = { ...unfilled, pairing: 'best' } as const
  const matrix: Matrix = {
    methods: ['adda', 'unknown'],
    pairs: [{ source, target: { ...target, dataset: 'usps', framing: 'box20' } }],
    cells: [
      {
        ...cell,
        method: 'adda',
        pair: 0,
        runs: ['a', 'b'],
        repeats: card.repeats,
        unseenBest: spread,
        bestPairing: spread,
      },
      { ...cell, method: 'unknown', pair: 0, runs: ['c'], leftOut: 3, unseenBest: null, bestPairing: null },
    ],
  }

  it('has a number in each field under its two domains, and says where there is none', async () => {
    const panel = mountWith(MatrixPanel, createHost({ matrix: () => matrix }))
    await useCatalogue().load()
    await useRuns().load()
    await flushPromises()
    expect(panel.text()).toContain('MNIST {0, 1}')
    expect(panel.text()).toContain('→ usps {2, 3} 20×20 box')
    const field = (at: string) =>
      panel
        .get(`[data-field="${at}"]`)
        .findAll('text')
        .map((one) => one.text())
    // Source and target share no class, so the chosen pairing has no meaning.
    expect(field('0/0')).toEqual(['0.9800', '± 0.0100 (2) best'])
    expect(panel.text()).toContain('“best”: by the best pairing')
    expect(panel.text()).toContain('Each seed counts once; repeated runs that are left out: 1.')
    await panel.get('select').setValue('unseen')
    expect(field('0/0')).toEqual(['two groups', '(2)'])
    expect(panel.text()).not.toContain('“best”: by the best pairing')
    await panel.get('select').setValue('unseenBest')
    expect(field('0/0')).toEqual(['0.9800', '± 0.0100 (2)'])
    expect(field('1/0')).toEqual(['two groups', '(1)'])
    await panel.get('button').trigger('click')
    await panel.get('[role="menuitem"]').trigger('click')
    const cells = panel
      .findAll('tbody tr')
      .map((row) => row.findAll('td').map((one) => one.attributes('data-value')))
    expect(cells[0]?.slice(2)).toEqual(['0.98', '0.01', '0.975', '0.984', '2', '1', '0', 'best'])
    expect(cells[1]?.slice(-3)).toEqual(['0', '3', 'best'])
  })

  it('marks what is no method of adaptation', async () => {
    const methods = (['adaptation', 'reference', 'control'] as const).map((role) => ({
      ...fixtures.method,
      id: role,
      title: role.toUpperCase(),
      role,
    }))
    const marked = { ...matrix, methods: methods.map(({ id }) => id) }
    const panel = mountWith(MatrixPanel, createHost({ matrix: () => marked, methods: () => methods }))
    await useCatalogue().load()
    await useRuns().load()
    await flushPromises()
    expect(panel.findAll('text.row').map((one) => one.text())).toEqual([
      'ADAPTATION',
      'reference: REFERENCE',
      'control: CONTROL',
    ])
  })

  it('is darker the higher it is', () => {
    const { opacityOf, range } = scaled([0.9, 0.95, 1])
    expect(range).toEqual([0.9, 1])
    expect(opacityOf(0.9)).toBeLessThan(opacityOf(0.95))
    expect(opacityOf(0.95)).toBeLessThan(opacityOf(1))
    const { opacityOf: alone } = scaled([0.9])
    expect(alone(0.9)).toBeGreaterThan(0)
  })
})
