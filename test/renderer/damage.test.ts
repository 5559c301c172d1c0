/** Texts for damaged runs and for differing settings, in both languages. */
import { enableAutoUnmount, flushPromises } from '@vue/test-utils'
import { afterEach, describe, expect, it } from 'vitest'
import RunDetail from '../../renderer/checkpoints/RunDetail.vue'
import { useSettingWords } from '../../renderer/parts/setting-words'
import SetupForm from '../../renderer/setup/SetupForm.vue'
import { useCatalogue } from '../../renderer/stores/catalogue'
import { useComparison } from '../../renderer/stores/comparison'
import { useExperiment } from '../../renderer/stores/experiment'
import { useRuns } from '../../renderer/stores/runs'
import { useSettings } from '../../renderer/stores/settings'
import CompareView from '../../renderer/views/CompareView.vue'
import { namesIn, settingSchema } from '../../src/contract/schema'
import { experimentSchema, restartsSchema, viewsSchema } from '../../src/contract/experiment'
import type { CheckpointSummary, RunSummary } from '../../src/contract/run'
import type { Language } from '../../src/language/language'
import * as fixtures from './fixtures'
import { createHost, mountWith } from './host'

enableAutoUnmount(afterEach)

const settingsIn = (language: Language) => () => ({
  dataFolder: '/data',
  threads: 2,
  language,
  theme: 'light' as const,
})

const damaged: RunSummary = {
  ...fixtures.summary,
  damage: [
    { code: 'run-file-misfit', params: { run: 'Digits', file: 'annotations.json', setting: 'tags' } },
    {
      code: 'run-lines-unreadable',
      params: { run: 'Digits', file: 'metrics.jsonl', count: 2, lines: '3, 4' },
    },
  ],
}
const empty: CheckpointSummary = {
  path: '/data/runs/digits/checkpoints/round-0003.dalab.safetensors',
  run: fixtures.runId,
  runName: 'Digits',
  round: 3,
  created: fixtures.summary.created,
  bytes: 0,
  pinned: false,
  best: false,
  measures: null,
  damage: { code: 'checkpoint-empty', params: { file: 'round-0003.dalab.safetensors' } },
}

async function inLanguage(language: Language) {
  const host = createHost({ settings: settingsIn(language), checkpoints: () => [empty] })
  const detail = mountWith(RunDetail, host, { run: damaged })
  await useSettings().load()
  await flushPromises()
  return {
    run: detail.findAll('[data-testid="damage"]').map((line) => line.text()),
    checkpoint: detail.get('.damage').attributes('title'),
  }
}

describe('a damaged run', () => {
  it('says every damage in English', async () => {
    const { run, checkpoint } = await inLanguage('en')
    expect(run).toEqual([
      'The file annotations.json of the run "Digits" was changed, or written by another version of the lab: "tags" in it does not fit.',
      '2 lines of metrics.jsonl of the run "Digits" cannot be read and are left out (line 3, 4).',
    ])
    expect(checkpoint).toBe('The checkpoint round-0003.dalab.safetensors is empty; use another round.')
  })

  it('says every damage in Chinese', async () => {
    const { run, checkpoint } = await inLanguage('zh')
    expect(run).toHaveLength(2)
    for (const text of [...run, checkpoint]) expect(text).toMatch(/\p{Script=Han}/u)
    expect(run[1]).toContain('metrics.jsonl 有 2 行')
  })
})

async function compared(differences: { setting: string; values: unknown[] }[]) {
  const other = { ...fixtures.summary, id: 'other' }
  const host = createHost({
    runs: () => [fixtures.summary, other],
    compare: () => ({ runs: [fixtures.summary, other], differences, curves: [[], []], repeats: [] }),
  })
  const page = mountWith(CompareView, host)
  await useCatalogue().load()
  await useRuns().load()
  useComparison().marked = [fixtures.summary.id, other.id]
  await flushPromises()
  return page
    .findAll('[data-setting]')
    .map((row) => [row.get('th').text(), ...row.findAll('td').map((cell) => cell.text())])
}

describe('the page that compares', () => {
  it('names settings and values as the form does, and has a dash for what a run has not', async () => {
    const rotation = [{ kind: 'rotation', degrees: 30 }, { kind: 'inversion' }]
    const rows = await compared([
      { setting: 'seed', values: [0, 9] },
      { setting: 'restarts.most', values: [null, 3] },
      { setting: 'adaptation.learningRate', values: [0.00001, 0.001] },
      { setting: 'adaptation.method', values: ['adda', 'gone'] },
      { setting: 'adaptation.parameters.weight', values: [0.5, null] },
      { setting: 'adaptation.weightSchedules.weight', values: [null, 'linear'] },
      { setting: 'sourceStage.optimiser.kind', values: ['sgd', 'adam'] },
      { setting: 'sourceStage.optimiser.nesterov', values: [true, null] },
      { setting: 'source.shifts', values: [[], rotation] },
      { setting: 'source.count', values: ['all', 600] },
    ])
    expect(rows).toEqual([
      ['Seed', '0', '9'],
      ['Maximum restarts', '–', '3'],
      ['Learning rate (Adaptation)', '0.00001', '0.001'],
      ['Method (Adaptation)', 'ADDA', 'gone'],
      ['Weight (Adaptation)', '0.5', '–'],
      ['Weight: schedule (Adaptation)', '–', 'linear from 0'],
      ['Optimiser (Source stage)', 'SGD', 'Adam'],
      ['Nesterov (Source stage)', 'yes', '–'],
      ['Shifts (source)', 'none', 'Rotation 30°, Inversion'],
      ['Number of images (source)', 'Use all images', '600'],
    ])
  })

  it('has a name for every setting that an experiment has, the very one of its field', async () => {
    let words: ReturnType<typeof useSettingWords> | null = null
    const form = mountWith(
      {
        components: { SetupForm },
        template: '<SetupForm />',
        setup() {
          words = useSettingWords()
        },
      },
      createHost(),
    )
    await useCatalogue().load()
    const { draft } = useExperiment()
    draft.source.count = draft.target.count = 10
    draft.sourceStage.views = viewsSchema.parse({})
    draft.restarts = restartsSchema.parse({})
    draft.retention.keep = 'every-nth'
    const names: string[] = []
    for (const kind of ['sgd', 'adam'] as const) {
      draft.sourceStage.optimiser = draft.adaptation.optimiser = experimentSchema.shape.sourceStage.parse({
        optimiser: { kind },
      }).optimiser
      names.push(...namesIn(settingSchema(experimentSchema), draft))
      await flushPromises()
      for (const field of form.findAll('.field [data-path]')) {
        const path = field.attributes('data-path') ?? ''
        if (['restarts', 'sourceStage.views'].includes(path)) continue
        const label = form.get(`label[for="${field.attributes('id') ?? ''}"]`).text()
        expect(words!.nameOf(path).replace(/ \([^)]+\)$/, ''), path).toBe(label)
      }
    }
    // Groups are not settings, and parameters and the schedules of weights belong to the method.
    const isGroup = (name: string) => names.some((other) => other.startsWith(`${name}.`))
    const settings = names.filter(
      (name) => !isGroup(name) && !/^adaptation\.(parameters|weightSchedules)$/.test(name),
    )
    expect(settings.length).toBeGreaterThan(40)
    expect(settings.filter((name) => words!.nameOf(name) === name)).toEqual([])
  })
})
