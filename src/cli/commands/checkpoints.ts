/** `checkpoints`: lists the checkpoints of one run, or of all runs. */
import { Command } from 'commander'
import type { CheckpointSummary } from '../../contract/run'
import type { CommandEnvironment } from '../command'
import { withDamage } from '../damage'
import { accuracy, size } from '../numbers'
import { runNamed } from '../run-name'
import { table } from '../table'
import type { Terminal } from '../terminal'

/** The checkpoint with its measures as top-level fields. */
function documentOf(checkpoint: CheckpointSummary): object {
  const { measures } = checkpoint
  return {
    ...checkpoint,
    sourceAccuracy: measures?.source.accuracy ?? null,
    targetAccuracy: measures?.target?.accuracy ?? null,
    targetAccuracyBestPairing: measures?.target?.accuracyBestPairing ?? null,
    unseenTargetAccuracy: measures?.unseenTarget?.accuracy ?? null,
    discriminatorAccuracy: measures?.discriminatorAccuracy ?? null,
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
    size(bytes),
    path,
  ])
  const damaged = checkpoints.flatMap(({ damage }) => damage ?? [])
  return withDamage(table(head, rows), damaged, language)
}

export function checkpointsCommand({ say, withLab }: CommandEnvironment): Command {
  return new Command('checkpoints')
    .description(say('about-checkpoints'))
    .argument('[run]', say('argument-run'), runNamed)
    .action(
      withLab(async ({ lab, terminal }, run: string | undefined) => {
        const checkpoints = await lab.call('checkpoints', run === undefined ? {} : { run })
        terminal.answer(
          checkpoints.map(documentOf),
          checkpoints.length === 0 ? say('no-checkpoints') : textOf(checkpoints, terminal),
        )
      }),
    )
}
