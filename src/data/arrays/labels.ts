/** Labels as people write them: whole numbers of any type, one-hot rows, booleans, texts; -1 and NaN are not known. */
import { labError } from '../../contract/errors'
import { note, type Note } from '../../contract/note'
import { shortened } from '../../contract/shortened'
import { refuseClassNames } from '../class-names'
import { maxClasses, unknownLabel } from '../dataset'
import { maxShown } from '../file'
import { compareNames } from '../images/folder-tree'
import { type ArrayEntry, type DataArray, isText, type NumberArray, type TextArray } from './array-file'
import { inOneArray } from './axes'
import { shapeText } from './layouts'
import { squeezed } from './roles'

/** Labels of one set of samples, before their classes are known. */
export interface RawLabels {
  readonly name: string
  /** Class numbers or texts, one for each sample; `unknownLabel` where the class is not known. */
  readonly values: Int32Array | readonly string[]
}

/** Names that differ only in how Unicode composes a letter are one class, as they are of folders. */
const composed = (text: string): string => text.normalize('NFC')

interface Asked {
  readonly file: string
  /** The array of the samples. */
  readonly samples: ArrayEntry
  readonly count: number
}

function oneHot({ values, shape }: NumberArray, count: number): Int32Array | null {
  const [rows = 0, classes = 0] = shape
  if (shape.length !== 2 || rows !== count || classes < 2 || classes > maxClasses) return null
  const labels = new Int32Array(count)
  for (let row = 0; row < count; row++) {
    let ones = 0
    for (let k = 0; k < classes; k++) {
      const value = values[row * classes + k]
      if (value === 1) {
        labels[row] = k
        ones += 1
      } else if (value !== 0) return null
    }
    if (ones !== 1) return null
  }
  return labels
}

function classNumbers({ name, values }: NumberArray, file: string): Int32Array {
  const labels = new Int32Array(values.length)
  for (let i = 0; i < labels.length; i++) {
    const value = values[i] ?? 0
    const isKnown = !Number.isNaN(value) && value !== unknownLabel
    if (isKnown && !(Number.isInteger(value) && value >= 0 && value < maxClasses)) {
      const facts = { value: String(value), index: i, most: maxClasses - 1 }
      throw labError('label-unfit', { file, array: shortened(name, maxShown), ...facts })
    }
    labels[i] = isKnown ? value : unknownLabel
  }
  return labels
}

/**
 * The labels in an array.
 * @throws `lengths-differ`, `label-unfit`, `npz-wrong-array`
 */
export function rawLabels(
  array: DataArray,
  { file, samples, count }: Asked,
): { labels: RawLabels; notes: Note[] } {
  const { name, shape } = array
  const lengths = squeezed(shape)
  const hot = isText(array) ? null : oneHot(array, count)
  const found = hot === null ? (lengths[0] ?? 1) : count
  if (found !== count) {
    const names = { first: shortened(samples.name, maxShown), second: shortened(name, maxShown) }
    throw labError('lengths-differ', { file, ...names, samples: count, labels: found })
  }
  if (hot !== null) {
    return {
      labels: { name, values: hot },
      notes: [note('labels-one-hot', { array: name, classes: shape[1] ?? 0 })],
    }
  }
  if (lengths.length > 1) {
    const expected = `[${count}] | [${count}, 1] | [${count}, k] 0 / 1`
    const shapeFound = `${array.type} ${shapeText(shape)}`
    throw labError('npz-wrong-array', { file, array: shortened(name, maxShown), found: shapeFound, expected })
  }
  const values = isText(array) ? array.texts.map(composed) : classNumbers(array, file)
  const unknown = isText(array)
    ? array.texts.filter((text) => text === '').length
    : (values as Int32Array).filter((label) => label === unknownLabel).length
  const notes = unknown === 0 ? [] : [note('labels-unknown', { count: unknown, array: name })]
  return { labels: { name, values }, notes }
}

const areTexts = (values: Int32Array | readonly string[]): values is readonly string[] =>
  Array.isArray(values)

export interface ClassLabels {
  readonly train: Int32Array
  readonly test: Int32Array | null
  readonly classNames: string[]
}

/** Names of classes in the order of their numbers. */
export interface GivenNames {
  readonly array: string
  readonly names: readonly string[]
}

export const namesOf = ({ name, texts }: TextArray): GivenNames => ({
  array: name,
  names: texts.map(composed),
})

function numbersOf({ name, values }: RawLabels, classes: GivenNames, file: string): Int32Array {
  const outside = (value: string, index: number) =>
    labError('label-outside-names', {
      file,
      array: shortened(name, maxShown),
      value: shortened(value, maxShown),
      index,
      names: shortened(classes.array, maxShown),
      count: classes.names.length,
    })
  if (!areTexts(values)) {
    const wrong = values.findIndex((label) => label >= classes.names.length)
    if (wrong >= 0) throw outside(String(values[wrong]), wrong)
    return values
  }
  const numbers = new Map(classes.names.map((text, label) => [text, label]))
  return Int32Array.from(values, (text, index) => {
    const label = text === '' ? unknownLabel : numbers.get(text)
    if (label === undefined) throw outside(text, index)
    return label
  })
}

function refuseMany(array: string, found: number, file: string): void {
  if (found <= maxClasses) return
  throw labError('too-many-texts', { file, array: shortened(array, maxShown), found, most: maxClasses })
}

/** The different texts, in the order of the names of class folders. Throws `too-many-texts`. */
function distinct(sets: readonly RawLabels[], file: string): GivenNames {
  const texts = new Set(sets.flatMap(({ values }) => (areTexts(values) ? [...values] : [])))
  texts.delete('')
  const [first] = sets
  refuseMany(first?.name ?? '', texts.size, file)
  return { array: first?.name ?? '', names: [...texts].sort(compareNames) }
}

const known = (labels: RawLabels | null): labels is RawLabels =>
  labels !== null && (areTexts(labels.values) || labels.values.some((label) => label !== unknownLabel))

/**
 * The labels of all sets as numbers of the same classes.
 * @throws `label-outside-names`, `too-many-texts`, `class-name-unusable`, `class-names-equal`; `npz-wrong-array` if one
 * set has texts and the other numbers
 */
export function classLabels(
  sets: { readonly train: RawLabels; readonly joined: RawLabels | null; readonly test: RawLabels | null },
  given: GivenNames | null,
  file: string,
): ClassLabels {
  const { train, joined, test } = sets
  const all = [train, joined, test].filter(known)
  const isText = all.some(({ values }) => areTexts(values))
  const numbered = (toNumbers: (labels: RawLabels) => Int32Array) => ({
    train: inOneArray(toNumbers(train), joined && toNumbers(joined)),
    test: test && toNumbers(test),
  })
  if (given === null && !isText) {
    const classes = numbersIn(all)
    const indices = new Map(classes.map((number, index) => [number, index]))
    const indexed = (values: Int32Array) => values.map((label) => indices.get(label) ?? unknownLabel)
    return { ...numbered(({ values }) => indexed(values as Int32Array)), classNames: classes.map(String) }
  }
  const mixed = given === null ? all.find(({ values }) => !areTexts(values)) : undefined
  if (mixed !== undefined) {
    const array = shortened(mixed.name, maxShown)
    throw labError('npz-wrong-array', { file, array, found: 'number', expected: 'text' })
  }
  const classes = given ?? distinct(all, file)
  refuseMany(classes.array, classes.names.length, file)
  refuseClassNames(classes.names, file)
  return { ...numbered((labels) => numbersOf(labels, classes, file)), classNames: [...classes.names] }
}

/** The different numbers, in order: a number that no sample has is no class. */
function numbersIn(sets: readonly RawLabels[]): number[] {
  const found = new Set<number>()
  for (const { values } of sets) for (const label of values as Int32Array) found.add(label)
  found.delete(unknownLabel)
  return [...found].sort((a, b) => a - b)
}

/** SVHN's label of the digit 0. */
const tenForZero = 10

/** Whether the labels are exactly 1 to 10, as in SVHN. */
export function countFromOneToTen({ values }: RawLabels): boolean {
  if (areTexts(values)) return false
  const found = new Set(values)
  return (
    found.size === tenForZero &&
    Array.from({ length: tenForZero }, (_, i) => i + 1).every((i) => found.has(i))
  )
}

export function withZeroForTen({ name, values }: RawLabels): RawLabels {
  if (areTexts(values)) return { name, values }
  return { name, values: values.map((label) => (label === tenForZero ? 0 : label)) }
}
