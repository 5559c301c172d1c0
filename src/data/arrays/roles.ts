/** Which array holds the samples, which their labels, and which those of the test: by choice or by name, never guessed. */
import { labError, type LabError } from '../../contract/errors'
import { nearest } from '../../contract/nearest'
import { note, type Note } from '../../contract/note'
import { arrayOption, type Choices } from '../../contract/reading'
import { shortened } from '../../contract/shortened'
import type { ArrayEntry, ArrayFile, NamedRoles } from './array-file'
import { meaningOf, namesRows, type SampleWord } from './names'
import type { SplitWord } from '../split-words'

export interface Part {
  readonly samples: ArrayEntry
  /** What the name says that the samples are. */
  readonly word: SampleWord
  readonly labels: ArrayEntry | null
}

export interface Roles {
  readonly train: Part
  /** Validation samples that are trained on too. */
  readonly joined: Part | null
  readonly test: Part | null
  readonly classNames: ArrayEntry | null
  readonly notes: Note[]
}

const maxNameShown = 100
/** The sum of the lengths of the options in an error. */
const maxOptions = 1500

function optionsOf(entries: readonly ArrayEntry[]): string[] {
  let length = 0
  return entries
    .filter(({ type }) => type !== '')
    .map(({ name, type, shape }) => arrayOption(shortened(name, maxNameShown), type, shape))
    .filter((option) => (length += option.length) <= maxOptions)
}

/** `arrays-unnamed`, unless there is no array of which more than the name is known. */
function unnamed({ file, entries }: ArrayFile): LabError {
  const options = optionsOf(entries)
  const [first] = entries
  return options.length === 0 && first !== undefined
    ? labError('array-header-unreadable', { file, array: shortened(first.name, maxNameShown) })
    : labError('arrays-unnamed', { file, options })
}

/** Lengths other than 1. */
export const squeezed = (shape: readonly number[]): number[] => shape.filter((length) => length !== 1)

/** Number of labels in an array: `[n]`, `[n, 1]`, `[1, n]`, or a one-hot row each. */
export const labelCount = ({ shape }: ArrayEntry): number => squeezed(shape)[0] ?? 1

/** Throws `unknown-array`. */
function entryNamed({ file, entries }: ArrayFile, name: string): ArrayEntry {
  const found =
    entries.find((entry) => entry.name === name) ??
    entries.find(({ name: given, type, shape }) => arrayOption(given, type, shape) === name)
  if (found !== undefined) return found
  const names = entries.map((entry) => entry.name)
  throw labError('unknown-array', {
    file,
    name: shortened(name, maxNameShown),
    nearest: shortened(nearest(name, names), maxNameShown),
  })
}

function wordOf(name: string): SampleWord {
  const meaning = meaningOf(name)
  return meaning?.holds === 'samples' ? meaning.word : 'any'
}

function classNamesIn(entries: readonly ArrayEntry[]): ArrayEntry | null {
  const named = entries.filter(
    ({ name, type }) => type === 'text' && meaningOf(name)?.holds === 'class-names',
  )
  return named.length === 1 ? (named[0] ?? null) : null
}

/** Roles that the user or the format gives. */
function givenRoles(arrays: ArrayFile, given: NamedRoles): Roles {
  const part = (samples: string, labels: string | undefined): Part => ({
    samples: entryNamed(arrays, samples),
    word: wordOf(samples),
    labels: labels === undefined ? null : entryNamed(arrays, labels),
  })
  const train = part(given.samples, given.labels)
  const test = given.testSamples === undefined ? null : part(given.testSamples, given.testLabels)
  if (test === null && given.testLabels !== undefined) throw unnamed(arrays)
  return { train, joined: null, test, classNames: classNamesIn(arrays.entries), notes: [] }
}

function chosenRoles({ arrays }: Choices): NamedRoles | null {
  const { images, labels, testImages, testLabels } = arrays
  if (images === null) return null
  const [first, second, third] = [labels ?? undefined, testImages ?? undefined, testLabels ?? undefined]
  return { samples: images, labels: first, testSamples: second, testLabels: third }
}

/** Those of a split; null if there is neither. Undefined: the names leave it open. */
function partOf(entries: readonly ArrayEntry[], split: SplitWord): Part | null | undefined {
  const [samples, labels] = [[] as ArrayEntry[], [] as ArrayEntry[]]
  for (const entry of entries) {
    const meaning = meaningOf(entry.name)
    if (meaning === null || meaning.holds === 'class-names' || meaning.split !== split) continue
    if (meaning.holds === 'samples') samples.push(entry)
    else labels.push(entry)
  }
  const [sample, label] = [samples[0], labels[0]]
  if (samples.length > 1 || labels.length > 1) return undefined
  if (sample === undefined) return label === undefined ? null : undefined
  return { samples: sample, word: wordOf(sample.name), labels: label ?? null }
}

/** Arrays of whole numbers or texts, one for each of `count` samples, whose names say nothing. */
function mayBeLabels(entry: ArrayEntry, lengths: readonly number[]): boolean {
  const { name, type, shape } = entry
  const isOneEach = shape.length > 0 && squeezed(shape).length <= 1 && lengths.includes(labelCount(entry))
  return isOneEach && /^(u?int\d+|bool|text)$/.test(type) && meaningOf(name) === null && !namesRows(name)
}

const lengthsOf = ({ shape }: ArrayEntry): number[] => [shape[0] ?? 1, shape[shape.length - 1] ?? 1]

/** The only array of a file is its samples, whatever its name. */
function onlyArray(entries: readonly ArrayEntry[]): Part | null {
  const [only] = entries
  if (entries.length !== 1 || only === undefined || meaningOf(only.name) !== null) return null
  return { samples: only, word: 'any', labels: null }
}

const count = (entry: ArrayEntry): number => entry.shape[0] ?? 0

/** A file of a single object holds no array, whatever its name. */
function refusePickle({ file, entries }: ArrayFile): void {
  const [only] = entries
  if (entries.length === 1 && only?.type === 'object') {
    throw labError('array-pickled', { file, array: shortened(only.name, maxNameShown) })
  }
}

/** Throws `arrays-unnamed`, `array-pickled`, `array-header-unreadable`. */
function rolesByName(arrays: ArrayFile): Roles {
  refusePickle(arrays)
  // Of an array without a type, reading says what is wrong.
  const entries = arrays.entries.filter(({ shape, type }) => shape.length > 0 || type === '')
  if (entries.filter(({ name }) => /^arr_\d+$/.test(name)).length > 2) throw unnamed(arrays)
  const train = partOf(entries, 'train') ?? onlyArray(entries)
  const given = { test: partOf(entries, 'test'), validation: partOf(entries, 'validation') }
  if (train === null || given.test === undefined) throw unnamed(arrays)
  const { test: named, validation = null } = given
  const notes: Note[] = []
  const test = named ?? validation
  const joined = named === null ? null : validation
  if (validation !== null) {
    const code = named === null ? 'validation-as-test' : 'validation-joined'
    notes.push(note(code, { count: count(validation.samples), array: validation.samples.name }))
  }
  for (const part of [train, joined, test]) {
    if (part?.labels !== null) continue
    if (entries.some((entry) => mayBeLabels(entry, lengthsOf(part.samples)))) throw unnamed(arrays)
  }
  const classNames = classNamesIn(entries)
  const taken = takenNotes(arrays.entries, { train, joined, test, classNames })
  return { train, joined, test, classNames, notes: [...taken, ...notes] }
}

/** The lab's own names; nothing is said of them. */
const usualNames = ['images', 'features', 'labels', 'test_images', 'test_features', 'test_labels']

function takenNotes(
  entries: readonly ArrayEntry[],
  { train, joined, test, classNames }: Omit<Roles, 'notes'>,
): Note[] {
  const taken: [role: string, entry: ArrayEntry | null | undefined][] = [
    ['images', train.samples],
    ['labels', train.labels],
    ['test-images', test?.samples],
    ['test-labels', test?.labels],
  ]
  const named = taken.flatMap(([role, entry]) => (entry ? [{ role, name: entry.name }] : []))
  const known = [
    ...named.map(({ name }) => name),
    classNames?.name,
    joined?.samples.name,
    joined?.labels?.name,
  ]
  const others = entries.map(({ name }) => name).filter((name) => !known.includes(name))
  const notes: Note[] = []
  if (named.some(({ name }) => !usualNames.includes(name))) {
    notes.push(
      note('arrays-taken', {
        roles: named.map(({ role, name }) => `${role}=${shortened(name, maxNameShown)}`),
      }),
    )
  }
  if (others.length > 0) {
    const names = others.map((name) => shortened(name, maxNameShown))
    notes.push(note('arrays-passed-over', { count: others.length, names }))
  }
  return notes
}

/** Throws `arrays-unnamed`, `unknown-array`. */
export function rolesOf(arrays: ArrayFile, choices: Choices): Roles {
  const given = chosenRoles(choices) ?? arrays.roles ?? null
  return given === null ? rolesByName(arrays) : givenRoles(arrays, given)
}
