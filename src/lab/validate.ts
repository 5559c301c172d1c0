/** Label-free scores next to the true accuracy, over all rounds of several runs. */
import { roundEvents } from '../checkpoints/rounds'
import type { Validation } from '../contract/judging'
import type { Pairing } from '../contract/pairing'
import type { Measures, RecordedEvent } from '../contract/record'
import { validatorsOf } from '../statistics/validators'
import { historyOf } from './history'
import { runsNamed } from './named-runs'
import type { LabContext } from './context'
import { countEachSeedOnce } from './repeats'
import { requireOneTask } from './tasks'

type Checkpoint = Validation['checkpoints'][number]

/** Each seed is counted once: a repeated run would weigh twice. @throws `tasks-differ` */
export async function validate(
  context: LabContext,
  { runs, pairing }: { readonly runs: readonly string[]; readonly pairing: Pairing },
): Promise<Validation> {
  const named = await runsNamed(context, runs)
  requireOneTask(named.map(({ record }) => record))
  const { runs: counted, repeats } = countEachSeedOnce(named)
  const each = await Promise.all(
    counted.map(async ({ folder, record }) => checkpointsIn(record.id, await historyOf(folder), pairing)),
  )
  const checkpoints = each.flat()
  return { repeats, checkpoints, validators: validatorsOf(checkpoints) }
}

/** Measures of earlier versions have no scores, and those of a target without labels no accuracy: both are left out. */
export function checkpointsIn(run: string, events: readonly RecordedEvent[], pairing: Pairing): Checkpoint[] {
  const judged = (attempt: number, round: number, { target, labelFree }: Measures): Checkpoint[] =>
    labelFree === undefined || target === null
      ? []
      : [
          {
            run,
            attempt,
            round,
            accuracy: pairing === 'best' ? target.accuracyBestPairing : target.accuracy,
            labelFree,
          },
        ]
  const given = events.filter((event) => event.type === 'attempt' && event.verdict === 'restarted')
  const rounds = [...roundEvents(events).values()]
  const most = Math.max(0, ...rounds.map(({ round }) => round))
  return [
    ...given.flatMap((event) =>
      event.type === 'attempt' ? judged(event.attempt, most, event.measures) : [],
    ),
    ...rounds.flatMap(({ round, measures }) => judged(given.length + 1, round, measures)),
  ]
}
