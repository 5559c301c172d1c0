/** Named classes, few and many: their chips, pairs, pictures and the forms around them. */
import { enableAutoUnmount, flushPromises } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nextTick } from 'vue'
import type { DatasetSummary, Images } from '../../src/contract/dataset'
import { labError } from '../../src/contract/errors'
import { experimentSchema } from '../../src/contract/experiment'
import { framings } from '../../src/contract/framing'
import type { CheckpointSummary } from '../../src/contract/run'
import { useInTraining } from '../../src/contract/use-in-training'
import ConfusionMatrix from '../../renderer/charts/ConfusionMatrix.vue'
import { largestConfusions } from '../../renderer/charts/confusions'
import { elided } from '../../renderer/charts/elide'
import { imageAt, leastWidthOf, pixelsOf } from '../../renderer/charts/images'
import { hasShapes } from '../../renderer/charts/markers'
import { firstPart } from '../../renderer/checkpoints/dataset-part'
import EvaluatePanel from '../../renderer/checkpoints/EvaluatePanel.vue'
import en from '../../renderer/i18n/en'
import zh from '../../renderer/i18n/zh'
import ClassChips from '../../renderer/parts/ClassChips.vue'
import SetupForm from '../../renderer/setup/SetupForm.vue'
import { useCatalogue } from '../../renderer/stores/catalogue'
import { useExperiment } from '../../renderer/stores/experiment'
import { nameFromTitles } from '../../src/contract/name-from-titles'
import * as fixtures from './fixtures'
import { createHost, mountWith } from './host'

enableAutoUnmount(afterEach)
beforeEach(() => localStorage.clear())

const longName = 'A class name that is much longer than any chip, legend or column can be'
const namesOf = (count: number) =>
  [...Array(count).keys()].map((i) => (i === 0 ? longName : i === 1 ? '一个很长的类别名称' : `Class ${i}`))

/** A dataset of named classes with six images each, in one set of files. */
function named(id: string, count: number): DatasetSummary {
  return {
    ...fixtures.dataset,
    id,
    title: id.toUpperCase(),
    path: `/data/${id}`,
    channels: 3,
    classNames: namesOf(count),
    counts: { 'original/train': 6 * count, 'pooled/train': 5 * count, 'pooled/test': count },
    classCounts: {
      'original/train': Array<number>(count).fill(6),
      'pooled/train': Array<number>(count).fill(5),
      'pooled/test': Array<number>(count).fill(1),
    },
  }
}

const chipsOf = (count: number, chosen: number[]) =>
  mountWith(ClassChips, createHost(), {
    classes: namesOf(count),
    domain: 'source',
    modelValue: chosen.map((i) => namesOf(count)[i]),
  })

describe('the chips of classes', () => {
  it.each([2, 3, 10, 65])('show %i names, each with the whole name as its tooltip', (count) => {
    const chips = chipsOf(count, [0])
    const buttons = chips.findAll('.classes button')
    expect(buttons.map((button) => button.attributes('title'))).toEqual(namesOf(count))
    expect(buttons.map((button) => button.attributes('aria-pressed'))).toEqual(
      namesOf(count).map((_, i) => String(i === 0)),
    )
    expect(chips.find('[data-testid="class-count"]').exists()).toBe(count > 10)
  })

  it('counts the chosen of many classes, and chooses all or none', async () => {
    const chips = chipsOf(65, [0, 5, 7])
    expect(chips.get('[data-testid="class-count"]').text()).toBe('3 of 65 classes')
    await chips.get('[data-testid="source-classes-all"]').trigger('click')
    await chips.get('[data-testid="source-classes-none"]').trigger('click')
    expect(chips.emitted('update:modelValue')).toEqual([[namesOf(65)], [[]]])
  })

  it('keeps the order of the dataset', async () => {
    const chips = chipsOf(3, [2])
    await chips.findAll('.classes button')[0]!.trigger('click')
    expect(chips.emitted('update:modelValue')).toEqual([[[longName, 'Class 2']]])
  })

  it('is one stop of the Tab key; arrow keys move within', async () => {
    const chips = chipsOf(65, [])
    const stops = () =>
      chips.findAll('.classes button').flatMap((one, i) => (one.attributes('tabindex') === '0' ? [i] : []))
    const press = (key: string) => chips.get('.classes').trigger('keydown', { key })
    expect(stops()).toEqual([0])
    await press('ArrowRight')
    expect(stops()).toEqual([1])
    await nextTick()
    expect(document.activeElement?.getAttribute('title')).toBe('一个很长的类别名称')
    await press('End')
    expect(stops()).toEqual([64])
    await press('ArrowRight')
    expect(stops()).toEqual([64])
    await press('Home')
    expect(stops()).toEqual([0])
  })
})

async function formOn(
  count: number,
  host = createHost({ datasets: () => [fixtures.dataset, named('a', count), named('b', count)] }),
) {
  const form = mountWith(SetupForm, host)
  await useCatalogue().load()
  const experiment = useExperiment()
  experiment.usePreset(fixtures.preset)
  for (const key of ['source', 'target'] as const) {
    experiment.setDataset(key, key === 'source' ? 'a' : 'b')
  }
  await flushPromises()
  return { form, experiment, host }
}

describe('the pairing', () => {
  it('of two classes is drawn as lines', async () => {
    const { form } = await formOn(2)
    expect(form.findAll('[data-testid="pairing"] line')).toHaveLength(2)
    expect(form.find('[data-testid="pair-list"]').exists()).toBe(false)
  })

  it('of 65 classes is a list, in which each pair can be changed', async () => {
    const { form, experiment } = await formOn(65)
    expect(form.find('[data-testid="pairing"] line').exists()).toBe(false)
    const rows = form.findAll('[data-testid="pair-list"] label')
    expect(rows).toHaveLength(65)
    expect(rows[0]!.get('.target').attributes('title')).toBe(longName)
    const equal = () => form.get('[data-testid="pairing-words"]').text()
    expect(equal()).toBe('65 of 65 pairs have equal names')
    await rows[4]!.get('select').setValue('9')
    expect(equal()).toBe('63 of 65 pairs have equal names')
    expect(experiment.draft.pairing[4]).toBe(9)
    expect(new Set(experiment.draft.pairing).size).toBe(65)
  })
})

describe('a confusion matrix', () => {
  const matrixOf = (count: number) =>
    mountWith(ConfusionMatrix, createHost(), {
      counts: namesOf(count).map((_, i) => namesOf(count).map((_, j) => (i === j ? 8 : j === i + 1 ? i : 0))),
      rowNames: namesOf(count),
      columnNames: namesOf(count),
      matches: namesOf(count).map((_, i) => i),
      perClass: namesOf(count).map(() => 0.5),
      axes: 'true, predicted',
      rightWords: 'right',
      label: 'Confusion',
    })

  it.each([3, 10])(
    'of %i classes shows counts, and shortened names with the whole name as a tooltip',
    (count) => {
      const matrix = matrixOf(count)
      expect(matrix.findAll('.count')).toHaveLength(count * count)
      const [first] = matrix.findAll('.row-name')
      expect(first!.get('title').text()).toBe(longName)
      expect(first!.element.lastChild?.textContent?.trim()).toMatch(/^A class.*…$/)
    },
  )

  it('of 65 classes is a heat map with the largest confusions as a list, each of which it points out', async () => {
    const matrix = matrixOf(65)
    expect(matrix.findAll('.count')).toHaveLength(0)
    const rows = matrix.findAll('[data-testid="confusions"] tr')
    expect(rows[0]!.findAll('td').map((cell) => cell.text())).toEqual([
      'Class 63',
      '→',
      'Class 64',
      '63',
      '0.89',
    ])
    expect(matrix.find('.lines').exists()).toBe(false)
    await rows[0]!.trigger('mouseenter')
    expect(matrix.get('[data-testid="confusion-field"]').text()).toBe('Class 63 → Class 64: 63 of 71')
    expect(matrix.find('.lines').exists()).toBe(true)
  })

  it('names the classes of the field under the pointer', async () => {
    const matrix = matrixOf(65)
    const svg = matrix.get('svg.figure')
    svg.element.getBoundingClientRect = () => new DOMRect(0, 0, 650, 650)
    await svg.trigger('pointermove', { clientX: 25, clientY: 15 })
    expect(matrix.get('[data-testid="confusion-field"]').text()).toBe('一个很长的类别名称 → Class 2: 1 of 9')
    await svg.trigger('pointerleave')
    expect(matrix.find('.lines').exists()).toBe(false)
  })

  it('orders confusions by count, then by share, and leaves out what is right', () => {
    const found = largestConfusions(
      [
        [5, 2, 0],
        [2, 1, 0],
        [0, 9, 1],
      ],
      [0, 1, 1],
    )
    expect(found.map(({ from, to, count }) => [from, to, count])).toEqual([
      [1, 0, 2],
      [0, 1, 2],
      [2, 2, 1],
    ])
  })
})

describe('text in pictures', () => {
  it('is shortened to its space, by characters and not by halves of them', () => {
    const measure = (text: string) => Array.from(text).length * 10
    expect(elided('circle', 60, measure)).toBe('circle')
    expect(elided('circle', 50, measure)).toBe('circ…')
    expect(elided('😀😀😀', 20, measure)).toBe('😀…')
    expect(elided('circle', 5, measure)).toBe('…')
  })

  it('widens images for their captions, up to twice the least width', () => {
    expect(leastWidthOf(['3', '8'], 32)).toBe(32)
    expect(leastWidthOf([longName], 32)).toBe(64)
    expect(leastWidthOf(['circle'], 32)).toBeGreaterThan(32)
  })

  it('has a shape for each of ten classes, not for each of 65', () => {
    expect([10, 11, 65].map(hasShapes)).toEqual([true, false, false])
  })

  it('takes one image out of large ones', () => {
    const side = 224
    const bytes = Uint8Array.from({ length: 2 * side * side * 3 }, (_, i) => i % 251)
    const pixels = Buffer.from(bytes).toString('base64')
    const images: Images = { width: side, height: side, channels: 3, labels: [0, 1], pixels }
    const second = imageAt(images, 1)
    expect(pixelsOf(second!)).toEqual(bytes.subarray(side * side * 3))
  })
})

describe('the part of a dataset that is evaluated first', () => {
  const two = namesOf(2)
  const digits = { ...fixtures.dataset, counts: { ...fixtures.dataset.counts, 'pooled/test': 9 } }

  it('has the test images of the run’s partition, or else its training images', () => {
    expect(firstPart(digits, 'original', ['0', '1'])).toBe('original/test')
    expect(firstPart(named('a', 3), 'original', two)).toBe('original/train')
    expect(firstPart(named('a', 3), 'pooled', two)).toBe('pooled/test')
  })

  it('has images of every class', () => {
    const few = named('a', 3)
    const classCounts = { ...few.classCounts, 'pooled/test': [1, 0, 1] }
    expect(firstPart({ ...few, classCounts }, 'pooled', two)).toBe('pooled/train')
    expect(firstPart({ ...few, classCounts }, 'pooled', [longName, 'Class 2'])).toBe('pooled/test')
  })

  const run = experimentSchema.parse({
    name: 'A',
    source: { dataset: 'a', classes: two },
    target: { dataset: 'b', classes: two },
    pairing: [0, 1],
  })
  const evaluated = { part: 'original/train', classes: two }

  it('was used in training with labels, without, in part, or not at all', () => {
    expect(useInTraining(run, { ...evaluated, dataset: 'a' })).toBe('labels')
    expect(useInTraining(run, { ...evaluated, dataset: 'b' })).toBe('noLabels')
    expect(useInTraining(run, { ...evaluated, dataset: 'b', part: 'original/test' })).toBe(null)
    expect(useInTraining(run, { ...evaluated, dataset: 'b', part: 'pooled/test' })).toBe('someNoLabels')
    expect(useInTraining(run, { ...evaluated, dataset: 'a', classes: namesOf(3).slice(1) })).toBe(
      'someLabels',
    )
    expect(useInTraining(run, { ...evaluated, dataset: 'a', classes: namesOf(4).slice(2) })).toBe(null)
    const shots = { ...run, adaptation: { ...run.adaptation, shots: 1 } }
    expect(useInTraining(shots, { ...evaluated, dataset: 'b' })).toBe('someLabels')
  })

  it('is chosen and explained when the page opens, before or after the catalogue is read', async () => {
    const checkpoint = { path: '/x', round: 1 } as CheckpointSummary
    const host = createHost({ datasets: () => [named('a', 2), named('b', 2)] })
    const panel = mountWith(EvaluatePanel, host, { checkpoint, run: { experiment: run } })
    await useCatalogue().load()
    await flushPromises()
    expect(panel.get('[data-testid="evaluate-use"]').text()).toBe(en.evaluate.use.noLabels)
    await panel.get('[data-testid="evaluate-dataset"]').setValue('a')
    expect(panel.get('[data-testid="evaluate-use"]').text()).toBe(en.evaluate.use.labels)
    await panel.get('[data-testid="run-evaluation"]').trigger('click')
    const asked = host.calls.find(({ name }) => name === 'evaluate')?.input
    expect(asked).toMatchObject({ dataset: 'a', partition: 'original', split: 'train' })
  })
})

describe('a problem in a closed section', () => {
  const closed = (form: Awaited<ReturnType<typeof formOn>>['form']) =>
    form.findAll('details').filter((one) => !(one.element as HTMLDetailsElement).open).length

  it('opens the section, and the line beside Start leads to the setting', async () => {
    const { form, experiment } = await formOn(2)
    const before = closed(form)
    experiment.draft.sourceStage.labelSmoothing = 7
    await flushPromises()
    expect(closed(form)).toBe(before - 1)
    const field = form.get('[data-path="sourceStage.labelSmoothing"]')
    expect((field.element.closest('details') as HTMLDetailsElement).open).toBe(true)
    expect(document.activeElement).not.toBe(field.element)
    await form.get('[data-testid="show-setting"]').trigger('click')
    expect(document.activeElement).toBe(field.element)
  })

  it('is found for an error that only the lab sees, and for a part of a setting', async () => {
    const check = () => {
      throw labError('count-too-large', { domain: 'target', asked: 100, available: 12 })
    }
    const datasets = () => [fixtures.dataset, named('a', 2), named('b', 2)]
    const { form, experiment } = await formOn(2, createHost({ check, datasets }))
    experiment.draft.target.count = 100
    await flushPromises()
    await experiment.check()
    await flushPromises()
    const count = form.get('[data-path="target.count"]').element
    expect((count.closest('details') as HTMLDetailsElement).open).toBe(true)
    await form.get('[data-testid="show-setting"]').trigger('click')
    expect(document.activeElement).toBe(count)
  })
})

describe('another dataset', () => {
  it('leaves the preset’s title, text and name of the run', async () => {
    const { form, experiment } = await formOn(2)
    expect(experiment.presetId).toBe(null)
    expect(form.get<HTMLSelectElement>('[data-testid="preset"]').element.value).toBe('')
    expect(form.text()).not.toContain('About digits')
    expect(experiment.draft.name).toBe('A → B')
    expect([en.setup.noPreset, zh.setup.noPreset]).toEqual(['My own settings', '自定义设置'])
  })

  it('does not take a name that the user gave', async () => {
    const { experiment } = await formOn(2)
    experiment.draft.name = 'Mine'
    experiment.setDataset('source', 'mnist')
    expect(experiment.draft.name).toBe('Mine')
  })

  it('is undone together with the name', async () => {
    const { experiment } = await formOn(2)
    const undo = experiment.usePreset(fixtures.preset)
    expect(experiment.draft.name).toBe('Digits')
    undo?.()
    experiment.setDataset('target', 'mnist')
    expect(experiment.draft.name).toBe('A → MNIST')
  })

  it('gives a name within the limit, however long the titles are', () => {
    expect(nameFromTitles('a'.repeat(200), 'b'.repeat(200)).length).toBeLessThanOrEqual(120)
  })
})

describe('the size of the images', () => {
  it('is beside the domains, within its bounds', async () => {
    const { form, experiment } = await formOn(2)
    const side = form.get<HTMLInputElement>('[data-path="model.side"]')
    expect(side.element.value).toBe('28')
    expect(side.element.closest('details')).toBe(null)
    await side.setValue('7')
    expect(form.get('[data-problem="model.side"]').text()).toBe('At least 8.')
    await side.setValue('64')
    expect(experiment.draft.model.side).toBe(64)
  })

  it('has words for every framing in both languages', () => {
    for (const framing of [...framings, 'stretch', 'letterbox', 'centre-crop'])
      for (const words of [en, zh]) expect(words.framing).toHaveProperty(framing)
  })
})
