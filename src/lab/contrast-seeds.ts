/**
 * Compares two methods by finished runs of each with the same seeds. One checkpoint is a single draw of a method, and
 * only several seeds show the variance between draws; so the sample is the differences between the pairs of runs, and
 * the images come second.
 */
import { mean } from 'simple-statistics'
import { checkpointPath } from '../checkpoints/run-folder'
import { labError } from '../contract/errors'
import type { Evaluation, Repeat, SeedContrast } from '../contract/judging'
import { pooledBootstrap } from '../statistics/paired'
import { signFlip } from '../statistics/sign-flip'
import { spreadOf } from '../statistics/spread'
import { rightIn } from './contrast'
import { evaluate, evaluateOn } from './evaluation'
import { runsNamed, type NamedRun } from './named-runs'
import type { LabContext } from './context'
import { countEachSeedOnce, seedOf } from './repeats'
import { differencesBeyondSeeds, requireOneExperiment } from './seeds'
import { requireOneTask } from './tasks'

interface Pair {
  readonly seed: string
  readonly first: NamedRun
  readonly second: NamedRun
}

interface JudgedPair extends Pair {
  readonly evaluations: readonly [Evaluation, Evaluation]
}

/** @throws `run-unfinished`, `runs-differ`, `tasks-differ`, `seeds-differ` */
export async function contrastSeeds(
  context: LabContext,
  { runs, against }: { readonly runs: readonly string[]; readonly against: readonly string[] },
): Promise<SeedContrast> {
  const sides = [await runsNamed(context, runs), await runsNamed(context, against)] as const
  const { pairs, repeats } = pairsOf(...sides)
  const judged: JudgedPair[] = []
  for (const pair of pairs) judged.push({ ...pair, evaluations: await judge(context, pair) })
  return together(judged, repeats)
}

/** Pairs runs of equal seed, each seed once, in the order of the first side. */
export function pairsOf(
  ofFirst: readonly NamedRun[],
  ofSecond: readonly NamedRun[],
): { readonly pairs: Pair[]; readonly repeats: Repeat[] } {
  for (const side of [ofFirst, ofSecond]) requireOneExperiment(side.map(({ record }) => record))
  const [first, second] = [countEachSeedOnce(ofFirst), countEachSeedOnce(ofSecond)]
  for (const { record } of [...first.runs, ...second.runs])
    if (record.state !== 'finished') throw labError('run-unfinished', { run: record.id })
  requireOneTask([...first.runs.slice(0, 1), ...second.runs.slice(0, 1)].map(({ record }) => record))
  const [bySeed, others] = [sideBySeed(first.runs), sideBySeed(second.runs)]
  const pairs = [...bySeed].flatMap(([seed, side]) => {
    const other = others.get(seed)
    return other === undefined ? [] : [{ seed, first: side, second: other }]
  })
  if (pairs.length < Math.max(bySeed.size, others.size))
    throw labError('seeds-differ', {
      first: [...bySeed.keys()].join(', '),
      second: [...others.keys()].join(', '),
    })
  return { pairs, repeats: [...first.repeats, ...second.repeats] }
}

function sideBySeed(side: readonly NamedRun[]): Map<string, NamedRun> {
  return new Map(side.map((run) => [seedOf(run.record.experiment), run]))
}

async function judge(context: LabContext, { first, second }: Pair): Promise<[Evaluation, Evaluation]> {
  const encoder = 'target'
  const evaluation = await evaluate(context, { checkpoint: lastOf(first), encoder })
  return [evaluation, await evaluateOn(evaluation.domain, context, { checkpoint: lastOf(second), encoder })]
}

/** The last checkpoint, which retention never deletes; the source stage's if there was no round. */
function lastOf({ folder, record: { rounds } }: NamedRun): string {
  return checkpointPath(folder, rounds === 0 ? null : rounds)
}

function together(judged: readonly JudgedPair[], repeats: Repeat[]): SeedContrast {
  const [sample] = judged
  if (sample === undefined) throw new Error('a comparison of no pair')
  const pairs = judged.map(({ seed, first, second, evaluations: [one, other] }) => ({
    seed,
    runs: [first.record.id, second.record.id] as [string, string],
    accuracies: [one.result.accuracy, other.result.accuracy] as [number, number],
    difference: other.result.accuracy - one.result.accuracy,
  }))
  const differences = pairs.map(({ difference }) => difference)
  const { low, high } = pooledBootstrap(
    judged.map(({ evaluations: [one, other] }) => ({ first: rightIn(one), second: rightIn(other) })),
  )
  const elsewhere = (index: 0 | 1) =>
    judged.filter(({ evaluations }) => fellElsewhere(evaluations[index])).length
  return {
    domain: sample.evaluations[0].domain,
    differences: differencesBeyondSeeds(sample.first.record.experiment, sample.second.record.experiment),
    pairs,
    means: [mean(pairs.map((pair) => pair.accuracies[0])), mean(pairs.map((pair) => pair.accuracies[1]))],
    difference: mean(differences),
    deviation: spreadOf(differences)?.deviation ?? null,
    ...signFlip(differences),
    count: sample.evaluations[0].result.count,
    low,
    high,
    otherWay: [elsewhere(0), elsewhere(1)],
    repeats,
  }
}

const fellElsewhere = ({ result, pairing }: Evaluation) => result.bestPairing.join() !== pairing.join()
