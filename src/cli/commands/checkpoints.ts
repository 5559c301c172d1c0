/** `checkpoints`: lists the checkpoints of one run, or of all runs. */
import { Command } from 'commander'
import type { CheckpointSummary } from '../../contract/run'
import { bestRoundBy, scoreOf, scores, type Score } from '../../contract/score'
import type { Say } from '../../language/words'
import type { CommandEnvironment } from '../command'
import { withDamage } from '../damage'
import { accuracy, estimated, size } from '../numbers'
import { runNamed } from '../run-name'
import { table } from '../table'
import type { Terminal } from '../terminal'
import { oneOf } from '../values'

/** By run: the round of the checkpoint that is best by a score; runs without the score are left out. */
function bestRounds(checkpoints: readonly CheckpointSummary[], score: Score): Map<string, number> {
  const best = new Map<string, number>()
  for (const run of new Set(checkpoints.map((one) => one.run))) {
    const own = checkpoints.filter((one) => one.run === run)
    const round = bestRoundBy(
      score,
      own.map(({ round, measures }) => [round ?? 0, scoreOf(measures ?? {}, score)]),
    )
    if (round !== null) best.set(run, round)
  }
  return best
}

/** The checkpoint with its measures as top-level fields. */
function documentOf(checkpoint: CheckpointSummary, best: ReadonlyMap<string, number> | null): object {
  const { measures } = checkpoint
  return {
    ...checkpoint,
    sourceAccuracy: measures?.source.accuracy ?? null,
    targetAccuracy: measures?.target?.accuracy ?? null,
    targetAccuracyBestPairing: measures?.target?.accuracyBestPairing ?? null,
    unseenTargetAccuracy: measures?.unseenTarget?.accuracy ?? null,
    discriminatorAccuracy: measures?.discriminatorAccuracy ?? null,
    estimatedAccuracy: measures?.estimate?.accuracy ?? null,
    ...(best && { bestByScore: best.get(checkpoint.run) === (checkpoint.round ?? 0) }),
  }
}

function textOf(checkpoints: readonly CheckpointSummary[], { say, language }: Terminal): string {
  const head = [
    say('column-run'),
    say('column-round'),
    say('column-target'),
    say('column-best'),
    say('column-unseen'),
    say('column-information'),
    say('column-agreement'),
    say('column-estimated'),
    say('column-size'),
    say('column-path'),
  ]
  const rows = checkpoints.map(({ run, round, measures, bytes, path, damage }) => [
    run,
    damage === null ? (round ?? say('round-source-stage')) : say('state-damaged'),
    accuracy(measures?.target?.accuracy ?? null),
    accuracy(measures?.target?.accuracyBestPairing ?? null),
    accuracy(measures?.unseenTarget?.accuracy ?? null),
    accuracy(measures?.labelFree?.mutualInformation ?? null),
    accuracy(measures?.labelFree?.agreement ?? null),
    estimated(measures?.estimate?.accuracy ?? null),
    size(bytes),
    path,
  ])
  const damaged = checkpoints.flatMap(({ damage }) => damage ?? [])
  return withDamage(table(head, rows), damaged, language)
}

function bestLine(score: Score, best: ReadonlyMap<string, number>, say: Say): string {
  const rounds = [...best].map(([run, round]) => `${run} ${String(round)}`)
  return say('best-by', { score: say(`measure-${score}`), rounds: rounds.join(', ') || '-' })
}

interface CheckpointsOptions {
  readonly bestBy?: Score
}

export function checkpointsCommand({ say, withLab }: CommandEnvironment): Command {
  return new Command('checkpoints')
    .description(say('about-checkpoints'))
    .argument('[run]', say('argument-run'), runNamed)
    .option(
      '--best-by <score>',
      say('option-best-by', { scores: scores.join(', ') }),
      oneOf('--best-by', scores),
    )
    .action(
      withLab(async ({ lab, terminal }, run: string | undefined, { bestBy }: CheckpointsOptions) => {
        const checkpoints = await lab.call('checkpoints', run === undefined ? {} : { run })
        const best = bestBy === undefined ? null : bestRounds(checkpoints, bestBy)
        const shown = checkpoints.length === 0 ? say('no-checkpoints') : textOf(checkpoints, terminal)
        terminal.answer(
          checkpoints.map((one) => documentOf(one, best)),
          bestBy === undefined || best === null ? shown : `${shown}\n${bestLine(bestBy, best, terminal.say)}`,
        )
      }),
    )
}
