/**
 * The matrix of methods against pairs of domains, over all finished runs. A cell is one experiment: the newest run of
 * its method and pair, with the runs that differ from it only in their seeds. A mean over runs with different settings
 * would be meaningless.
 */
import { join } from 'path'
import { runsFolder } from '../checkpoints/run-folder'
import { folderNames } from '../files/folder'
import type { Domain, Experiment } from '../contract/experiment'
import type { Matrix } from '../contract/judging'
import { judgedPairing, type Pairing } from '../contract/pairing'
import type { LabContext } from './context'
import { countEachSeedOnce } from './repeats'
import { differenceBeyondSeeds, readRun, togetherOf, type ReadRun } from './seeds'

export async function matrixOf({ folders, methods }: LabContext): Promise<Matrix> {
  const parent = runsFolder(folders().data)
  const read = await Promise.all(
    // Unreadable runs are left out; the list of runs reports why.
    (await folderNames(parent)).map((name) => readRun(join(parent, name)).catch(() => null)),
  )
  return cellsOf(
    read.filter((run): run is ReadRun => run !== null && counts(run)),
    methods.map(({ id }) => id),
    (experiment) => {
      const role = methods.find(({ id }) => id === experiment.adaptation.method)?.role
      return judgedPairing(experiment, role ?? 'adaptation')
    },
  )
}

/** A branch does not count: part of its training belongs to its parent. */
function counts({ record, figures }: ReadRun): boolean {
  return record.state === 'finished' && record.parent === null && figures.last !== null
}

/**
 * @param known methods in the order of display
 * @param judged the pairing under which an experiment's figures are meaningful
 */
export function cellsOf(
  runs: readonly ReadRun[],
  known: readonly string[],
  judged: (experiment: Experiment) => Pairing,
): Matrix {
  const newestFirst = [...runs].sort((a, b) => (a.record.created < b.record.created ? 1 : -1))
  const groups = new Map<string, ReadRun[]>()
  for (const run of newestFirst) {
    const key = `${run.record.experiment.adaptation.method} ${pairOf(run.record.experiment)}`
    groups.set(key, [...(groups.get(key) ?? []), run])
  }
  const pairs = new Map<string, Matrix['pairs'][number]>()
  for (const { record } of newestFirst) pairs.set(pairOf(record.experiment), record.experiment)
  const keys = [...pairs.keys()].sort()
  const used = new Set(runs.map(({ record }) => record.experiment.adaptation.method))
  return {
    methods: [...known.filter((id) => used.has(id)), ...[...used].filter((id) => !known.includes(id)).sort()],
    pairs: keys.flatMap((key) => {
      const pair = pairs.get(key)
      return pair === undefined ? [] : [{ source: pair.source, target: pair.target }]
    }),
    cells: [...groups.values()].flatMap((group) => {
      const [newest] = group
      if (newest === undefined) return []
      const { experiment } = newest.record
      const same = group.filter(({ record }) => differenceBeyondSeeds(experiment, record.experiment) === null)
      const { runs: counted, repeats } = countEachSeedOnce(same)
      return [
        {
          method: experiment.adaptation.method,
          pair: keys.indexOf(pairOf(experiment)),
          runs: counted.map(({ record }) => record.id),
          repeats,
          leftOut: group.length - same.length,
          pairing: judged(experiment),
          ...togetherOf(counted),
        },
      ]
    }),
  }
}

/** Key of a pair of domains: the number and the draw of images are ignored. */
function pairOf({ source, target }: Experiment): string {
  const kind = ({ count: _, seed: __, ...domain }: Domain) => domain
  return JSON.stringify([kind(source), kind(target)])
}
