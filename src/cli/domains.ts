/**
 * Domains that a word means: a dataset as it is, or one under the shifts that a preset has in its target, by the
 * preset's id (`mnist-rotated`). Which images are taken, and of which classes, is left to the experiment.
 */
import { labError } from '../contract/errors'
import type { Preset, Shift } from '../contract/experiment'
import type { DatasetSummary } from '../contract/dataset'
import { nearest } from '../contract/nearest'
import { memberOf } from '../contract/schema'
import { isPath } from '../data/open-dataset'

export interface NamedDomain {
  readonly name: string
  readonly dataset: string
  readonly shifts: readonly Shift[]
}

/** @throws `not-one-of`, where `option` is what the names were given to */
export function domainsNamed(
  names: readonly string[],
  option: string,
  datasets: readonly DatasetSummary[],
  presets: readonly Preset[],
): NamedDomain[] {
  const known: NamedDomain[] = [
    ...datasets.map(({ id }) => ({ name: id, dataset: id, shifts: [] })),
    ...presets
      .filter(({ experiment }) => experiment.target.shifts.length > 0)
      .map(({ id, experiment: { target } }) => ({
        name: id,
        dataset: target.dataset,
        shifts: target.shifts,
      })),
  ]
  return names.map((name) => {
    const found = known.find((domain) => domain.name === name)
    if (found !== undefined) return found
    if (isPath(name)) return { name, dataset: name, shifts: [] }
    const choices = known.map((domain) => domain.name)
    const likely = nearest(name, choices)
    throw labError('not-one-of', { name: option, value: name, choices: choices.join(', '), nearest: likely })
  })
}

/** Of a domain as a file may have it, with its defaults left out. */
export function isOf(domain: unknown, named: NamedDomain): boolean {
  const shifts = memberOf(domain, 'shifts') ?? []
  return (
    memberOf(domain, 'dataset') === named.dataset && JSON.stringify(shifts) === JSON.stringify(named.shifts)
  )
}
