/** The import of a dataset in the window: what it shows, what it asks, how far it is, what it says afterwards. */
import { enableAutoUnmount, flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DatasetSummary, Preview } from '../../src/contract/dataset'
import { labError, type LabError } from '../../src/contract/errors'
import { note } from '../../src/contract/note'
import { choicesSchema, noChoices, questions, type Choices } from '../../src/contract/reading'
import ChoiceControl from '../../renderer/datasets/ChoiceControl.vue'
import ImportDialog from '../../renderer/datasets/ImportDialog.vue'
import { controlOf, type Answer, type Field } from '../../renderer/datasets/questions'
import en from '../../renderer/i18n/en'
import zh from '../../renderer/i18n/zh'
import { useCatalogue } from '../../renderer/stores/catalogue'
import { useNotices } from '../../renderer/stores/notices'
import DataView from '../../renderer/views/DataView.vue'
import * as fixtures from './fixtures'
import { createHost, mountWith } from './host'

enableAutoUnmount(afterEach)
beforeEach(() => localStorage.clear())

const skipped = note('files-skipped', { count: 4, reason: 'undecodable', names: ['a', 'b', 'c', 'd'] })
const things: DatasetSummary = {
  ...fixtures.dataset,
  id: 'things',
  title: 'things',
  path: '/data/datasets/things.npz',
  from: '/home/ann/things',
  channels: 3,
  width: null,
  height: null,
  classNames: Array.from({ length: 65 }, (_, index) => (index === 64 ? '茶壶' : `thing ${index}`)),
  counts: { 'original/train': 660, 'original/test': 130 },
  classCounts: { 'original/train': Array(65).fill(10), 'original/test': Array(65).fill(2) },
  notes: [skipped],
}
const sizes = { width: { least: 16, most: 320 }, height: { least: 20, most: 20 } }

/** Opens the dialog on a lab that reads by these choices. */
async function open(read: (choices: Choices) => Preview | Promise<Preview>, more = {}) {
  const host = createHost({
    previewDataset: ({ choices }) => read(choicesSchema.parse(choices ?? {})),
    cancelReading: () => ({}),
    importDataset: ({ name }) => ({ ...things, id: name }),
    ...more,
  })
  const dialog = mountWith(ImportDialog, host, { path: '/home/ann/things' }) as VueWrapper
  await useCatalogue().load()
  await flushPromises()
  return { host, dialog, by: (id: string) => dialog.get(`[data-testid="${id}"]`) }
}

const isThere = (dialog: VueWrapper, id: string) => dialog.find(`[data-testid="${id}"]`).exists()

describe('before anything is kept', () => {
  it('the dialog says format, samples, sizes, classes with counts, samples without a label, and what was done', async () => {
    const { host, dialog, by } = await open(() =>
      fixtures.previewOf(things, { format: 'image-folder', sizes }),
    )
    const facts = dialog.findAll('dd').map((fact) => fact.text())
    expect(facts).toEqual([
      'Folder of images',
      '660 for training, 130 for testing',
      '16–320 × 20 pixels, colour',
      '65 classes, 10 without a label',
    ])
    const classes = () =>
      by('class-counts')
        .findAll('li')
        .map((line) => line.text())
    expect(classes()).toHaveLength(65)
    expect(classes()[64]).toBe('茶壶10 + 2')
    await by('class-search').setValue('THING 6')
    expect(classes()).toHaveLength(5)
    await by('class-search').setValue('no such')
    expect(dialog.text()).toContain('No class is called “no such”.')
    expect(by('notes').text()).toMatch(/^4 files were skipped.*a, b, c\.$/)
    expect(host.calls.some(({ name }) => name === 'importDataset')).toBe(false)
  })

  it('vectors have a length and no pictures', async () => {
    const vectors = { ...things, kind: 'vector', channels: null, length: 800 } as const
    const { dialog } = await open(() => fixtures.previewOf(vectors, { sizes: null }))
    expect(dialog.findAll('dd')[2]?.text()).toBe('vector of 800 numbers')
    expect(dialog.find('canvas').exists()).toBe(false)
    expect(isThere(dialog, 'no-pictures')).toBe(true)
  })
})

describe('a note that offers a choice', () => {
  it('shows its options, and the files are read again by the one that is chosen', async () => {
    const offer = note('rows-may-be-images', { array: 'data', options: ['vectors', 'n-hw'] })
    const { dialog, by } = await open(({ layout }) =>
      fixtures.previewOf({ ...things, notes: layout === null ? [offer] : [] }),
    )
    expect(by('notes').text()).toContain('may be square images')
    expect(by('import-keep').attributes('disabled')).toBeUndefined()
    await dialog.get('[data-choice="layout"] select').setValue('n-hw')
    await flushPromises()
    expect(isThere(dialog, 'notes')).toBe(false)
  })
})

describe('a question that the files leave open', () => {
  const undecodable = labError('image-undecodable', { file: '/d/3/notes.txt' })

  it('is shown with the button that settles it; the answer stays and can be changed', async () => {
    const { host, dialog, by } = await open(({ skipUndecodable }) => {
      if (!skipUndecodable) throw undecodable
      return fixtures.previewOf(things)
    })
    expect(by('import-problem').text()).toContain('notes.txt')
    expect(by('import-keep').attributes('disabled')).toBeDefined()
    const button = dialog.get('[data-choice="skipUndecodable"] button')
    expect(button.text()).toBe('Skip files that cannot be read')
    await button.trigger('click')
    await flushPromises()
    expect(isThere(dialog, 'import-problem')).toBe(false)
    expect(by('import-keep').attributes('disabled')).toBeUndefined()
    expect(host.calls.some(({ name }) => name === 'importDataset')).toBe(false)

    const box = dialog.get<HTMLInputElement>('[data-choice="skipUndecodable"] input')
    expect(box.element.checked).toBe(true)
    await box.setValue(false)
    await flushPromises()
    expect(by('import-problem').text()).toContain('notes.txt')
    expect(isThere(dialog, 'preview')).toBe(false)
  })

  it('goes with the import as it was answered', async () => {
    const { host, dialog, by } = await open(({ skipUndecodable }) => {
      if (!skipUndecodable) throw undecodable
      return fixtures.previewOf(things)
    })
    await dialog.get('[data-choice="skipUndecodable"] button').trigger('click')
    await flushPromises()
    await by('import-keep').trigger('click')
    await flushPromises()
    const order = host.calls.find(({ name }) => name === 'importDataset')?.input
    expect(order).toMatchObject({ name: 'things', choices: { skipUndecodable: true } })
  })

  it('about the folder inside is a select, and the name follows the answer unless it was changed', async () => {
    const inside = labError('look-inside', { folder: '/home/ann/things', options: ['raw', 'old'] })
    const { host, dialog, by } = await open(({ within }) => {
      if (within === null) throw inside
      return fixtures.previewOf(things)
    })
    const select = dialog.get('[data-choice="within"] select')
    await select.setValue('raw')
    await flushPromises()
    const name = by('import-name')
    expect((name.element as HTMLInputElement).value).toBe('things raw')
    await name.setValue('mine')
    await select.setValue('old')
    await flushPromises()
    expect((name.element as HTMLInputElement).value).toBe('mine')
    const read = host.calls.filter((call) => call.name === 'previewDataset')
    expect(read.map(({ input }) => (input as { choices: Choices }).choices.within)).toEqual([
      null,
      'raw',
      'old',
    ])
  })

  it('of which there is no word is asked with the options of the error, by its name', async () => {
    const answers: Answer[] = []
    const control = mountWith(ChoiceControl, createHost(), {
      question: { field: 'untold' as Field, options: ['byclass', 'letters'] },
      answer: null,
      isOpen: true,
      disabled: false,
      onAnswer: (answer: Answer) => answers.push(answer),
    })
    expect(control.get('label').text()).toBe('untold')
    await control.get('select').setValue('letters')
    expect(answers).toEqual(['letters'])
  })

  it.each<[string, unknown, readonly string[]]>([
    ['switch', false, []],
    ['select', null, ['a', 'b']],
    ['text', null, []],
    ['roles', { images: null, labels: null }, ['a', 'b']],
  ])('has the control %s by the value of its choice', (control, value, options) => {
    expect(controlOf({ field: 'tried' as Field, options }, value)).toBe(control)
  })

  it('about arrays is one form with a select for each role', async () => {
    const answers: Answer[] = []
    const control = mountWith(ChoiceControl, createHost(), {
      question: { field: 'arrays' as Field, options: ['x: uint8 [400, 28, 28]', 'y: uint8 [400]'] },
      answer: { images: null, labels: null },
      isOpen: true,
      disabled: false,
      onAnswer: (answer: Answer) => answers.push(answer),
    })
    await control.get('[data-role="images"]').setValue('x: uint8 [400, 28, 28]')
    await control.get('[data-role="labels"]').setValue('y: uint8 [400]')
    await control.get('[data-role="labels"]').setValue('')
    expect(answers).toEqual([])
    await control.get('form').trigger('submit')
    expect(answers).toEqual([{ images: 'x: uint8 [400, 28, 28]', labels: null }])
  })

  it('has words in both languages', () => {
    const fields = [...Object.keys(noChoices), ...Object.values(questions)]
    for (const words of [en, zh]) expect(fields.filter((field) => !(field in words.choice))).toEqual([])
  })
})

describe('while files are read', () => {
  const path = '/home/ann/things'
  const progress = { done: 1234, total: 10_000, perSecond: 120.4, secondsLeft: 73 }

  it('the dialog says how many of how many, the rate and the time left, for its own path only', async () => {
    const { host, by } = await open(() => new Promise(() => undefined))
    expect(by('reading').text()).toBe('Reading the files…')
    host.send({ type: 'reading', path, progress })
    host.send({ type: 'reading', path: '/other', progress: { ...progress, done: 1 } })
    await flushPromises()
    expect(by('reading').text()).toBe('1,234 of 10,000 images · 120 images/s · 1 min left')
  })

  it('closing it ends the reading', async () => {
    const { host, dialog, by } = await open(() => new Promise(() => undefined))
    expect(by('import-cancel').text()).toBe('Cancel')
    dialog.unmount()
    await flushPromises()
    expect(host.calls.find(({ name }) => name === 'cancelReading')?.input).toEqual({ path })
  })

  it('closing it after the reading ends nothing', async () => {
    const { host, dialog } = await open(() => fixtures.previewOf(things))
    dialog.unmount()
    await flushPromises()
    expect(host.calls.some(({ name }) => name === 'cancelReading')).toBe(false)
  })
})

describe('after the import', () => {
  it('a notice says what was imported and how many files were skipped', async () => {
    const { by } = await open(() => fixtures.previewOf(things))
    await by('import-keep').trigger('click')
    await flushPromises()
    const said = useNotices().notices.map(({ text }) => text())
    expect(said).toEqual(['“things” was imported: 790 samples. Files skipped: 4.'])
  })

  it.each([
    ['/home/ann/things', 'Imported from /home/ann/things'],
    ['/tmp/dalab-transfers-x/files/ab/my things', 'Imported from my things'],
  ])('the page says the notes of the dataset and its origin: %s', async (from, said) => {
    const view = mountWith(DataView, createHost({ datasets: () => [{ ...things, from }] }))
    await flushPromises()
    const origin = view.get('[data-testid="origin"]')
    expect(origin.text()).toContain(said)
    expect(origin.text()).toContain('4 files were skipped')
  })
})

describe('what can be read', () => {
  it('is listed on the page, and in the dialog if the format is not known', async () => {
    const view = mountWith(DataView, createHost())
    await useCatalogue().load()
    await flushPromises()
    expect(view.get('[data-testid="formats"]').text()).toContain('Folder of IDX files')
    const unknown: LabError = labError('unknown-format', { file: '/x.doc' })
    const { by } = await open(() => {
      throw unknown
    })
    expect(by('formats').text()).toContain('One subfolder for each class.')
  })
})
