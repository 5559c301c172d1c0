/** The checkpoints page: finding and sorting runs, and evaluating one of their rounds on any domain. */
import { enableAutoUnmount, flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import EvaluatePanel from '../../renderer/checkpoints/EvaluatePanel.vue'
import RunDetail from '../../renderer/checkpoints/RunDetail.vue'
import RunTable from '../../renderer/checkpoints/RunTable.vue'
import { useCatalogue } from '../../renderer/stores/catalogue'
import type { Evaluation } from '../../src/contract/judging'
import type { CommandOutput } from '../../src/contract/lab'
import type { CheckpointSummary } from '../../src/contract/run'
import * as fixtures from './fixtures'
import { createHost, mountWith } from './host'

enableAutoUnmount(afterEach)

const checkpoint: CheckpointSummary = {
  path: '/data/runs/digits/checkpoints/round-0003.dalab.safetensors',
  run: fixtures.runId,
  runName: 'Digits',
  round: 3,
  created: fixtures.summary.created,
  bytes: 6_700_000,
  pinned: false,
  best: true,
  measures: fixtures.measures(3),
  damage: null,
}

const points = btoa(String.fromCharCode(...new Uint8Array(new Float32Array([0, 0, 1, 2]).buffer)))
const evaluation: Evaluation = {
  checkpoint: checkpoint.path,
  domain: fixtures.experiment.target,
  pairing: [0, 1],
  result: fixtures.measures(3).target!,
  interval: { low: 0.96, high: 0.99 },
  right: btoa('\u0001\u0000'),
  wrong: { ...fixtures.images, predictions: [1, 0] },
  features: { points, labels: [0, 1], predictions: [0, 0] },
}

async function evaluating() {
  const pooled = { 'pooled/train': 900, 'pooled/test': 300 }
  const dataset = { ...fixtures.dataset, counts: { ...fixtures.dataset.counts, ...pooled } }
  const host = createHost({ evaluate: () => evaluation, datasets: () => [dataset] })
  const panel = mountWith(EvaluatePanel, host, { checkpoint, run: fixtures.record })
  await useCatalogue().load()
  await flushPromises()
  const run = () => panel.get('[data-testid="run-evaluation"]')
  const asked = () => host.calls.find(({ name }) => name === 'evaluate')?.input
  return { panel, run, asked }
}

describe('evaluating a checkpoint', () => {
  it('begins with the run’s own target, on images that it never saw', async () => {
    const { run, asked } = await evaluating()
    await run().trigger('click')
    expect(asked()).toMatchObject({ split: 'test', partition: 'original', classes: ['2', '3'], shifts: [] })
  })

  it('asks for whatever part and shifts are chosen', async () => {
    const { panel, run, asked } = await evaluating()
    await panel.get('[data-testid="evaluate-split"]').setValue('pooled/test')
    await panel.get('.shifts select').setValue('Rotation')
    await panel.get('[data-path="evaluate.shifts.0.degrees"]').setValue('45')
    await run().trigger('click')
    expect(asked()).toMatchObject({
      partition: 'pooled',
      split: 'test',
      shifts: [{ kind: 'rotation', degrees: 45 }],
    })
  })

  it('refuses a shift that cannot be, in its place', async () => {
    const { panel, run } = await evaluating()
    await panel.get('.shifts select').setValue('Rotation')
    await panel.get('[data-path="evaluate.shifts.0.degrees"]').setValue('999')
    expect(panel.get('[role="alert"]').text()).toBe('At most 180.')
    expect(run().attributes('disabled')).toBeDefined()
  })

  it('shows the features of what was evaluated, the wrong ones told apart', async () => {
    const { panel, run } = await evaluating()
    await run().trigger('click')
    await flushPromises()
    const figure = panel.get('[data-figure="evaluated-features"]')
    await figure.get('[aria-haspopup="menu"]').trigger('click')
    await figure.get('[role="menuitem"]').trigger('click')
    const cells = figure.findAll('tbody tr').map((row) => row.findAll('td').map((cell) => cell.text()))
    expect(cells).toEqual([
      ['2', '0', '0', '0'],
      ['3', '0', '1', '2'],
    ])
  })
})

describe('a run that was imported', () => {
  const path = '/home/someone/private.npz'
  const share = '\\\\host\\share\\set.npz'

  async function opened(pathsToAllow: CommandOutput<'run'>['pathsToAllow']) {
    let asked = pathsToAllow
    const host = createHost({
      run: () => ({ summary: fixtures.summary, record: fixtures.record, pathsToAllow: asked }),
      checkpoints: () => [checkpoint],
      allowPaths: () => {
        asked = asked.filter((one) => one.elsewhere)
        return {}
      },
    })
    const detail = mountWith(RunDetail, host, { run: fixtures.summary })
    await flushPromises()
    return { host, detail, question: () => detail.find('[data-testid="paths"]') }
  }

  it('shows the paths that it names, and asks before they are opened', async () => {
    const { host, detail, question } = await opened([{ path, elsewhere: false }])
    expect(question().text()).toContain(path)
    await detail.get('[data-testid="allow-paths"]').trigger('click')
    await flushPromises()
    expect(host.calls.find(({ name }) => name === 'allowPaths')?.input).toEqual({
      run: fixtures.summary.id,
      paths: [path],
    })
    expect(question().exists()).toBe(false)
  })

  it('cannot have a path on the network opened', async () => {
    const { detail, question } = await opened([{ path: share, elsewhere: true }])
    expect(question().text()).toContain(share)
    expect(question().text()).toContain('never opened')
    expect(detail.find('[data-testid="allow-paths"]').exists()).toBe(false)
  })

  it('gives its settings to the form, which opens what it shows, only once its paths are allowed', async () => {
    const { detail } = await opened([{ path, elsewhere: false }])
    const useSettings = async () => {
      await detail.get('header [aria-haspopup="menu"]').trigger('click')
      const item = detail.findAll('[role="menuitem"]').find((one) => one.text() === 'Use its settings')
      return item!.element as HTMLButtonElement
    }
    expect((await useSettings()).disabled).toBe(true)
    await detail.get('header [aria-haspopup="menu"]').trigger('click')
    await detail.get('[data-testid="allow-paths"]').trigger('click')
    await flushPromises()
    expect((await useSettings()).disabled).toBe(false)
  })

  it('does not have its path named by the form', async () => {
    const host = createHost({ evaluate: () => evaluation, datasets: () => [fixtures.dataset] })
    const experiment = { ...fixtures.experiment, target: { ...fixtures.experiment.target, dataset: path } }
    const panel = mountWith(EvaluatePanel, host, { checkpoint, run: { ...fixtures.record, experiment } })
    await useCatalogue().load()
    await flushPromises()
    await panel.get('[data-testid="run-evaluation"]').trigger('click')
    const input = host.calls.find(({ name }) => name === 'evaluate')?.input
    expect(input).not.toHaveProperty('dataset')
    expect(input).not.toHaveProperty('split')
  })
})

describe('what is written on a run', () => {
  it('outlives a round that ends while it is being typed, and is kept when it is done', async () => {
    const host = createHost({
      run: () => ({ summary: fixtures.summary, record: fixtures.record, pathsToAllow: [] }),
      checkpoints: () => [checkpoint],
      annotate: () => fixtures.summary,
    })
    const detail = mountWith(RunDetail, host, { run: fixtures.summary })
    await flushPromises()
    const note = detail.get<HTMLTextAreaElement>('[data-testid="note"]')
    expect(note.element.value).toBe('first try')
    note.element.value = 'second tr'
    await note.trigger('input')
    await detail.setProps({ run: { ...fixtures.summary, rounds: 4 } })
    await flushPromises()
    expect(note.element.value).toBe('second tr')
    await note.setValue('second try')
    await note.trigger('change')
    expect(host.calls.find(({ name }) => name === 'annotate')?.input).toMatchObject({ note: 'second try' })
    await detail.setProps({ run: { ...fixtures.summary, id: 'another', note: 'of another' } })
    expect(note.element.value).toBe('of another')
  })
})

describe('the first column of the table of runs', () => {
  it('can be sorted by each of its parts', async () => {
    const late = { ...fixtures.summary, id: 'b', name: 'Beta', method: 'shot-im', created: '2026-11-25' }
    const table = mountWith(RunTable, createHost(), {
      runs: [fixtures.summary, late],
      selected: null,
      marked: [],
    })
    const names = () => table.findAll('tbody tr').map((row) => row.get('button').text())
    const heading = (words: string) =>
      table.findAll('th.name button').find((one) => one.text().startsWith(words))
    expect(names()).toEqual(['Beta', 'Digits'])
    await heading('Created')!.trigger('click')
    expect(names()).toEqual(['Digits', 'Beta'])
    expect(table.get('th.name').attributes('aria-sort')).toBe('ascending')
    await heading('Method')!.trigger('click')
    expect(names()).toEqual(['Digits', 'Beta'])
    await heading('Method')!.trigger('click')
    expect(names()).toEqual(['Beta', 'Digits'])
  })
})
