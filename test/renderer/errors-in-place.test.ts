/** An error is shown next to the control that caused it, disappears when corrected, and is shown on no other page. */
import { enableAutoUnmount, flushPromises, type VueWrapper } from '@vue/test-utils'
import { readdirSync, readFileSync } from 'fs'
import { join } from 'path'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { nextTick, type Component } from 'vue'
import App from '../../renderer/App.vue'
import EvaluatePanel from '../../renderer/checkpoints/EvaluatePanel.vue'
import RunDetail from '../../renderer/checkpoints/RunDetail.vue'
import ImportDialog from '../../renderer/datasets/ImportDialog.vue'
import InterruptedLine from '../../renderer/parts/InterruptedLine.vue'
import RepeatRow from '../../renderer/setup/RepeatRow.vue'
import RunControls from '../../renderer/setup/RunControls.vue'
import { useCatalogue } from '../../renderer/stores/catalogue'
import { useExperiment } from '../../renderer/stores/experiment'
import { useNavigation } from '../../renderer/stores/navigation'
import { useNotices } from '../../renderer/stores/notices'
import { useRuns } from '../../renderer/stores/runs'
import CheckpointsView from '../../renderer/views/CheckpointsView.vue'
import DataView from '../../renderer/views/DataView.vue'
import SettingsView from '../../renderer/views/SettingsView.vue'
import { labError } from '../../src/contract/errors'
import type { CommandName } from '../../src/contract/lab'
import type { CheckpointSummary } from '../../src/contract/run'
import * as fixtures from './fixtures'
import { createHost, mountWith, type TestHost } from './host'

enableAutoUnmount(afterEach)
beforeEach(() => {
  localStorage.clear()
  location.hash = ''
})

const checkpoint = (round: number): CheckpointSummary => ({
  path: `/data/round-${round}`,
  run: fixtures.runId,
  runName: 'Digits',
  round,
  created: fixtures.summary.created,
  bytes: 1,
  pinned: false,
  best: false,
  measures: fixtures.measures(round),
  damage: null,
})

/** A lab in which this command fails, always with the same error. */
function failing(name: CommandName | 'pick' | 'exportCheckpoint', summary = fixtures.summary): TestHost {
  const fail = () => Promise.reject(labError('disk-full', { path: '/data/full' }))
  const host = createHost({
    runs: () => [summary],
    checkpoints: () => [checkpoint(1), checkpoint(2)],
    previewDataset: () => fixtures.previewOf(fixtures.dataset),
    [name]: fail,
  })
  return name === 'pick' || name === 'exportCheckpoint'
    ? { ...host, files: { ...host.files, [name]: fail } }
    : host
}

type Act = (page: VueWrapper) => Promise<unknown>
const click =
  (selector: string): Act =>
  (page) =>
    page.get(selector).trigger('click')
const type =
  (selector: string, text: string): Act =>
  async (page) => {
    const field = page.get(selector)
    await field.setValue(text)
    await field.trigger('change')
  }
const inMenu =
  (words: string, at: string): Act =>
  async (page) => {
    await page.get(`${at} [aria-haspopup="menu"]`).trigger('click')
    await page
      .findAll('[role="menuitem"]')
      .find((item) => item.text() === words)!
      .trigger('click')
  }
const changeDraft = () => {
  useExperiment().draft.seed += 1
  return nextTick()
}
const checkedDraft: Act = async () => {
  useExperiment().usePreset(fixtures.preset)
  await vi.waitUntil(() => useExperiment().checked)
}

interface Case {
  readonly at: string
  readonly of: Component
  readonly props?: Record<string, unknown>
  readonly host: TestHost
  readonly actions: readonly Act[]
  /** An action that clears the error without another attempt; without one, only the next attempt clears it. */
  readonly mend?: Act
}

const interrupted = { ...fixtures.summary, state: 'interrupted' as const }
const run = { props: { run: fixtures.summary }, of: RunDetail }
const cases: Case[] = [
  {
    at: 'Start',
    of: RunControls,
    host: failing('start'),
    actions: [checkedDraft, click('[data-testid="start"]')],
    mend: changeDraft,
  },
  {
    at: 'several seeds',
    of: RepeatRow,
    host: failing('enqueue'),
    actions: [checkedDraft, click('[data-testid="repeat"]')],
    mend: type('[data-testid="repeat-count"]', '4'),
  },
  {
    at: 'a note',
    ...run,
    host: failing('annotate'),
    actions: [type('[data-testid="note"]', 'cannot be kept')],
    mend: type('[data-testid="note"]', fixtures.summary.note),
  },
  {
    at: 'an export',
    ...run,
    host: failing('exportCheckpoint'),
    actions: [inMenu('Export as safetensors', 'footer')],
    mend: click('tr[data-round="1"]'),
  },
  {
    at: 'resuming a round',
    ...run,
    host: failing('resume'),
    actions: [click('[data-testid="resume-here"]')],
    mend: click('tr[data-round="1"]'),
  },
  {
    at: 'the trash',
    ...run,
    host: failing('trash'),
    actions: [inMenu('Move to trash', 'header')],
  },
  {
    at: 'an evaluation',
    of: EvaluatePanel,
    props: { checkpoint: checkpoint(1), run: fixtures.record },
    host: failing('evaluate'),
    actions: [click('[data-testid="run-evaluation"]')],
    mend: type('[data-testid="evaluate-split"]', 'original/train'),
  },
  {
    at: 'an import of a checkpoint',
    of: CheckpointsView,
    host: failing('pick'),
    actions: [(page) => page.findAll('.tools button')[1]!.trigger('click')],
  },
  {
    at: 'an import of a dataset',
    of: DataView,
    host: failing('pick'),
    actions: [click('.drop .two button')],
  },
  {
    at: 'the name of a dataset',
    of: ImportDialog,
    props: { path: '/data/shapes' },
    host: failing('importDataset'),
    actions: [click('[data-testid="import-keep"]')],
    mend: type('[data-testid="import-name"]', 'others'),
  },
  {
    at: 'settings',
    of: SettingsView,
    host: failing('changeSettings'),
    actions: [
      type('[data-testid="threads"]', '3'),
      async (page) =>
        page
          .findAll('button')
          .find((one) => one.text() === 'Save')!
          .trigger('click'),
    ],
    mend: type('[data-testid="threads"]', '2'),
  },
  {
    at: 'an interrupted run',
    of: InterruptedLine,
    host: failing('resume', interrupted),
    actions: [click('[data-testid="resume-interrupted"]')],
    mend: () => {
      useNavigation().go('data')
      return nextTick()
    },
  },
]

/** Errors shown on the page, without the form's own problems of a draft. */
const errorsIn = (page: VueWrapper) =>
  page
    .findAll('[role="alert"]')
    .map((line) => line.text())
    .filter((text) => text.includes('/data/full'))

describe('an error', () => {
  it.each(cases)('at $at is said there, and goes when it is mended', async (one) => {
    const page = mountWith(one.of, one.host, one.props) as VueWrapper
    await Promise.all([useCatalogue().load(), useRuns().load()])
    await flushPromises()
    expect(errorsIn(page)).toEqual([])
    for (const action of one.actions) await action(page)
    await flushPromises()
    expect(errorsIn(page)).toHaveLength(1)
    expect(useNotices().notices).toEqual([])
    // Reloading unchanged data does not clear the error.
    await Promise.all([useCatalogue().load(), useRuns().load()])
    if (one.props?.['run'] !== undefined) await page.setProps({ run: { ...one.props['run'] } })
    await flushPromises()
    expect(errorsIn(page)).toHaveLength(1)
    if (one.mend === undefined) return
    // Correcting may repeat the failing call, so the lab now answers it.
    const { call } = one.host.lab
    one.host.lab.call = (name, input) =>
      name === 'annotate' ? (Promise.resolve({}) as never) : call(name, input)
    await one.mend(page)
    await flushPromises()
    expect(errorsIn(page)).toEqual([])
  })

  it('of a menu, which has no place on the page, stays on the page where it was made', async () => {
    const page = mountWith(App, failing('changeSettings'))
    await flushPromises()
    const notices = () => page.findAll('[data-testid="notice"]').map((notice) => notice.text())
    const toggle = page.findAll('header .icon-button')[1]!
    await toggle.trigger('click')
    await flushPromises()
    expect(notices()).toHaveLength(1)
    useNavigation().go('learn')
    await flushPromises()
    expect(notices()).toEqual([])
  })

  it('of reading in the background stays until the same reading succeeds', async () => {
    let isBroken = true
    const runs = () => {
      if (isBroken) throw labError('no-permission', { path: '/data/runs' })
      return [fixtures.summary]
    }
    const host = createHost({ runs })
    const page = mountWith(App, host)
    await flushPromises()
    const notices = () => page.findAll('[data-testid="notice"]').map((notice) => notice.text())
    expect(notices()).toHaveLength(1)
    useNavigation().go('learn')
    await flushPromises()
    expect(notices()).toHaveLength(1)
    isBroken = false
    host.send({ type: 'runs-changed' })
    await vi.waitUntil(() => notices().length === 0)
  })

  it('is given to the strip below the page only where no control stands for it', () => {
    const renderer = join(import.meta.dirname, '..', '..', 'renderer')
    const users = readdirSync(renderer, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(vue|ts)$/.test(file))
      .filter((file) => /notices\.(attempt|report)\(/.test(readFileSync(join(renderer, file), 'utf8')))
    // The bar and the menu, which belong to no page; a reading whose dialog is closed; and undo from the strip of
    // notices.
    expect(users.sort()).toEqual([
      'App.vue',
      'datasets/ImportDialog.vue',
      'parts/NoticeList.vue',
      'parts/TrainingStatus.vue',
    ])
  })
})

describe('a note or tag that is too long', () => {
  it.each([
    ['note', 'x'.repeat(10_001), 'must lie between 0 and 10000'],
    ['tags', 'x'.repeat(61), 'must lie between 0 and 60'],
  ])('is refused as such, at the field: %s', async (field, text, said) => {
    const detail = mountWith(RunDetail, failing('annotate'), { run: fixtures.summary })
    await flushPromises()
    await type(`[data-testid="${field}"]`, text)(detail as VueWrapper)
    await flushPromises()
    expect(detail.get('[data-testid="problem"]').text()).toContain(said)
  })
})

describe('a draft that is refused at its start', () => {
  it('has the error at the setting that it is about, until that is changed', async () => {
    const host = createHost({
      start: () => {
        throw labError('shots-too-many', { asked: 5, class: '2', available: 3 })
      },
    })
    const controls = mountWith(RunControls, host)
    await useCatalogue().load()
    await checkedDraft(controls as VueWrapper)
    await controls.get('[data-testid="start"]').trigger('click')
    await flushPromises()
    const experiment = useExperiment()
    expect([...experiment.shownProblems.keys()]).toEqual(['adaptation.shots'])
    experiment.draft.adaptation.shots = 1
    await vi.waitUntil(() => experiment.shownProblems.size === 0)
  })
})
