/**
 * A folder of IDX files: which of them belong together, by their names, and their arrays. Names are MNIST's
 * `train-images-idx3-ubyte` with `train-labels-idx1-ubyte`, and the test images under `t10k-` or `test-`, with any
 * prefix, other separators and an ending. Whether a file is IDX, and whether it is packed, its bytes decide.
 */
import { promises as fs } from 'fs'
import { basename, dirname, join } from 'path'
import { labError } from '../../contract/errors'
import { note, type Note } from '../../contract/note'
import { shortened } from '../../contract/shortened'
import { type ArrayFile, type DataArray, heldArrays, isText } from '../arrays/array-file'
import { inOrder, stridesOf } from '../arrays/axes'
import { gunzip, isGzip, maxShown, readStart, readWhole, unpackedStart } from '../file'
import type { Split } from '../partition'
import type { ReadingOptions } from '../reading'
import { splitWords } from '../split-words'
import { decodeAnyIdx, idxHeader, type IdxValues } from './idx'
import { valuesOf } from './values'

type Role = 'samples' | 'labels'

interface IdxName {
  readonly file: string
  /** What is left of the name without role, split and endings: the name of its dataset, or nothing. */
  readonly set: string
  readonly split: Split
  /** Null: the name does not say it. */
  readonly role: Role | null
  /** The name with one kind of separator and without an ending: equal for a file and the same file packed. */
  readonly stem: string
}

const ending = /\.(gz|bin|idx|dat|raw)$/i
const sampleWord = /(^|-)(images?|imgs?|features?|vectors?|data)(?=-|$)/
const labelWord = /(^|-)(labels?|lbls?|targets?)(?=-|$)/
const testWord = new RegExp(`(^|-)(t10k|${splitWords.test.join('|')})(?=-|$)`)
const trainWord = new RegExp(`(^|-)(${splitWords.train.join('|')})(?=-|$)`)
const kindWord = /-?idx\d(-[a-z]+\d*)?(?=-|$)/

/** Names that a file of MNIST's kind has; of others the content is looked at. */
const usualName = /(idx\d|[-._]ubyte)/i

function readName(file: string): IdxName {
  let stem = file
  while (ending.test(stem)) stem = stem.replace(ending, '')
  stem = stem.toLowerCase().replace(/[-._ ]+/g, '-')
  const rest = stem.replace(kindWord, '')
  const role = labelWord.test(rest) ? 'labels' : sampleWord.test(rest) ? 'samples' : null
  const set = [sampleWord, labelWord, testWord, trainWord].reduce(
    (name, word) => name.replace(word, ''),
    rest,
  )
  return {
    file,
    set: set.replace(/^-+|-+$/g, ''),
    split: testWord.test(rest) ? 'test' : 'train',
    role,
    stem,
  }
}

/** Number of files in a folder whose start is looked at, unless their names are MNIST's. */
const maxPeeks = 64
const peekBytes = 4096
/** Files of other kinds that folders of IDX files do not have in numbers. */
const otherEndings = /\.(png|jpe?g|gif|bmp|webp|tiff?|txt|md|json|csv|py|npy|npz|mat|h5|zip|pdf|xml)$/i

/** Whether a file is IDX by its start, and by its size if it is not packed. */
export async function isIdxFile(path: string, head: Buffer): Promise<boolean> {
  if (isGzip(head)) return idxHeader(unpackedStart(head)) !== null
  const header = idxHeader(head)
  if (header === null) return false
  return usualName.test(basename(path)) || (await fs.stat(path)).size === header.length
}

/** The names of the IDX files among a folder's. */
async function idxFilesIn(folder: string, names: readonly string[]): Promise<string[]> {
  const visible = names.filter((name) => !name.startsWith('.'))
  const usual = visible.filter((name) => usualName.test(name) && !otherEndings.test(name))
  const others = visible.filter((name) => !usual.includes(name) && !otherEndings.test(name))
  const found = []
  for (const name of [...usual, ...others.slice(0, maxPeeks)]) {
    const path = join(folder, name)
    if (!(await fs.stat(path).catch(() => null))?.isFile()) continue
    // A file with MNIST's name is one, or is refused as a damaged one.
    if (usual.includes(name) || (await isIdxFile(path, await readStart(path, peekBytes)))) found.push(name)
  }
  return found.sort()
}

/** Whether a folder holds IDX files. */
export async function holdsIdx(folder: string, names: readonly string[]): Promise<boolean> {
  return (await idxFilesIn(folder, names)).length > 0
}

interface Pair {
  readonly samples: IdxName
  readonly labels: IdxName | null
}

interface Chosen {
  /** Its name, or nothing. */
  readonly set: string
  readonly train: Pair
  readonly test: Pair | null
}

/** One of each file: a packed one beside itself is left out, and so is the same name with other separators. */
function withoutTwins(names: readonly IdxName[]): IdxName[] {
  const byStem = new Map<string, IdxName>()
  for (const name of names) {
    const twin = byStem.get(name.stem)
    if (twin === undefined || (/\.gz$/i.test(twin.file) && !/\.gz$/i.test(name.file))) {
      byStem.set(name.stem, name)
    }
  }
  return [...byStem.values()]
}

function pairOf(samples: IdxName, labels: readonly IdxName[]): Pair {
  const own = labels.filter(({ split }) => split === samples.split)
  return { samples, labels: own.find(({ set }) => set === samples.set) ?? null }
}

/** Null if there is more than one of a split. */
function chosenOf(set: string, names: readonly IdxName[]): Chosen | null {
  const labels = names.filter(({ role }) => role === 'labels')
  const samples = names.filter(({ role }) => role !== 'labels')
  const [trains, tests] = [
    samples.filter(({ split }) => split === 'train'),
    samples.filter(({ split }) => split === 'test'),
  ]
  const train = trains[0] ?? tests[0]
  if (train === undefined || trains.length > 1 || tests.length > 1) return null
  const test = trains.length === 0 ? undefined : tests[0]
  return { set, train: pairOf(train, labels), test: test === undefined ? null : pairOf(test, labels) }
}

const fileTitle = 'idx'

/**
 * @param only the file that was named instead of the folder
 * @throws `sets-several`, `set-unknown`, `idx-no-samples`
 */
async function choose(folder: string, choice: string | null, only: string | null): Promise<Chosen> {
  const names = await fs.readdir(folder)
  const files = await idxFilesIn(folder, names)
  const all = withoutTwins(files.map(readName))
  if (all.every(({ role }) => role === 'labels')) throw labError('idx-no-samples', { file: folder })
  const whole = chosenOf('', all)
  if (whole !== null && choice === null) return { ...whole, set: whole.train.samples.set }
  const own = only === null ? undefined : readName(only)
  const sets = [...new Set(all.filter(({ role }) => role !== 'labels').map(({ set }) => set))].sort()
  const wanted = choice ?? own?.set ?? null
  const options = sets.map((set) => (set === '' ? fileTitle : shortened(set, maxShown)))
  if (wanted === null) throw labError('sets-several', { folder, options })
  const set = sets.find((one) => one === wanted || (one === '' && wanted === fileTitle))
  if (set === undefined) throw labError('set-unknown', { folder, set: shortened(wanted, maxShown), options })
  const chosen = chosenOf(
    set,
    all.filter((name) => name.set === set),
  )
  if (chosen === null) throw labError('sets-several', { folder, options })
  return chosen
}

interface Opened extends IdxValues {
  readonly name: string
  readonly path: string
}

/** Reads files one after another; together they unpack to at most `maxBytes`. */
function opener(folder: string, reading: ReadingOptions['reading']): (name: string) => Promise<Opened> {
  let taken = 0
  return async (name) => {
    const path = join(folder, name)
    reading?.(path)
    const bytes = await readWhole(path, taken)
    const unpacked = isGzip(bytes) ? await gunzip(bytes, path, taken) : bytes
    taken += unpacked.length
    return { ...decodeAnyIdx(unpacked, path), name, path }
  }
}

/** EMNIST's letters, by the numbers of its labels: lines of a label and the codes of its characters. */
async function mappingOf(
  folder: string,
  set: string,
): Promise<{ file: string; names: Map<number, string> } | null> {
  const file = `${set}-mapping.txt`
  const text = await fs.readFile(join(folder, file), 'utf8').catch(() => null)
  if (text === null || text.length > 2 ** 16) return null
  const names = new Map<number, string>()
  for (const line of text.split(/\r?\n/)) {
    if (line.trim() === '') continue
    const [label, code] = line.trim().split(/\s+/).map(Number)
    if (!Number.isInteger(label) || !Number.isInteger(code) || (code ?? 0) < 33 || (code ?? 0) > 126)
      return null
    names.set(label ?? 0, String.fromCharCode(code ?? 0))
  }
  return names.size === 0 ? null : { file, names }
}

/** EMNIST's images lie with rows and columns exchanged. */
const isEmnist = (set: string): boolean => set.startsWith('emnist')

const isTransposed = (set: string, { shape }: IdxValues): boolean => isEmnist(set) && shape.length === 3

function samplesIn(opened: Opened, isTurned: boolean): DataArray {
  const { name, type, shape, bytes } = opened
  const values = valuesOf(bytes, type, 'big')
  if (!isTurned) return { name, type, shape, values }
  const [count = 0, first = 0, second = 0] = shape
  const [own, along, across] = stridesOf(shape)
  const turned = [count, second, first]
  return { name, type, shape: turned, values: inOrder(values, turned, [own ?? 0, across ?? 0, along ?? 0]) }
}

/** QMNIST's labels are rows of eight numbers, of which the first is the class. */
const qmnistColumns = 8

const hasColumns = ({ shape, type }: IdxValues): boolean =>
  shape.length === 2 && shape[1] === qmnistColumns && type === 'int32'

function labelsIn(opened: Opened, names: ReadonlyMap<number, string> | null): DataArray {
  const { name, type, shape, bytes } = opened
  const all = valuesOf(bytes, type, 'big')
  const values = hasColumns(opened) ? all.filter((_, i) => i % qmnistColumns === 0) : all
  const own = hasColumns(opened) ? [shape[0] ?? 0] : shape
  if (names === null || !Array.from(values).every((label) => names.has(label))) {
    return { name, type, shape: own, values }
  }
  return { name, type: 'text', shape: own, texts: Array.from(values, (label) => names.get(label) ?? '') }
}

function checkPair(samples: Opened, labels: Opened | null): void {
  if (samples.shape.length < 2) {
    throw labError('idx-not-this-kind', { file: samples.path, found: `[${samples.shape.join(', ')}]` })
  }
  const [images = 0] = samples.shape
  const [count = 0] = labels?.shape ?? [images]
  if (images !== count) {
    throw labError('idx-length-mismatch', { images, labels: count, file: labels?.path ?? '' })
  }
}

function checkSizes(train: Opened, test: Opened): void {
  const size = ({ shape }: Opened) => shape.slice(1).reverse().join(' x ')
  if (size(train) === size(test)) return
  throw labError('unequal-sizes', { file: test.path, found: size(test), expected: size(train) })
}

/**
 * The arrays of a folder of IDX files, or of the dataset to which one of its files belongs.
 * @throws what `choose` and reading the files throw, `idx-not-this-kind`, `idx-length-mismatch`, `unequal-sizes`
 */
export async function openIdx(path: string, { choices, reading }: ReadingOptions): Promise<ArrayFile> {
  const isFile = (await fs.stat(path)).isFile()
  const folder = isFile ? dirname(path) : path
  const chosen = await choose(folder, choices.set, isFile ? basename(path) : null)
  const open = opener(folder, reading)
  const arrays: DataArray[] = []
  const notes: Note[] = []
  const mapping = isEmnist(chosen.set) ? await mappingOf(folder, chosen.set) : null
  const pairs: { samples: Opened; labels: Opened | null }[] = []
  for (const pair of [chosen.train, ...(chosen.test === null ? [] : [chosen.test])]) {
    const samples = await open(pair.samples.file)
    const labels = pair.labels === null ? null : await open(pair.labels.file)
    checkPair(samples, labels)
    pairs.push({ samples, labels })
    arrays.push(samplesIn(samples, isTransposed(chosen.set, samples)))
    if (labels !== null) arrays.push(labelsIn(labels, mapping?.names ?? null))
  }
  const [train, test] = pairs
  if (train === undefined) throw new Error('no pair')
  if (test !== undefined) checkSizes(train.samples, test.samples)
  if (isFile) notes.push(filesTaken(arrays))
  if (isTransposed(chosen.set, train.samples)) notes.push(note('images-transposed', { set: chosen.set }))
  if (train.labels !== null && hasColumns(train.labels)) {
    notes.push(note('label-column-first', { file: train.labels.name, columns: qmnistColumns }))
  }
  if (mapping !== null && arrays.some(isText)) notes.push(note('labels-mapped', { file: mapping.file }))
  else if (isEmnist(chosen.set) && chosen.set.endsWith('letters')) {
    notes.push(note('letters-numbered', { file: `${chosen.set}-mapping.txt` }))
  }
  return {
    file: path,
    ...heldArrays(arrays),
    roles: {
      samples: train.samples.name,
      labels: train.labels?.name,
      testSamples: test?.samples.name,
      testLabels: test?.labels?.name,
    },
    notes,
  }
}

const filesTaken = (arrays: readonly DataArray[]): Note =>
  note('idx-files-taken', { count: arrays.length, names: arrays.map(({ name }) => name) })
