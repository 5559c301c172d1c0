/**
 * Names of domains on the command line: a dataset, or a dataset with the shifts of a preset's target, by the preset's
 * id (`mnist-rotated`). The selection of images and classes comes from the experiment.
 */
import { knownName } from '../contract/known-name'
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

/** @throws `not-one-of`, with `option` as the option in which the names were given */
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
  const choices = known.map((domain) => domain.name)
  return names.map((name) => {
    const found = known[choices.indexOf(knownName(name, choices))]
    if (found !== undefined) return found
    if (isPath(name)) return { name, dataset: name, shifts: [] }
    const likely = nearest(name, choices)
    throw labError('not-one-of', { name: option, value: name, choices: choices.join(', '), nearest: likely })
  })
}

/** Whether a domain is the named one; the domain comes from a file and may omit defaults. */
export function isOf(domain: unknown, named: NamedDomain): boolean {
  const shifts = memberOf(domain, 'shifts') ?? []
  return (
    memberOf(domain, 'dataset') === named.dataset && JSON.stringify(shifts) === JSON.stringify(named.shifts)
  )
}
