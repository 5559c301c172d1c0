/** What an array holds by its name, as people write names, in any letter case: `x_train`, `test/labels`, `Images`. */
import { splitKinds, type SplitWord, splitWords } from '../split-words'

/** `images` and `vectors` say what the samples are; `x`, `data` and the like do not. */
export type SampleWord = 'images' | 'vectors' | 'any'

export type Meaning =
  | { readonly holds: 'samples'; readonly split: SplitWord; readonly word: SampleWord }
  | { readonly holds: 'labels'; readonly split: SplitWord }
  | { readonly holds: 'class-names' }

const arraySplits: Readonly<Record<SplitWord, readonly string[]>> = {
  ...splitWords,
  train: [...splitWords.train, 'tr'],
  test: [...splitWords.test, 'te', 'tst'],
}
const sampleWords: Readonly<Record<SampleWord, readonly string[]>> = {
  images: ['images', 'image', 'imgs', 'img', 'pictures'],
  vectors: ['features', 'feature', 'feats', 'feat', 'fts', 'fea', 'vectors', 'embeddings'],
  any: ['x', 'data', 'samples', 'inputs', 'arr_0'],
}
const labelWords = ['labels', 'label', 'lbls', 'lbl', 'y', 'targets', 'target', 'gnd', 'arr_1']
const classNameWords = [
  'class_names',
  'classnames',
  'label_names',
  'labelnames',
  'target_names',
  'classes',
  'list_classes',
  'categories',
]

export const wordsForSamples = [
  ...sampleWords.images,
  ...sampleWords.vectors,
  ...sampleWords.any.filter((word) => word !== 'arr_0'),
]
export const wordsForLabels = labelWords.filter((word) => word !== 'arr_1')

const anySplit = splitKinds.flatMap((split) => arraySplits[split]).join('|')
const anySample = Object.values(sampleWords).flat()
const anyWord = [...anySample, ...labelWords].join('|')

const splitFirst = new RegExp(`^(?:(${anySplit})_?(?:set_?)?)?(${anyWord})$`)
const splitLast = new RegExp(`^(${anyWord})_?(${anySplit})(?:_?set)?$`)

/** `xTrain`, `x-train` and `X/Train` become `x_train`. */
const plain = (name: string): string =>
  name
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '_')
    .replace(/^_+|_+$/g, '')

const longestName = 100

/** Null for a name that says nothing. */
export function meaningOf(name: string): Meaning | null {
  if (name.length > longestName) return null
  const text = plain(name)
  if (classNameWords.includes(text)) return { holds: 'class-names' }
  const [first, last] = [splitFirst.exec(text), splitLast.exec(text)]
  const [splitWord, word] = first === null ? [last?.[2], last?.[1]] : [first[1], first[2]]
  if (word === undefined) return null
  const split =
    splitKinds.find((one) => splitWord !== undefined && arraySplits[one].includes(splitWord)) ?? 'train'
  if (labelWords.includes(word)) return { holds: 'labels', split }
  const kind = (Object.keys(sampleWords) as SampleWord[]).find((one) => sampleWords[one].includes(word))
  return { holds: 'samples', split, word: kind ?? 'any' }
}

/** Whether the name says that the array lists files or rows, which are no labels. */
export const namesRows = (name: string): boolean =>
  /(^|_)(id|ids|idx|index|indices|file|files|filename|filenames|fname|fnames|path|paths|name|names)$/.test(
    plain(name),
  )
