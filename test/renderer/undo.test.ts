/** Every removal can be undone, or asks for confirmation and says that it is final. */
import { enableAutoUnmount, flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import EvaluatePanel from '../../renderer/checkpoints/EvaluatePanel.vue'
import RunDetail from '../../renderer/checkpoints/RunDetail.vue'
import ImportDialog from '../../renderer/datasets/ImportDialog.vue'
import QueueLine from '../../renderer/panels/QueueLine.vue'
import SamplePanel from '../../renderer/panels/SamplePanel.vue'
import SetupForm from '../../renderer/setup/SetupForm.vue'
import { useCatalogue } from '../../renderer/stores/catalogue'
import { useExperiment } from '../../renderer/stores/experiment'
import { useNotices } from '../../renderer/stores/notices'
import { useQueue } from '../../renderer/stores/queue'
import { useRuns } from '../../renderer/stores/runs'
import { useWatched } from '../../renderer/stores/watched'
import TrashDialog from '../../renderer/trash/TrashDialog.vue'
import DataView from '../../renderer/views/DataView.vue'
import { labError } from '../../src/contract/errors'
import type { DatasetSummary, TrashedDataset } from '../../src/contract/dataset'
import type { CheckpointSummary } from '../../src/contract/run'
import type { RunRecord } from '../../src/contract/record'
import * as fixtures from './fixtures'
import { createHost, mountWith, type TestHost } from './host'

enableAutoUnmount(afterEach)
beforeEach(() => localStorage.clear())

const asked = (host: TestHost, name: string) =>
  host.calls.filter((call) => call.name === name).map(({ input }) => input)

async function undoLast(): Promise<void> {
  const { notices } = useNotices()
  await notices[notices.length - 1]!.undo!()
  await flushPromises()
}

async function chooseInMenu(page: VueWrapper, words: string): Promise<void> {
  await page.get('header [aria-haspopup="menu"]').trigger('click')
  const item = page.findAll('[role="menuitem"]').find((one) => one.text() === words)
  await item!.trigger('click')
  await flushPromises()
}

const shapes: DatasetSummary = {
  ...fixtures.dataset,
  id: 'Shapes (studio)',
  title: 'Shapes (studio)',
  path: '/data/datasets/Shapes (studio).npz',
  classNames: ['circle', 'square', 'star'],
}
const trashedShapes: TrashedDataset = { name: 'Shapes (studio)~2', dataset: shapes, bytes: 2000 }

/** A lab with the dataset in place or in the trash. */
function labWithShapes(
  isThere: boolean,
  use = { runs: [] as { run: string; name: string }[], series: [] as string[] },
) {
  let there = isThere
  return createHost({
    datasets: () => (there ? [fixtures.dataset, shapes] : [fixtures.dataset]),
    trashedDatasets: () => (there ? [] : [trashedShapes]),
    datasetUse: () => use,
    trashDataset: () => {
      there = false
      return { name: trashedShapes.name }
    },
    restoreDataset: () => {
      there = true
      return { id: shapes.id }
    },
    emptyTrash: () => ({ bytes: 2000 }),
    run: () => ({ summary: fixtures.summary, record: shapesRun, pathsToAllow: [] }),
    checkpoints: () => [checkpoint],
    viewImages: () => {
      if (!there) throw labError('dataset-in-trash', { name: shapes.id })
      return { source: fixtures.images, target: fixtures.images }
    },
  })
}

const onShapes = { dataset: shapes.id, classes: ['circle', 'star'] }
const shapesRun: RunRecord = {
  ...fixtures.record,
  experiment: {
    ...fixtures.experiment,
    source: { ...fixtures.experiment.source, ...onShapes },
    target: { ...fixtures.experiment.target, ...onShapes },
  },
}
const checkpoint: CheckpointSummary = {
  path: '/data/round-1',
  run: fixtures.runId,
  runName: 'Shapes',
  round: 1,
  created: fixtures.summary.created,
  bytes: 1,
  pinned: true,
  best: false,
  measures: fixtures.measures(1),
  damage: null,
}

async function dataPage(host: TestHost): Promise<VueWrapper> {
  const page = mountWith(DataView, host) as VueWrapper
  await useCatalogue().load()
  await flushPromises()
  await page.findAll('.set')[1]!.trigger('click')
  await page.get('[data-testid="remove-dataset"]').trigger('click')
  await flushPromises()
  return page
}

describe('removing a dataset', () => {
  it('moves it to the trash, from where one press brings it back', async () => {
    const host = labWithShapes(true)
    const page = await dataPage(host)
    expect(page.findAll('.set')).toHaveLength(1)
    expect(asked(host, 'trashDataset')).toEqual([{ id: shapes.id }])
    await undoLast()
    expect(asked(host, 'restoreDataset')).toEqual([{ name: trashedShapes.name }])
    expect(page.findAll('.set')).toHaveLength(2)
  })

  it('asks first where something needs it, and names what does', async () => {
    const use = { runs: [{ run: 'a', name: 'First run' }], series: ['Ten seeds'] }
    const host = labWithShapes(true, use)
    const page = await dataPage(host)
    const question = page.get('[data-testid="question"]')
    expect(question.text()).toContain('Run “First run”')
    expect(question.text()).toContain('Waiting series “Ten seeds”')
    expect(asked(host, 'trashDataset')).toEqual([])
    await question.get('[data-testid="question-yes"]').trigger('click')
    await flushPromises()
    expect(asked(host, 'trashDataset')).toHaveLength(1)
  })
})

describe('a run whose dataset is gone', () => {
  it('says which, keeps the names of its classes and evaluates on nothing, until it is brought back', async () => {
    const host = labWithShapes(false)
    const detail = mountWith(RunDetail, host, { run: fixtures.summary }) as VueWrapper
    await useCatalogue().load()
    await flushPromises()
    const missing = detail.get('[data-testid="missing-dataset"]')
    expect(missing.text()).toContain('“Shapes (studio)” of this run is in the trash')
    await detail.get('[data-testid="evaluate-tab"]').trigger('click')
    const evaluate = detail.get('[data-testid="run-evaluation"]')
    expect(evaluate.attributes('disabled')).toBeDefined()
    expect(detail.get('[data-testid="evaluate-missing"]').text()).toContain('choose another dataset')
    expect(detail.findAll('.classes button').map((one) => one.text())).toEqual(['circle', 'star'])
    expect(detail.get('.pairs').text()).toMatch(/circle.*star/)
    const options = detail.findAll('[data-testid="evaluate-dataset"] option').map((one) => one.text())
    expect(options).toEqual(['Shapes (studio) (not here)', 'MNIST'])
    await missing.get('button').trigger('click')
    await flushPromises()
    expect(asked(host, 'restoreDataset')).toEqual([{ name: trashedShapes.name }])
    expect(detail.find('[data-testid="missing-dataset"]').exists()).toBe(false)
    expect(evaluate.attributes('disabled')).toBeUndefined()
  })

  it('can be evaluated on another one', async () => {
    const panel = mountWith(EvaluatePanel, labWithShapes(false), { checkpoint, run: shapesRun })
    await useCatalogue().load()
    await flushPromises()
    await panel.get('[data-testid="evaluate-dataset"]').setValue('mnist')
    expect(panel.get('[data-testid="run-evaluation"]').attributes('disabled')).toBeUndefined()
    expect(panel.find('[data-testid="evaluate-missing"]').exists()).toBe(false)
  })

  it('says so where its images would be, and shows them once they are back', async () => {
    const host = labWithShapes(false)
    const panel = mountWith(SamplePanel, host)
    await Promise.all([useCatalogue().load(), useRuns().load()])
    await useWatched().open(fixtures.runId)
    await flushPromises()
    expect(panel.text()).toContain('The dataset "Shapes (studio)" is in the trash')
    expect(panel.text()).toContain('circle→circle')
    expect(useNotices().notices).toEqual([])
    await host.lab.call('restoreDataset', { name: trashedShapes.name })
    await useCatalogue().loadDatasets()
    await flushPromises()
    expect(panel.text()).not.toContain('is in the trash')
    expect(useWatched().images).not.toBeNull()
  })
})

describe('the trash', () => {
  it('holds runs and datasets, and deletes what it listed only after a question that says it is final', async () => {
    const host = labWithShapes(false, { runs: [{ run: 'a', name: 'First run' }], series: [] })
    const dialog = mountWith(TrashDialog, host) as VueWrapper
    await Promise.all([useCatalogue().load(), useRuns().load()])
    await flushPromises()
    expect(dialog.get('[data-trashed="datasets"]').text()).toContain('Shapes (studio)~2')
    await dialog.get('[data-testid="empty"]').trigger('click')
    await flushPromises()
    expect(asked(host, 'emptyTrash')).toEqual([])
    const question = dialog.get('[data-testid="final-question"]').text()
    expect(question).toContain('This cannot be undone')
    expect(question).toContain('Shapes (studio): First run')
    await dialog.get('[data-testid="empty-yes"]').trigger('click')
    await flushPromises()
    expect(asked(host, 'emptyTrash')).toEqual([{ runs: [], datasets: [trashedShapes.name] }])
  })

  it('gives a dataset back', async () => {
    const host = labWithShapes(false)
    const dialog = mountWith(TrashDialog, host) as VueWrapper
    await useCatalogue().load()
    await flushPromises()
    await dialog.get('[data-trashed="datasets"] button').trigger('click')
    await flushPromises()
    expect(dialog.text()).toContain('The trash is empty.')
  })
})

describe('a run', () => {
  async function detailOf(answers: Parameters<typeof createHost>[0]) {
    const host = createHost({ checkpoints: () => [checkpoint], annotate: () => fixtures.summary, ...answers })
    const detail = mountWith(RunDetail, host, { run: fixtures.summary }) as VueWrapper
    await useCatalogue().load()
    await flushPromises()
    return { host, detail }
  }

  it('has a note, tags and a name back that were written over, and is silent where text was only added', async () => {
    const { host, detail } = await detailOf({})
    const write = async (field: string, text: string) => {
      await detail.get(field).setValue(text)
      await detail.get(field).trigger('change')
      await flushPromises()
    }
    await write('[data-testid="note"]', 'first try, then another')
    await write('[data-testid="tags"]', 'paper, more')
    expect(useNotices().notices).toEqual([])
    for (const [field, text, before] of [
      ['[data-testid="note"]', '', { note: 'first try' }],
      ['[data-testid="tags"]', '', { tags: ['paper'] }],
      ['.title', 'Another', { name: null }],
    ] as const) {
      await write(field, text)
      await undoLast()
      expect(asked(host, 'annotate').pop()).toEqual({ run: fixtures.runId, ...before })
    }
  })

  it('has a pin back', async () => {
    const { host, detail } = await detailOf({})
    await detail.get('[data-testid="rounds"] [aria-label="Pin round 1"]').trigger('click')
    await flushPromises()
    expect(asked(host, 'annotate').pop()).toMatchObject({ pinned: [] })
    await undoLast()
    expect(asked(host, 'annotate').pop()).toMatchObject({ pinned: [1] })
  })

  it('loses checkpoints only after a question that says how many, and that it is final', async () => {
    const { host, detail } = await detailOf({
      freeable: () => ({ rounds: [1, 2], bytes: 5_000_000 }),
      free: () => ({ bytes: 5_000_000 }),
    })
    await chooseInMenu(detail, 'Keep only last and pinned')
    const question = detail.get('[data-testid="question"]')
    expect(question.text()).toContain('2 rounds (5 MB) are deleted permanently. This cannot be undone')
    expect(asked(host, 'free')).toEqual([])
    await question.get('[data-testid="question-yes"]').trigger('click')
    await flushPromises()
    expect(asked(host, 'free')).toEqual([{ run: fixtures.runId, keep: 'last', rounds: [1, 2] }])
  })
})

describe('a series', () => {
  it('has back what was cancelled or taken off the list', async () => {
    const item = (number: number, state: 'waiting' | 'over') => {
      return { number, state, run: null, error: null, name: `Digits (${number})`, seed: number }
    }
    const held = { id: 's', name: 'Digits', created: '', held: true }
    let items = [item(1, 'waiting'), item(2, 'waiting')]
    const host = createHost({
      queue: () => [{ ...held, items }],
      cancelQueued: () => ({}),
      dismiss: () => ({}),
      requeue: () => ({}),
    })
    const line = mountWith(QueueLine, host)
    await useQueue().load()
    await flushPromises()
    await line.get('li button').trigger('click')
    await flushPromises()
    await undoLast()
    await line.get('[data-testid="queue-cancel"]').trigger('click')
    await flushPromises()
    await undoLast()
    items = [item(1, 'over')]
    await useQueue().load()
    await flushPromises()
    await line.get('.row .icon-button').trigger('click')
    await flushPromises()
    await undoLast()
    expect(asked(host, 'requeue').map((input) => (input as { numbers: number[] }).numbers)).toEqual([
      [1],
      [1, 2],
      [1],
    ])
  })
})

describe('the form', () => {
  it('has back what was changed by hand before a preset took its place, and offers nothing where nothing was', async () => {
    const form = mountWith(SetupForm, createHost())
    await useCatalogue().load()
    const experiment = useExperiment()
    experiment.usePreset(fixtures.preset)
    await flushPromises()
    const choose = async () => {
      const preset = form.get('[data-testid="preset"]')
      ;(preset.element as HTMLSelectElement).selectedIndex = 1
      await preset.trigger('change')
    }
    await choose()
    expect(useNotices().notices).toEqual([])
    experiment.draft.seed = 77
    await choose()
    expect(experiment.draft.seed).toBe(0)
    await undoLast()
    expect([experiment.draft.seed, experiment.presetId]).toEqual([77, 'digits'])
  })
})

describe('importing', () => {
  async function importing(path: string) {
    const host = createHost({
      datasets: () => [fixtures.dataset, shapes],
      previewDataset: () => fixtures.previewOf(shapes),
      importDataset: ({ name }) => ({ ...shapes, id: name }),
    })
    const dialog = mountWith(ImportDialog, host, { path }) as VueWrapper
    const keep = () => dialog.get('[data-testid="import-keep"]')
    await useCatalogue().load()
    await flushPromises()
    return { host, dialog, keep, name: () => dialog.get<HTMLInputElement>('[data-testid="import-name"]') }
  }

  it.each([
    ['/home/ann/Photos of shapes (studio)', 'Photos of shapes (studio)'],
    ['C:\\图片\\形状（照片）.npz', '形状（照片）'],
  ])('%s takes the name that it proposes', async (path, proposed) => {
    const { host, dialog, keep, name } = await importing(path)
    expect(name().element.value).toBe(proposed)
    expect(dialog.find('[data-testid="name-problem"]').exists()).toBe(false)
    await keep().trigger('click')
    expect(asked(host, 'importDataset')).toMatchObject([{ name: proposed }])
  })

  it('says at the field what is wrong with a name, while it is wrong', async () => {
    const { dialog, keep, name } = await importing('/data/x')
    for (const [bad, said] of [
      ['a/b', 'cannot be called "a/b"'],
      ['shapes (STUDIO)', 'already a dataset'],
      ['', 'cannot be called ""'],
    ] as const) {
      await name().setValue(bad)
      expect(dialog.get('[data-testid="name-problem"]').text()).toContain(said)
      expect([name().attributes('aria-invalid'), keep().attributes('disabled')]).toEqual(['true', ''])
      await name().setValue('形状 2')
      expect(dialog.find('[data-testid="name-problem"]').exists()).toBe(false)
      expect(keep().attributes('disabled')).toBeUndefined()
    }
  })
})

describe('what a choice brings along', () => {
  it('is valid by itself: a part that the dataset has, and a number of images of at least 1', async () => {
    const testOnly = {
      ...shapes,
      counts: { 'original/test': 30 },
      classCounts: { 'original/test': [10, 10, 10] },
    }
    const host = createHost({ datasets: () => [fixtures.dataset, testOnly] })
    const form = mountWith(SetupForm, host)
    await useCatalogue().load()
    const experiment = useExperiment()
    experiment.setDataset('target', testOnly.id)
    expect(experiment.draft.target.split).toBe('test')
    experiment.setClasses('source', [])
    experiment.draft.source.count = 'all'
    await flushPromises()
    await form.get('.domain details input[type="checkbox"]').setValue(false)
    expect(experiment.draft.source.count).toBe(1)
    const panel = mountWith(
      EvaluatePanel,
      createHost({ datasets: () => [{ ...testOnly, id: 'mnist', counts: { 'original/train': 9 } }] }),
      {
        checkpoint,
        run: fixtures.record,
      },
    )
    await useCatalogue().load()
    await flushPromises()
    expect(panel.get<HTMLSelectElement>('[data-testid="evaluate-split"]').element.value).toBe(
      'original/train',
    )
  })
})

describe('a draft on a dataset in the trash', () => {
  it('is refused at the dataset, and can start as soon as the dataset is back', async () => {
    const host = labWithShapes(false)
    const { call } = host.lab
    host.lab.call = async (name, input) => {
      const { dataset } = useExperiment().draft.source
      if (name === 'check' && !useCatalogue().datasetById.has(dataset))
        throw labError('dataset-in-trash', { name: dataset })
      return call(name, input)
    }
    mountWith(SetupForm, host)
    await useCatalogue().load()
    const experiment = useExperiment()
    experiment.useSettingsOf(shapesRun.experiment)
    await vi.waitUntil(() => experiment.shownProblems.size > 0)
    expect([...experiment.shownProblems.keys()]).toEqual(['source.dataset'])
    await host.lab.call('restoreDataset', { name: trashedShapes.name })
    await useCatalogue().loadDatasets()
    await vi.waitUntil(() => experiment.valid && experiment.checked)
  })
})
