/**
 * Finds runs that repeat a seed. The same experiment with the same seed gives the same run, so a second one is no
 * additional sample: each seed is counted once.
 */
import type { Experiment } from '../contract/experiment'
import type { Repeat } from '../contract/judging'
import type { Machinery } from '../contract/record'
import { accuraciesOfRun, type ReadRun } from './seeds'

export interface Counted<R> {
  /** One run per seed, in the order in which the seeds first occur. */
  readonly runs: R[]
  /** The runs that are not counted. */
  readonly repeats: Repeat[]
}

/** Counts the latest finished run of each experiment and seed. */
export function countEachSeedOnce<R extends ReadRun>(runs: readonly R[]): Counted<R> {
  const groups = new Map<string, R[]>()
  for (const run of runs) {
    const identity = identityOf(run.record.experiment)
    groups.set(identity, [...(groups.get(identity) ?? []), run])
  }
  const counted: Counted<R> = { runs: [], repeats: [] }
  for (const group of groups.values()) {
    const [best, ...others] = [...group].sort(byPreference)
    if (best === undefined) continue
    counted.runs.push(best)
    counted.repeats.push(...others.map((other) => repeatOf(other, best)))
  }
  return counted
}

/**
 * Key of all settings, including the seeds but not `name`. Keys are in the schema's order, because checking sorts
 * them.
 */
export function identityOf({ name: _, ...experiment }: Experiment): string {
  return JSON.stringify(experiment)
}

/** The run's seed, followed by the domains' seeds unless both are 0, the default: other images make another run. */
export function seedOf({ seed, source, target }: Experiment): string {
  const ofDomains = source.seed === 0 && target.seed === 0 ? [] : [source.seed, target.seed]
  return [seed, ...ofDomains].join('/')
}

/** Finished before unfinished, trained from the start before branched off, later before earlier. */
function byPreference({ record: a }: ReadRun, { record: b }: ReadRun): number {
  return (
    Number(b.state === 'finished') - Number(a.state === 'finished') ||
    Number(a.parent !== null) - Number(b.parent !== null) ||
    b.created.localeCompare(a.created)
  )
}

function repeatOf(run: ReadRun, counted: ReadRun): Repeat {
  const machinery = machineryApart(run.record.machinery, counted.record.machinery)
  return {
    run: run.record.id,
    counted: counted.record.id,
    seed: seedOf(counted.record.experiment),
    outcome: outcomeOf(run, counted, machinery),
    machinery,
  }
}

function outcomeOf(run: ReadRun, counted: ReadRun, machinery: readonly string[]): Repeat['outcome'] {
  if (run.record.state !== 'finished' || counted.record.state !== 'finished') return 'unfinished'
  if (JSON.stringify(accuraciesOfRun(run)) === JSON.stringify(accuraciesOfRun(counted))) return 'same'
  if (run.record.parent !== null || counted.record.parent !== null) return 'branch'
  return machinery.length > 0 ? 'machinery' : 'unexplained'
}

/** The parts of the machinery that differ; empty if either is unknown. */
function machineryApart(one: Machinery | null, other: Machinery | null): string[] {
  if (one === null || other === null) return []
  const parts = Object.keys(one) as (keyof Machinery)[]
  return parts.filter((part) => one[part] !== other[part])
}
