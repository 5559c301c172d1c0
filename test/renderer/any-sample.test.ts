/** Vectors, colour, targets without labels and folders imported again: the form, the panels and the dialog. */
import { enableAutoUnmount, flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defineComponent, h } from 'vue'
import type { Changes, DatasetSummary, Images } from '../../src/contract/dataset'
import type { ErrorCode, ErrorMessage } from '../../src/contract/errors'
import { usualError, type Estimate } from '../../src/contract/estimate'
import { experimentSchema, type Experiment } from '../../src/contract/experiment'
import type { RecordedEvent } from '../../src/contract/record'
import { markerPath, unknownShape } from '../../renderer/charts/markers'
import ImportDialog from '../../renderer/datasets/ImportDialog.vue'
import FeaturePanel from '../../renderer/panels/FeaturePanel.vue'
import RunStory from '../../renderer/panels/RunStory.vue'
import SamplePanel from '../../renderer/panels/SamplePanel.vue'
import ScorePanel from '../../renderer/panels/ScorePanel.vue'
import SetupForm from '../../renderer/setup/SetupForm.vue'
import { useCatalogue } from '../../renderer/stores/catalogue'
import { useExperiment } from '../../renderer/stores/experiment'
import { settingOf } from '../../renderer/stores/problems'
import { useRuns } from '../../renderer/stores/runs'
import { useWatched } from '../../renderer/stores/watched'
import ExperimentView from '../../renderer/views/ExperimentView.vue'
import { meaningOf } from '../../src/language/score-meanings'
import * as fixtures from './fixtures'
import { createHost, mountWith } from './host'

enableAutoUnmount(afterEach)
beforeEach(() => localStorage.clear())

const classNames = ['cat', 'dog']
const split = { 'original/train': 20 }

const pictures = (id: string, channels: 1 | 3): DatasetSummary => ({
  ...fixtures.dataset,
  id,
  title: id,
  path: `/data/${id}.npz`,
  channels,
  classNames,
  counts: split,
  classCounts: { 'original/train': [10, 10] },
})
const vectors = (id: string, length: number): DatasetSummary => ({
  ...pictures(id, 1),
  kind: 'vector',
  width: null,
  height: null,
  channels: null,
  length,
})
const unlabelled: DatasetSummary = {
  ...pictures('plain', 1),
  classNames: [],
  classCounts: { 'original/train': [] },
}
const halfLabelled: DatasetSummary = {
  ...pictures('half', 1),
  counts: { 'original/train': 20, 'original/test': 8 },
  classCounts: { 'original/train': [5, 5], 'original/test': [0, 0] },
}

const datasets = [
  fixtures.dataset,
  pictures('red', 3),
  pictures('blue', 3),
  vectors('words', 64),
  vectors('texts', 64),
  unlabelled,
  halfLabelled,
]

async function openForm() {
  const host = createHost({ datasets: () => datasets })
  const form = mountWith(SetupForm, host)
  await useCatalogue().load()
  const experiment = useExperiment()
  experiment.usePreset(fixtures.preset)
  await flushPromises()
  return { form, experiment, host }
}

describe('the form follows the data', () => {
  it('takes vectors: their length, an encoder for them, and no settings of images', async () => {
    const { form, experiment } = await openForm()
    experiment.draft.sourceStage.views = {
      degrees: 15,
      leastScale: 0.85,
      mostScale: 1.15,
      shear: 0.2,
      translation: 2,
    }
    experiment.draft.source.shifts = [{ kind: 'inversion' }]
    experiment.setDataset('source', 'words')
    experiment.setDataset('target', 'texts')
    await flushPromises()
    expect(experiment.draft.model).toMatchObject({ length: 64, encoder: 'mlp' })
    expect(experiment.draft.sourceStage.views).toBeNull()
    expect(experiment.draft.source.shifts).toEqual([])
    expect([...experiment.problems]).toEqual([])
    for (const path of ['model.side', 'source.framing', 'sourceStage.views', 'adaptation.views.degrees'])
      expect(form.find(`[data-path="${path}"]`).exists(), path).toBe(false)
    expect(form.get('[data-testid="source-vectors"]').text()).toContain('20 vectors of length 64')

    experiment.setDataset('source', 'mnist')
    expect(experiment.draft.model).toMatchObject({ length: null, encoder: 'lenet' })
  })

  it('takes colour if both datasets have it, and says which have', async () => {
    const { form, experiment } = await openForm()
    experiment.setDataset('source', 'red')
    await flushPromises()
    expect(experiment.draft.model.channels).toBe(1)
    expect(form.get('[data-testid="coloured"]').text()).toBe('Only the source is in colour.')
    experiment.setDataset('target', 'blue')
    await flushPromises()
    expect(experiment.draft.model.channels).toBe(3)
    expect(form.get('[data-testid="coloured"]').text()).toBe('Both datasets are in colour.')
  })

  it('has nothing to pair for a target without labels', async () => {
    const { form, experiment } = await openForm()
    experiment.setDataset('source', 'red')
    experiment.setDataset('target', 'plain')
    await flushPromises()
    expect(experiment.draft).toMatchObject({ pairing: [], target: { classes: [], unlabelled: true } })
    expect([...experiment.problems]).toEqual([])
    expect(form.get('[data-testid="target-unlabelled"]').text()).toBe('This dataset has no labels.')
    const headings = () => form.findAll('.domain h2').map((one) => one.text())
    expect(headings()).toEqual(['Source domain, labelled', 'Target domain, without labels'])
    expect(form.get('[data-testid="nothing-to-pair"]').text()).toContain('nothing to pair')
    expect(form.find('[data-path="target.classes"]').exists()).toBe(false)
    experiment.setDataset('target', 'blue')
    expect(experiment.draft.pairing).toEqual([0, 1])
    await flushPromises()
    expect(headings()[1]).toBe('Target domain, labels for testing only')
    experiment.draft.adaptation.shots = 2
    await flushPromises()
    expect(headings()[1]).toBe('Target domain, labels used in training')
  })

  it('refuses a source without labels at its dataset', async () => {
    const { form, experiment } = await openForm()
    experiment.setDataset('source', 'plain')
    await flushPromises()
    expect([...experiment.problems.keys()]).toContain('source.dataset')
    expect(form.get('[data-problem="source.dataset"]').text()).toContain('no labels')
  })

  it('takes samples without a label if they are wanted, and a split without any label', async () => {
    const { form, experiment } = await openForm()
    experiment.setDataset('source', 'red')
    experiment.setDataset('target', 'half')
    await flushPromises()
    expect(experiment.draft.target).toMatchObject({ classes: classNames, unlabelled: true })
    expect(form.find('[data-path="target.perClass"]').exists()).toBe(false)
    await form.get('[data-path="target.unlabelled"]').setValue(false)
    expect(experiment.draft.target.unlabelled).toBe(false)
    await form.get('[data-path="target.perClass"]').setValue('3')
    expect(experiment.draft.target.perClass).toBe(3)
    expect(useCatalogue().available(experiment.draft.target)).toBe(6)
    experiment.draft.target.perClass = null
    await form.get('[data-path="target.split"]').setValue('test')
    expect(experiment.draft).toMatchObject({ pairing: [], target: { classes: [], unlabelled: true } })
    await form.get('[data-path="target.split"]').setValue('train')
    expect(experiment.draft).toMatchObject({ pairing: [0, 1], target: { classes: classNames } })
  })

  it('refuses samples that the encoder cannot take while the user types', async () => {
    const { form, experiment } = await openForm()
    experiment.draft.model.side = 12
    await flushPromises()
    expect([...experiment.problems.keys()]).toEqual(['model.side'])
    expect(form.find('[data-problem="model.side"]').exists()).toBe(true)
    experiment.draft.model.side = 28
    experiment.draft.model.encoder = 'mlp'
    expect([...experiment.problems.keys()]).toEqual(['model.encoder'])
  })
})

describe('where an error is shown', () => {
  const draft = fixtures.experiment
  const small: Experiment = { ...draft, model: { ...draft.model, encoder: 'lenet' } }
  it.each<[ErrorCode, ErrorMessage['params'], string, Experiment?]>([
    ['unlike-samples', { source: 'image', target: '[64]' }, 'target.dataset'],
    ['encoder-refuses-samples', {}, 'model.side', small],
    ['encoder-refuses-samples', {}, 'model.encoder', { ...draft, model: { ...draft.model, encoder: 'mlp' } }],
    ['method-needs-views', { method: 'mean-teacher' }, 'adaptation.method'],
    ['views-need-images', { name: 'sourceStage.views' }, 'sourceStage.views'],
    ['shifts-need-images', { name: 'target.shifts', dataset: 'words' }, 'target.shifts'],
    ['per-class-too-many', { name: 'source.perClass' }, 'source.perClass'],
    ['needs-labels', { name: 'target.rarest', dataset: 'plain' }, 'target.rarest'],
    ['needs-labels', { name: 'adaptation.method=target-supervised' }, 'adaptation.method'],
    ['source-unlabelled', { dataset: 'plain' }, 'source.dataset'],
    ['classes-do-not-meet', { class: 'cow', strange: 1, nearest: 'cat' }, 'pairing'],
  ])('%s', (code, params, setting, experiment = draft) => {
    expect(settingOf({ code, params }, experiment)).toBe(setting)
  })
})

/** By round: the best estimate is that of round 2, the best information that of round 1. */
const estimateOf = (round: number, outlying: number): Estimate => ({
  accuracy: [0.55, 0.7, 0.91, 0.8][round] ?? 0,
  confidence: 0.95,
  on: 'held-out',
  count: 500,
  temperature: 1.4,
  calibrationErrorBefore: 0.05,
  calibrationErrorAfter: 0.01,
  outlying: round === 0 ? outlying : 0.02,
})

/**
 * A run on samples without labels: two in each domain.
 * @param outlying the share of outlying samples before adaptation; null: a run of an earlier version, without estimates
 */
function labelFreeRun(length: number | null, outlying: number | null, diversity: number) {
  const { source, adaptation } = fixtures.experiment
  const experiment = experimentSchema.parse({
    name: 'No labels',
    source,
    target: { ...source, dataset: 'plain', classes: [], unlabelled: true },
    pairing: [],
    adaptation,
    model: length === null ? {} : { length, encoder: 'mlp' },
  })
  const labelFree = {
    entropy: 0.1,
    diversity,
    mutualInformation: 0.5,
    agreement: null,
    discriminatorConfusion: null,
    sourceKept: 0.9,
    density: 0.2,
  }
  const history: RecordedEvent[] = fixtures.history(3).map((event) =>
    event.type === 'round'
      ? {
          ...event,
          measures: {
            ...event.measures,
            target: null,
            unseenTarget: null,
            labelFree: { ...labelFree, mutualInformation: event.round === 1 ? 0.6 : 0.5 },
            ...(outlying !== null && { estimate: estimateOf(event.round, outlying) }),
          },
        }
      : event,
  )
  const none: Images = { width: 0, height: 0, channels: 1, labels: [], pixels: '' }
  const images = length === null ? { ...fixtures.images, labels: [-1, -1] } : none
  const summary = {
    ...fixtures.summary,
    targetAccuracy: null,
    targetAccuracyBefore: null,
    targetAccuracyBestPairing: null,
    unseenTargetAccuracy: null,
    estimatedAccuracy: null,
    estimatedAccuracyBefore: null,
  }
  return createHost({
    datasets: () => datasets,
    runs: () => [summary],
    run: () => ({ summary, record: { ...fixtures.record, experiment }, pathsToAllow: [] }),
    history: () => history,
    view: ({ round }) => ({ ...fixtures.view(round), targetLabels: [-1, -1] }),
    viewImages: () => ({ source: length === null ? fixtures.images : none, target: images }),
  })
}

async function watchRun(
  component: Parameters<typeof mountWith>[0],
  length: number | null = null,
  outlying: number | null = null,
  diversity = 0.6,
) {
  const shown = mountWith(component, labelFreeRun(length, outlying, diversity))
  await useCatalogue().load()
  await useRuns().load()
  await useWatched().open(fixtures.runId)
  await flushPromises()
  return shown
}

describe('a target without labels', () => {
  it('is told by its label-free scores, with dashes for accuracies', async () => {
    const story = await watchRun(RunStory)
    expect(story.get('[data-testid="story"]').text()).toContain('no labelled target sample')
    expect(story.findAll('dd').map((one) => one.text())).toEqual(['–', '–', '–', '–'])
  })

  it('is told by its estimate where there is one, which is never called an accuracy that was measured', async () => {
    const story = await watchRun(RunStory, null, 0.03)
    const told = story.get('[data-testid="story"]').text()
    expect(told).toContain('no accuracy is known. The estimate for round 3 is 0.80 (0.55 before adaptation)')
    expect(told).toContain(`off by ${usualError.toFixed(2)} on average`)
    expect(told).not.toContain('Warning')
    expect(story.findAll('dd').map((one) => one.text())).toEqual([
      '0.5000',
      '–',
      '0.55',
      `0.80 ±${usualError.toFixed(2)}`,
    ])
  })

  it('warns where many samples were of no class before adaptation, in whatever round is shown', async () => {
    const story = await watchRun(RunStory, null, 0.3)
    expect(story.get('[data-testid="story"]').text()).toMatch(/^Warning: before adaptation 30 % of/)
    expect(story.text()).toContain('on average')
  })

  it('gives no usual error where the rule refuses a round of a run with that warning', async () => {
    const story = await watchRun(RunStory, null, 0.3, 0.3)
    expect(story.text()).toContain('0.80 (0.55 before adaptation), may be far too high')
    expect(story.text()).toContain('Inversion')
    expect(story.findAll('dd')[3]?.text()).toBe('0.80 ?')
    expect(story.text()).not.toContain('on average')
    const vectors = await watchRun(RunStory, 5, 0.3, 0.3)
    expect(vectors.text()).not.toContain('Inversion')
  })

  it('explains each score before and after, and finds the best round by the one chosen', async () => {
    const panel = await watchRun(ScorePanel, null, 0.03)
    const row = panel.get('[data-score="estimate"]').text()
    expect(row).toContain(`±${usualError.toFixed(2)}`)
    expect(row).toContain(meaningOf('estimate', 'en'))
    // Without views there is no agreement: it is left out, not 0.
    expect(panel.find('[data-score="agreement"]').exists()).toBe(false)
    expect(panel.get('[data-testid="verdict"]').text()).toContain('accepts')
    expect(panel.get('[data-testid="best-round"]').text()).toBe('round 1')
    await panel.get('[data-testid="best-by"]').setValue('estimate')
    await panel.get('[data-testid="best-round"]').trigger('click')
    expect(useWatched().shownRound).toBe(2)
  })

  it('opens the panel of label-free scores, until the user chooses the other', async () => {
    const view = await watchRun(ExperimentView)
    await new Promise((resolve) => setTimeout(resolve, 100))
    await flushPromises()
    expect(view.find('[data-figure="scores"]').exists()).toBe(true)
    await view.get('[data-testid="evidence"]').setValue('free')
    expect(view.find('[data-figure="label-free"]').exists()).toBe(true)
    await view.get('[data-testid="evidence"]').setValue('labels')
    expect(view.find('[data-figure="accuracy"]').exists()).toBe(true)
    expect(view.text()).not.toContain('NaN')
  })

  it('has one neutral mark in the features', async () => {
    const panel = await watchRun(FeaturePanel)
    const mark = panel.get('[data-testid="unlabelled-mark"]')
    expect(mark.text()).toBe('target, no labels')
    expect(mark.get('path').attributes('d')).toBe(markerPath(unknownShape, 3.5))
    expect(panel.findAll('.legend .entry')).toHaveLength(3)
  })

  it('shows predictions, none of them right or wrong', async () => {
    const panel = await watchRun(SamplePanel)
    expect(panel.text()).toContain('predictions; there are no labels')
    await panel.get('[aria-haspopup="menu"]').trigger('click')
    await panel.get('[role="menuitem"]').trigger('click')
    const cells = panel.findAll('tbody tr').map((row) => row.findAll('td').map((cell) => cell.text()))
    expect(cells.map((row) => [row[1], row[3]])).toEqual([
      ['–', '–'],
      ['–', '–'],
    ])
  })
})

describe('vectors', () => {
  it('are listed in numbers where images have pictures', async () => {
    const panel = await watchRun(SamplePanel, 64)
    expect(panel.get('[data-testid="no-pictures"]').text()).toContain('2 vectors of length 64')
    expect(panel.find('canvas').exists()).toBe(false)
  })
})

const Page = defineComponent({
  props: { isOpen: Boolean },
  render() {
    return this.isOpen ? h(ImportDialog, { path: '/home/ann/red' }) : null
  },
})

describe('a folder imported again', () => {
  const changed = { added: 2, removed: 0, changed: 1, files: 'cat/9.png, cat/10.png, dog/1.png' }

  async function importing(changes: Changes | null) {
    const host = createHost({
      datasets: () => datasets,
      previewDataset: () =>
        fixtures.previewOf({ ...pictures('red', 3), width: null, height: null, reduced: 7 }),
      compareDataset: () => changes,
      importDataset: () => pictures('red', 3),
    })
    // The page reads the catalogue before it opens the dialog.
    const page = mountWith(Page, host)
    await useCatalogue().load()
    await page.setProps({ isOpen: true })
    await flushPromises()
    const dialog = page.getComponent(ImportDialog)
    return { dialog, host }
  }

  it('shows what has changed and replaces the dataset', async () => {
    const { dialog, host } = await importing(changed)
    expect(dialog.text()).toContain('320 pixels on the shorter side: 7.')
    const offer = dialog.get('[data-testid="import-changed"]')
    expect(offer.text()).toContain('2 added, 0 removed, 1 changed (cat/9.png')
    expect(offer.text()).toContain('trash')
    await dialog.get('[data-testid="import-replace"]').trigger('click')
    await flushPromises()
    expect(host.calls[host.calls.length - 1]?.input).toMatchObject({ name: 'red', replace: true })
    expect(dialog.emitted('imported')).toEqual([['red']])
  })

  it('offers nothing if the dataset has another origin or the folder is the same', async () => {
    const { dialog } = await importing(null)
    expect(dialog.find('[data-testid="import-changed"]').exists()).toBe(false)
    expect(dialog.find('[data-testid="name-problem"]').exists()).toBe(false)
  })
})
