/**
 * Bad values in the real form must be rejected with the same error code and parameters as by the terminal's check.
 * Both are called here, with the real methods and datasets, so that they cannot diverge.
 */
import { enableAutoUnmount, flushPromises, type VueWrapper } from '@vue/test-utils'
import { mkdtempSync, rmSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import SetupForm from '../../renderer/setup/SetupForm.vue'
import { useCatalogue } from '../../renderer/stores/catalogue'
import { useExperiment } from '../../renderer/stores/experiment'
import { useSettings } from '../../renderer/stores/settings'
import { applySettings, type SettingChange } from '../../src/contract/check'
import { toErrorMessage, type ErrorMessage } from '../../src/contract/errors'
import type { Experiment, Preset } from '../../src/contract/experiment'
import type { CommandName, CommandOutput } from '../../src/contract/lab'
import { listDatasets } from '../../src/data/open-dataset'
import { readPreset } from '../../src/data/presets'
import { readMethods } from '../../src/lab/catalogue'
import { checkExperiment } from '../../src/lab/experiments'
import type { Language } from '../../src/language/language'
import { sentence } from '../../src/language/sentence'
import { createHost, mountWith } from './host'

enableAutoUnmount(afterEach)

const folder = mkdtempSync(join(tmpdir(), 'dalab-form-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const methods = await readMethods(join(import.meta.dirname, '..', '..', 'dist'))
const datasets = await listDatasets(folder)
const published: Preset = await readPreset('published')
const neverAsked = () => Promise.reject(new Error('no path is read here'))
const analyst = { ask: neverAsked, cancel: () => undefined, ended: () => [], close: neverAsked }
const folders = () => ({ data: folder, datasets: folder, backbones: folder, logs: folder })
/** The analyst is not called: no test of this file draws labelled images. */
const place = {
  methods,
  folders,
  analyst,
}

/** The error of the terminal: the settings applied to the preset, then the check that every command makes. */
async function terminalSays(...settings: SettingChange[]): Promise<ErrorMessage | null> {
  try {
    await checkExperiment(place, applySettings(published.experiment, settings, methods))
    return null
  } catch (error) {
    return toErrorMessage(error)
  }
}

async function openForm(language: Language) {
  const host = createHost({
    settings: () => settingsIn(language),
    methods: () => [...methods],
    datasets: () => [...datasets],
    presets: () => [published],
  })
  const { lab } = host
  const call = lab.call.bind(lab)
  // Uses the real lab's check behind the form.
  lab.call = async (name, input) => {
    if (name !== 'check') return call(name, input)
    const { experiment } = input as { experiment: unknown }
    return (await checkExperiment(place, experiment)) as CommandOutput<CommandName> as never
  }
  const form = mountWith(SetupForm, host) as VueWrapper
  speak(form, language)
  await useSettings().load()
  await useCatalogue().load()
  useExperiment().usePreset(published)
  await settled()
  return { form, host }
}

const settingsIn = (language: Language) =>
  ({ dataFolder: folder, threads: 2, language, theme: 'light' }) as const

/** What App.vue does when the language is set. */
function speak(form: VueWrapper, language: Language): void {
  useSettings().receive({ type: 'settings-changed', settings: settingsIn(language) })
  ;(form.vm as unknown as { $i18n: { locale: string } }).$i18n.locale = language
}

/** Resolves after the form's check by the lab. */
async function settled(): Promise<void> {
  await flushPromises()
  await useExperiment().check()
  await flushPromises()
}

const startOf = (form: VueWrapper) => form.get('[data-testid="start"]')

type Action = (form: VueWrapper, draft: Experiment) => Promise<void> | void

const typed =
  (path: string, text: string): Action =>
  (form) =>
    form.get(`[data-path="${path}"]`).setValue(text)

const pressed =
  (domain: 'source' | 'target', ...classes: string[]): Action =>
  async (form) => {
    const group = form.findAll('.domain')[domain === 'source' ? 0 : 1]
    for (const button of group?.findAll('.classes button') ?? [])
      if (classes.includes(button.text())) await button.trigger('click')
  }

const counted =
  (domain: 'source' | 'target', text: string): Action =>
  async (form, draft) => {
    draft[domain].count = 100
    await flushPromises()
    await typed(`${domain}.count`, text)(form, draft)
  }

/** Values that the form's controls cannot produce, but settings taken from a run may have. */
const held =
  (change: (draft: Experiment) => void): Action =>
  (_, draft) =>
    change(draft)

const all = [...Array(10).keys()]

/** Title; action in the form; the same change on the command line; error code; setting at which the error is shown. */
const cases: [string, Action, SettingChange[], string, string][] = [
  [
    'a rate of 0',
    typed('adaptation.learningRate', '0'),
    [['adaptation.learningRate', '0']],
    'out-of-range',
    'adaptation.learningRate',
  ],
  [
    'a negative rate',
    typed('adaptation.learningRate', '-1'),
    [['adaptation.learningRate', '-1']],
    'out-of-range',
    'adaptation.learningRate',
  ],
  [
    'a rate that is NaN',
    typed('adaptation.learningRate', 'NaN'),
    [['adaptation.learningRate', 'NaN']],
    'out-of-range',
    'adaptation.learningRate',
  ],
  [
    'an infinite rate',
    typed('sourceStage.learningRate', 'Infinity'),
    [['sourceStage.learningRate', 'Infinity']],
    'out-of-range',
    'sourceStage.learningRate',
  ],
  [
    'an absurd rate',
    typed('sourceStage.learningRate', '1e9'),
    [['sourceStage.learningRate', '1e9']],
    'out-of-range',
    'sourceStage.learningRate',
  ],
  // The form's field holds text that is not a number as NaN.
  [
    'a rate in words',
    typed('sourceStage.learningRate', 'fast'),
    [['sourceStage.learningRate', NaN]],
    'out-of-range',
    'sourceStage.learningRate',
  ],
  [
    'no rate',
    typed('sourceStage.learningRate', ''),
    [['sourceStage.learningRate', NaN]],
    'out-of-range',
    'sourceStage.learningRate',
  ],
  [
    'a batch of 0',
    typed('sourceStage.batch', '0'),
    [['sourceStage.batch', '0']],
    'out-of-range',
    'sourceStage.batch',
  ],
  [
    'half an image in a batch',
    typed('adaptation.batch', '1.5'),
    [['adaptation.batch', '1.5']],
    'wrong-type',
    'adaptation.batch',
  ],
  [
    'an absurd batch',
    typed('adaptation.batch', '1000000'),
    [['adaptation.batch', '1000000']],
    'out-of-range',
    'adaptation.batch',
  ],
  [
    'negative rounds',
    typed('adaptation.epochs', '-3'),
    [['adaptation.epochs', '-3']],
    'out-of-range',
    'adaptation.epochs',
  ],
  [
    'absurd rounds',
    typed('adaptation.epochs', '1e9'),
    [['adaptation.epochs', '1e9']],
    'out-of-range',
    'adaptation.epochs',
  ],
  [
    'half a step',
    typed('adaptation.steps', '1.5'),
    [['adaptation.steps', '1.5']],
    'wrong-type',
    'adaptation.steps',
  ],
  [
    'an epoch without steps',
    typed('sourceStage.steps', '0'),
    [['sourceStage.steps', '0']],
    'out-of-range',
    'sourceStage.steps',
  ],
  ['a seed too large', typed('seed', '1e12'), [['seed', '1e12']], 'out-of-range', 'seed'],
  ['half a seed', typed('seed', '0.5'), [['seed', '0.5']], 'wrong-type', 'seed'],
  [
    'a momentum of 1',
    typed('sourceStage.optimiser.momentum', '1'),
    [['sourceStage.optimiser.momentum', '1']],
    'out-of-range',
    'sourceStage.optimiser.momentum',
  ],
  [
    'all of a label smoothed away',
    typed('sourceStage.labelSmoothing', '1'),
    [['sourceStage.labelSmoothing', '1']],
    'out-of-range',
    'sourceStage.labelSmoothing',
  ],
  [
    'a view turned too far',
    typed('adaptation.views.degrees', '181'),
    [['adaptation.views.degrees', '181']],
    'out-of-range',
    'adaptation.views.degrees',
  ],
  ['no name', typed('name', ''), [['name', '']], 'missing-setting', 'name'],
  ['a name too long', typed('name', 'x'.repeat(121)), [['name', 'x'.repeat(121)]], 'out-of-range', 'name'],
  [
    'more images than there are',
    counted('source', '20000'),
    [['source.count', '20000']],
    'count-too-large',
    'source.count',
  ],
  ['no image', counted('target', '0'), [['target.count', '0']], 'out-of-range', 'target.count'],
  [
    'three classes against two',
    pressed('target', '4'),
    [['target.classes', '2,3,4']],
    'unequal-classes',
    'pairing',
  ],
  [
    'two classes against ten',
    pressed('source', ...all.slice(2).map(String)),
    [['source.classes', all.join()]],
    'unequal-classes',
    'pairing',
  ],
  ['no class', pressed('source', '0', '1'), [['source.classes', '']], 'missing-setting', 'source.classes'],
  [
    'a class that is not there',
    held((draft) => (draft.target.classes = ['2', '11'])),
    [['target.classes', '2,11']],
    'unknown-class',
    'target.classes',
  ],
  [
    'a class twice',
    held((draft) => (draft.target.classes = ['2', '2'])),
    [['target.classes', '2,2']],
    'repeated-class',
    'target.classes',
  ],
  [
    'a dataset that is gone',
    held((draft) => (draft.source.dataset = 'mnits')),
    [['source.dataset', 'mnits']],
    'unknown-dataset',
    'source.dataset',
  ],
  [
    'a method that is gone',
    held((draft) => (draft.adaptation.method = 'addda')),
    [['adaptation.method', 'addda']],
    'unknown-method',
    'adaptation.method',
  ],
  [
    'a pairing that is no permutation',
    held((draft) => (draft.pairing = [0, 0])),
    [['pairing', '0,0']],
    'invalid-pairing',
    'pairing',
  ],
  [
    'more labelled images than a class has',
    typed('adaptation.shots', '1001'),
    [['adaptation.shots', '1001']],
    'out-of-range',
    'adaptation.shots',
  ],
]

beforeEach(() => localStorage.clear())

describe('the form refuses, as the terminal does,', () => {
  it.each(cases)('%s', async (_, action, settings, code, setting) => {
    const expected = await terminalSays(...settings)
    expect(expected?.code).toBe(code)
    const { form, host } = await openForm('en')
    await vi.waitFor(() => expect(startOf(form).attributes('disabled')).toBeUndefined())
    await action(form, useExperiment().draft)
    await settled()
    await vi.waitFor(() => expect(useExperiment().shownProblems.get(setting)).toEqual(expected))
    const said: string[] = []
    for (const language of ['en', 'zh'] as const) {
      speak(form, language)
      await flushPromises()
      expect(startOf(form).attributes('disabled')).toBeDefined()
      said.push(form.get(`[data-problem="${setting}"]`).text())
      expect(form.get('[data-testid="refusal"]').text()).not.toBe('')
      await startOf(form).trigger('click')
      expect(host.calls.map(({ name }) => name)).not.toContain('start')
    }
    expect(said[0]).toMatch(/^[^\p{Script=Han}]{8,}$/u)
    expect(said[1]).toMatch(/\p{Script=Han}/u)
  })

  it('a method that needs two classes, given one', async () => {
    const needsTwo = methods.find(({ minClasses }) => minClasses === 2)!
    const one: SettingChange[] = [
      ['source.classes', '0'],
      ['target.classes', '2'],
      ['pairing', '0'],
      ['adaptation.method', needsTwo.id],
    ]
    const expected = await terminalSays(...one)
    expect(expected?.code).toBe('too-few-classes')
    const { form } = await openForm('en')
    await pressed('source', '1')(form, useExperiment().draft)
    await pressed('target', '3')(form, useExperiment().draft)
    const choice = form.get<HTMLSelectElement>('[data-path="adaptation.method"]')
    await choice.setValue(needsTwo.id)
    await settled()
    expect(form.get('[data-problem="adaptation.method"]').text()).toBe(sentence(expected!, 'en'))
    expect(startOf(form).attributes('disabled')).toBeDefined()
  })

  it('more labelled images than a small dataset has of a class', async () => {
    const settings: SettingChange[] = [
      ['target.dataset', 'usps'],
      ['target.split', 'test'],
      ['target.classes', 'all'],
      ['source.classes', 'all'],
      ['pairing', 'names'],
      ['target.count', 'all'],
      ['adaptation.shots', '900'],
    ]
    const expected = await terminalSays(...settings)
    expect(expected?.code).toBe('shots-too-many')
    const { form } = await openForm('en')
    const { draft } = useExperiment()
    useExperiment().setDataset('source', 'mnist')
    useExperiment().setDataset('target', 'usps')
    draft.target.split = 'test'
    draft.target.count = 'all'
    await typed('adaptation.shots', '900')(form, draft)
    await settled()
    expect(form.get('[data-problem="adaptation.shots"]').text()).toBe(sentence(expected!, 'en'))
    expect(startOf(form).attributes('disabled')).toBeDefined()
  })

  it('a parameter out of the range that its method declares', async () => {
    const [method, key, parameter] = methods.flatMap((one) =>
      Object.entries(one.parameters).flatMap(([name, declared]) =>
        declared.kind === 'number' ? [[one, name, declared] as const] : [],
      ),
    )[0]!
    const path = `adaptation.parameters.${key}`
    const value = parameter.most + 1
    const expected = await terminalSays(['adaptation.method', method.id], [path, String(value)])
    expect(expected?.code).toBe('out-of-range')
    const { form } = await openForm('en')
    useExperiment().setMethod(method.id)
    await flushPromises()
    await typed(path, String(value))(form, useExperiment().draft)
    await settled()
    expect(useExperiment().problems.get(path)).toEqual(expected)
    expect(form.get(`[data-problem="${path}"]`).text()).toContain(String(parameter.most))
    expect(startOf(form).attributes('disabled')).toBeDefined()
  })
})

it('names the wrong fields beside Start, and says nothing once they are right', async () => {
  const { form } = await openForm('en')
  await typed('seed', 'x')(form, useExperiment().draft)
  await settled()
  expect(form.get('[data-testid="refusal"]').text()).toBe('Correct before starting: Seed.')
  await typed('seed', '3')(form, useExperiment().draft)
  await settled()
  expect(form.find('[data-testid="refusal"]').exists()).toBe(false)
  await vi.waitFor(() => expect(startOf(form).attributes('disabled')).toBeUndefined())
})
