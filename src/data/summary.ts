/** The summary of a dataset, counted from its samples. */
import { basename, resolve, sep } from 'path'
import type { DatasetSummary } from '../contract/dataset'
import type { Note } from '../contract/note'
import { type ImageSet, unknownLabel, type VectorTable } from './dataset'
import { countByClass, countSplits } from './partition'
import { commonSize } from './sizes'

type Facts = Pick<DatasetSummary, 'id' | 'title' | 'path' | 'from' | 'licence' | 'reduced' | 'notes'>

type ImageOutline = Pick<ImageSet, 'labels' | 'sizes'>

/** A table without its pixels, which a summary does not need. */
export interface ImagesOutline {
  readonly kind: 'image'
  readonly channels: 1 | 3
  readonly train: ImageOutline
  readonly test: ImageOutline | null
}

/** Total counts by split, from the counts by class. */
export function totals(classCounts: Readonly<Record<string, readonly number[]>>): Record<string, number> {
  return Object.fromEntries(
    Object.entries(classCounts).map(([split, counts]) => [split, counts.reduce((sum, n) => sum + n, 0)]),
  )
}

/** Width, height and channels of images, or the length of vectors. */
function shapeOf(samples: ImagesOutline | VectorTable) {
  if (samples.kind === 'vector') {
    return { kind: samples.kind, width: null, height: null, channels: null, length: samples.length }
  }
  const { kind, channels, train, test } = samples
  const [first, second] = [commonSize(train.sizes), test && commonSize(test.sizes)]
  const isOne = test === null || (first?.width === second?.width && first?.height === second?.height)
  const { width, height } = (isOne ? first : null) ?? { width: null, height: null }
  return { kind, width, height, channels, length: null }
}

export function summarise(
  samples: ImagesOutline | VectorTable,
  classNames: string[],
  facts: Facts,
): DatasetSummary {
  const { train, test } = samples
  const count = (labels: Int32Array) => countByClass(labels, classNames.length)
  const allLabelled = [train, test].every((set) => set === null || !set.labels.includes(unknownLabel))
  const classCounts = countSplits(count(train.labels), test && count(test.labels), allLabelled)
  const counts = {
    ...totals(classCounts),
    'original/train': train.labels.length,
    ...(test === null ? {} : { 'original/test': test.labels.length }),
  }
  return { ...facts, ...shapeOf(samples), classNames, counts, classCounts }
}

/** A path inside `root` relative to it, and `root` itself by its name; any other text as it is. */
function relativeTo(root: string, text: string): string {
  if (text === root) return basename(root)
  return text.startsWith(root + sep)
    ? text
        .slice(root.length + 1)
        .split(sep)
        .join('/')
    : text
}

/** Notes are kept with the dataset: they name files from the imported path on. */
function withoutFolder({ code, params }: Note, path: string): Note {
  const root = resolve(path)
  const told = Object.entries(params).map(([name, value]) => {
    if (typeof value === 'string') return [name, relativeTo(root, value)]
    return [name, typeof value === 'number' ? value : value.map((text) => relativeTo(root, text))]
  })
  return { code, params: Object.fromEntries(told) as Note['params'] }
}

/** The facts of a file or folder of the user; its licence is unknown. */
export function factsOf(path: string, title: string, reduced: number, notes: Note[]): Facts {
  return {
    id: path,
    title: title.normalize('NFC'),
    path,
    from: null,
    licence: '',
    reduced,
    notes: notes.map((one) => withoutFolder(one, path)),
  }
}
