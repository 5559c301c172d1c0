/** The classes of a dataset and of domains: a class is its name. */
import type { DatasetSummary } from './dataset'
import type { Domain } from './experiment'

/**
 * A class named by its position in the dataset: `#3`. Records of earlier versions hold positions, and a checkpoint
 * without its run does not say the names.
 */
const byPosition = /^#(\d+)$/

export function namedByPosition(position: number): string {
  return `#${position}`
}

export function isNamedByPosition(name: string): boolean {
  return byPosition.test(name)
}

/** The position of a class in its dataset; -1 if the dataset has no such class. */
export function positionOfClass(name: string, classNames: readonly string[]): number {
  const position = classNames.indexOf(name)
  if (position >= 0) return position
  const given = Number(byPosition.exec(name)?.[1] ?? -1)
  return given < classNames.length ? given : -1
}

type Selection = Pick<Domain, 'partition' | 'split'>
type Counted = Pick<DatasetSummary, 'classNames' | 'classCounts'>

/** Number of samples of each of `names` in a split; 0 for a name that the dataset does not have. */
export function countsOfClasses(
  names: readonly string[],
  { partition, split }: Selection,
  { classNames, classCounts }: Counted,
): number[] {
  const counts = classCounts[`${partition}/${split}`]
  return names.map((name) => counts?.[positionOfClass(name, classNames)] ?? 0)
}

/** The classes that have samples in a split, in the dataset's order. */
export function classesWithSamples(selection: Selection, summary: Counted): string[] {
  const counts = countsOfClasses(summary.classNames, selection, summary)
  return summary.classNames.filter((_, label) => (counts[label] ?? 0) > 0)
}

/** Number of samples of a split whose class is not known. */
export function unlabelledIn(
  { partition, split }: Selection,
  { counts, classCounts }: Pick<DatasetSummary, 'counts' | 'classCounts'>,
): number {
  const name = `${partition}/${split}`
  const labelled = (classCounts[name] ?? []).reduce((sum, count) => sum + count, 0)
  return (counts[name] ?? 0) - labelled
}

/** Pairs classes by equal names. @returns indices in `source`, -1 for a class that the source does not have */
export function pairedByName(source: readonly string[], target: readonly string[]): number[] {
  return target.map((name) => source.indexOf(name))
}
