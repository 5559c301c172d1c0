/** Components as a user sees them: labels, fields, tables, buttons. */
import { enableAutoUnmount, flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick } from 'vue'
import { labError } from '../../src/contract/errors'
import type { MethodDeclaration } from '../../src/contract/method'
import FigureFrame from '../../renderer/charts/FigureFrame.vue'
import LineChart from '../../renderer/charts/LineChart.vue'
import type { Series } from '../../renderer/charts/series'
import RunTable from '../../renderer/checkpoints/RunTable.vue'
import en from '../../renderer/i18n/en'
import zh from '../../renderer/i18n/zh'
import AccuracyPanel from '../../renderer/panels/AccuracyPanel.vue'
import LossPanel from '../../renderer/panels/LossPanel.vue'
import RoundScrubber from '../../renderer/panels/RoundScrubber.vue'
import NoticeList from '../../renderer/parts/NoticeList.vue'
import VerdictPanel from '../../renderer/panels/VerdictPanel.vue'
import SetupForm from '../../renderer/setup/SetupForm.vue'
import { useCatalogue } from '../../renderer/stores/catalogue'
import { useExperiment } from '../../renderer/stores/experiment'
import { useNotices } from '../../renderer/stores/notices'
import { useRuns } from '../../renderer/stores/runs'
import { useWatched } from '../../renderer/stores/watched'
import * as fixtures from './fixtures'
import { createHost, mountWith, type TestHost } from './host'

enableAutoUnmount(afterEach)
beforeEach(() => {
  localStorage.clear()
  // happy-dom does not implement these.
  HTMLDialogElement.prototype.showModal = function () {
    this.open = true
  }
})

async function setup(host: TestHost = createHost()) {
  const form = mountWith(SetupForm, host)
  await useCatalogue().load()
  useExperiment().usePreset(fixtures.preset)
  await flushPromises()
  return { form, host }
}

describe('the set-up form', () => {
  it('has a labelled field with its meaning for every parameter that the method declares', async () => {
    const { form } = await setup()
    for (const [key, kind] of [
      ['weight', 'INPUT'],
      ['rule', 'SELECT'],
      ['shared', 'INPUT'],
    ] as const) {
      const field = form.get(`[data-path="adaptation.parameters.${key}"]`)
      expect(field.element.tagName).toBe(kind)
      const label = form.get(`label[for="${field.attributes('id') ?? ''}"]`)
      expect(label.text()).toBe(fixtures.method.parameters[key]?.label.en)
      const meaning = document.getElementById(field.attributes('aria-describedby') ?? '')
      expect(meaning?.textContent).toContain(fixtures.method.parameters[key]?.meaning.en)
    }
    expect(form.text()).toContain('nat')
    const schedule = form.get('[data-path="adaptation.weightSchedules.weight"]')
    expect(schedule.findAll('option').map((option) => option.text())).toEqual([
      'constant',
      '2 / (1 + e^−10p) − 1',
      'linear from 0',
    ])
    expect(form.find('[data-path="adaptation.weightSchedules.rule"]').exists()).toBe(false)
  })

  it('explains the field in hand in the language that is read now', async () => {
    const { form } = await setup()
    const help = () => form.get('.help').text()
    await form.get('[data-path="seed"]').trigger('focusin')
    expect(help()).toBe(en.meaning.seed)
    ;(form.vm as unknown as { $i18n: { locale: string } }).$i18n.locale = 'zh'
    await nextTick()
    expect(help()).toBe(zh.meaning.seed)
    await form.get('.field:has([data-path="seed"])').trigger('mouseleave')
    expect(help()).toBe(zh.setup.help)
  })

  it('shows the usual range when a field is in hand', async () => {
    const { form } = await setup()
    await form.get('[data-path="adaptation.parameters.weight"]').trigger('focusin')
    expect(form.get('.help').text()).toContain('0.1 to 0.9')
  })

  it('refuses while typing, beside the field, and will not start', async () => {
    const { form } = await setup()
    const field = form.get<HTMLInputElement>('[data-path="adaptation.learningRate"]')
    await field.setValue('-1')
    expect(field.attributes('aria-invalid')).toBe('true')
    expect(form.get('[role="alert"]').text()).toBe('At least 0.000000001.')
    expect(form.get('[data-testid="start"]').attributes('disabled')).toBeDefined()
    await field.setValue('abc')
    expect(form.get('[role="alert"]').text()).toBe('Enter a number.')
    await field.setValue('0.001')
    expect(form.find('[role="alert"]').exists()).toBe(false)
  })

  it('shows learning rates digit by digit', async () => {
    const { form } = await setup()
    expect(form.get<HTMLInputElement>('[data-path="adaptation.learningRate"]').element.value).toBe('0.00001')
  })

  it('offers what a method suggests when it is chosen, and changes nothing until it is taken', async () => {
    const { optimiser, schedule } = fixtures.experiment.adaptation
    const adaptation = { learningRate: 0.002, batch: 64, optimiser, schedule }
    const other: MethodDeclaration = {
      ...fixtures.method,
      id: 'other',
      title: 'Other',
      suggested: { from: { en: 'its paper', zh: '论文' }, adaptation, parameters: { rule: 'hard' } },
    }
    const { form } = await setup(createHost({ methods: () => [fixtures.method, other] }))
    expect(form.find('[data-testid="suggestion"]').exists()).toBe(false)
    const typed = form.get<HTMLInputElement>('[data-path="adaptation.learningRate"]')
    await typed.setValue('0.5')
    await form.get('[data-path="adaptation.method"]').setValue('other')
    const line = form.get('[data-testid="suggestion"]')
    expect(line.text()).toContain('Suggested, from its paper: Learning rate 0.002 · Batch 64 · Rule hard')
    expect(typed.element.value).toBe('0.5')
    await line.get('button').trigger('click')
    expect(useExperiment().draft.adaptation).toMatchObject({ learningRate: 0.002, batch: 64 })
    expect(useExperiment().parameter('rule')).toBe('hard')
    expect(form.find('[data-testid="suggestion"]').exists()).toBe(false)
  })

  it('turns the pairing round at one click', async () => {
    const { form } = await setup()
    expect(form.get('[data-testid="pairing-words"]').text()).toBe('2 → 0, 3 → 1')
    await form.get('[data-testid="pairing"] button').trigger('click')
    expect(form.get('[data-testid="pairing-words"]').text()).toBe('2 → 1, 3 → 0')
  })

  it('says what the lab refuses, in a sentence', async () => {
    vi.useFakeTimers()
    const host = createHost({
      check: () => {
        throw labError('count-too-large', { domain: 'source', asked: 999, available: 100 })
      },
    })
    const form = mountWith(SetupForm, host)
    await useCatalogue().load()
    await vi.advanceTimersByTimeAsync(1000)
    expect(form.get('[data-testid="refusal"]').text()).toContain('999')
    vi.useRealTimers()
  })

  it('starts what is in the form, and shows the new run', async () => {
    const host = createHost({ start: () => ({ run: fixtures.runId, folder: '/x' }) })
    const { form } = await setup(host)
    await useExperiment().check()
    await nextTick()
    await form.get('[data-testid="start"]').trigger('click')
    await flushPromises()
    const sent = host.calls.find(({ name }) => name === 'start')?.input as { experiment: unknown }
    expect(sent.experiment).toEqual(fixtures.preset.experiment)
    expect(useWatched().id).toBe(fixtures.runId)
  })

  it('offers pause, steps and stop while a run trains, and sends them', async () => {
    const running = { ...fixtures.summary, state: 'running' as const }
    const host = createHost({ runs: () => [running], control: () => ({}) })
    const { form } = await setup(host)
    await useRuns().load()
    await nextTick()
    for (const action of ['pause', 'step', 'round', 'stop']) {
      await form.get(`[data-testid="${action}"]`).trigger('click')
      await flushPromises()
    }
    expect(
      host.calls
        .filter(({ name }) => name === 'control')
        .map(({ input }) => (input as { action: string }).action),
    ).toEqual(['pause', 'step', 'round', 'stop'])
  })

  it('offers to resume a run whose trainer died, and says why', async () => {
    const failure = {
      type: 'failed',
      time: '',
      code: 'worker-died',
      params: { worker: 'trainer', signal: 'SIGKILL' },
    } as const
    const failed = { ...fixtures.summary, state: 'failed' as const }
    const host = createHost({
      runs: () => [failed],
      run: () => ({ summary: failed, record: fixtures.record, pathsToAllow: [] }),
      history: () => [...fixtures.history(2), failure],
      resume: () => ({ run: fixtures.runId, folder: '/x' }),
    })
    const { form } = await setup(host)
    await useRuns().load()
    await useWatched().open(fixtures.runId)
    await flushPromises()
    expect(form.get('[data-testid="failure"]').text()).toContain('SIGKILL')
    await form.get('[data-testid="resume"]').trigger('click')
    await flushPromises()
    expect(host.calls.find(({ name }) => name === 'resume')?.input).toEqual({ run: fixtures.runId })
  })
})

describe('a figure', () => {
  const table = () => ({
    columns: ['Round', 'target'],
    rows: [
      [1, 0.123456],
      [2, null],
    ],
  })

  it('says what will be drawn while it is empty, and offers nothing to save', () => {
    const figure = mountWith(FigureFrame, createHost(), {
      name: 'x',
      title: 'Why?',
      table,
      empty: 'Nothing yet.',
    })
    expect(figure.text()).toContain('Nothing yet.')
    expect(figure.find('button').exists()).toBe(false)
  })

  it('shows the same numbers as a table, exactly in its data', async () => {
    const figure = mountWith(FigureFrame, createHost(), { name: 'x', title: 'Why?', table, empty: null })
    await figure.get('button').trigger('click')
    await figure.get('[role="menuitem"]').trigger('click')
    const cells = figure.findAll('td').map((cell) => cell.attributes('data-value'))
    expect(cells).toEqual(['1', '0.123456', '2', undefined])
    expect(figure.findAll('td').map((cell) => cell.text())).toEqual(['1', '0.1235', '2', '–'])
  })

  it('opens its menu to the keyboard and closes it with Escape', async () => {
    const figure = mountWith(FigureFrame, createHost(), { name: 'x', title: 'Why?', table, empty: null })
    await figure.get('button').trigger('click')
    expect(document.activeElement?.getAttribute('role')).toBe('menuitem')
    await figure.get('[role="menu"]').trigger('keydown', { key: 'Escape' })
    expect(figure.find('[role="menu"]').exists()).toBe(false)
    expect(document.activeElement).toBe(figure.get('button').element)
  })
})

describe('panels of a run', () => {
  it('put metrics into the accuracy table as they were recorded', async () => {
    const panel = mountWith(AccuracyPanel, createHost(), {})
    await useWatched().open(fixtures.runId)
    await flushPromises()
    await panel.get('button').trigger('click')
    await panel.get('[role="menuitem"]').trigger('click')
    const rows = panel
      .findAll('tbody tr')
      .map((row) => row.findAll('td').map((cell) => Number(cell.attributes('data-value'))))
    const recorded = fixtures.history(3).flatMap((event) => (event.type === 'round' ? [event] : []))
    expect(rows).toEqual(
      recorded.map(({ round, measures }) => [
        round,
        measures.source.accuracy,
        NaN,
        measures.target?.accuracy,
        measures.target?.accuracyBestPairing,
        measures.unseenTarget?.accuracy,
        measures.unseenTarget?.accuracyBestPairing,
        // These rounds have no estimate.
        NaN,
      ]),
    )
  })

  it('put the loss of the source stage at the epoch it belongs to, also where it is a single figure', async () => {
    const experiment = {
      ...fixtures.experiment,
      sourceStage: { ...fixtures.experiment.sourceStage, epochs: 4 },
    }
    // Steps count through all epochs, with 100 in each.
    const loss = (epoch: number) =>
      ({ type: 'source-loss', time: '', epoch, step: 100 * epoch, steps: 400, loss: 1 / epoch }) as const
    const panel = mountWith(
      LossPanel,
      createHost({
        run: () => ({
          summary: fixtures.summary,
          record: { ...fixtures.record, experiment },
          pathsToAllow: [],
        }),
        history: () => [loss(1), loss(2), loss(4)],
      }),
    )
    await useWatched().open(fixtures.runId)
    await flushPromises()
    const [line] = panel.getComponent(LineChart).props('series') as Series[]
    expect([...(line?.points ?? [])].map(({ x }) => x)).toEqual([1, 2, 4])
  })

  it('name a loss as its method does', async () => {
    const named = { ...fixtures.method, lossNames: { MT: { en: 'the encoder', zh: '编码器' } } }
    const panel = mountWith(LossPanel, createHost({ methods: () => [named] }))
    await useCatalogue().load()
    await useWatched().open(fixtures.runId)
    await flushPromises()
    const series = panel.getComponent(LineChart).props('series') as Series[]
    expect(series.map(({ label }) => label)).toEqual(['D', 'the encoder'])
  })

  it('count D’s verdicts on each half of the strip', async () => {
    const panel = mountWith(VerdictPanel, createHost(), {})
    await useWatched().open(fixtures.runId)
    await flushPromises()
    expect(panel.text()).toContain('Called source: 3 of 4 · 3 of 4')
    useWatched().chosenRound = 1
    await nextTick()
    expect(panel.text()).toContain('Called source: 3 of 4 · 1 of 4')
  })

  it('scrub by keyboard through all rounds', async () => {
    const scrubber = mountWith(RoundScrubber, createHost(), {})
    await useWatched().open(fixtures.runId)
    await flushPromises()
    const range = scrubber.get<HTMLInputElement>('[data-testid="scrubber"]')
    expect(range.attributes('max')).toBe('3')
    await range.setValue('1')
    expect(useWatched().shownRound).toBe(1)
    expect(scrubber.text()).toContain('round 1 of 3')
  })
})

describe('the table of runs', () => {
  const other = {
    ...fixtures.summary,
    id: 'b',
    name: 'Another',
    targetAccuracy: 0.9,
    created: '2026-11-22T10:00:00.000Z',
  }

  it('sorts by a heading, and says so', async () => {
    const table = mountWith(RunTable, createHost(), {
      runs: [other, fixtures.summary],
      selected: null,
      marked: [],
    })
    const names = () => table.findAll('tbody tr').map((row) => row.get('button').text())
    expect(names()).toEqual(['Digits', 'Another'])
    await table.get('th.targetAccuracy button').trigger('click')
    expect(names()).toEqual(['Another', 'Digits'])
    expect(table.get('th.targetAccuracy').attributes('aria-sort')).toBe('descending')
  })
})

describe('notices', () => {
  it('turn a code into a sentence, and can be dismissed', async () => {
    const list = mountWith(NoticeList, createHost())
    useNotices().report('control', labError('run-running', { run: 'Digits' }))
    await nextTick()
    expect(list.get('[data-testid="notice"]').text()).toContain('Digits')
    await list.get('.icon-button').trigger('click')
    expect(list.find('[data-testid="notice"]').exists()).toBe(false)
  })
})
