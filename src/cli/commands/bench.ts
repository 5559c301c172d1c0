/** `bench`: measures the speed of the lab on this machine, and of PyTorch if it is installed. */
import { Command } from 'commander'
import type { Say } from '../../language/words'
import type { CommandEnvironment } from '../command'
import type { Speed } from '../speed/figures'
import {
  measureSpeed,
  speedParts,
  type SpeedPart,
  type SpeedReport,
  type StageSpeeds,
} from '../speed/measure'
import { pairs, table } from '../table'
import { listOf, oneOf, wholeNumber } from '../values'

interface BenchOptions {
  readonly parts: readonly SpeedPart[]
  readonly batch: readonly number[]
  readonly steps: number
  readonly repeats: number
  readonly rounds: number
  readonly threads: number
}

const dash = '–'

function rowOf(name: string, { lab, pytorch, ratio }: Speed): string[] {
  return [name, lab.toFixed(0), pytorch?.toFixed(0) ?? dash, ratio?.toFixed(2) ?? dash]
}

function stageRows(batch: string, speeds: StageSpeeds, say: Say): string[][] {
  return [
    rowOf(`${say('bench-source')}, ${batch}`, speeds.sourceStage),
    rowOf(`${say('bench-adaptation')}, ${batch}`, speeds.adaptation),
    rowOf(`${say('bench-same-caching')}, ${batch}`, speeds.adaptationSameCaching),
    rowOf(`adversarial-consistency, ${batch}`, speeds.adversarialConsistency),
  ]
}

function runRows({ speed, speedSameCaching }: NonNullable<SpeedReport['run']>, say: Say): string[][] {
  return [
    rowOf(say('bench-run'), inHours(speed)),
    rowOf(say('bench-run-same-caching'), inHours(speedSameCaching)),
  ]
}

/** Converts rounds a second to rounds an hour, which are easier to read. */
function inHours({ lab, pytorch, ...speed }: Speed): Speed {
  return { ...speed, lab: 3600 * lab, pytorch: pytorch === null ? null : 3600 * pytorch }
}

function besidePytorch(
  { machinery, pytorchVersion, batches, evaluation, run }: SpeedReport,
  say: Say,
): string {
  const head = [
    say('bench-stage'),
    `TensorFlow ${machinery?.tensorflow ?? dash}`,
    `PyTorch ${pytorchVersion ?? dash}`,
    say('bench-ratio'),
  ]
  const rows = Object.entries(batches ?? {}).flatMap(([batch, speeds]) => stageRows(batch, speeds, say))
  if (evaluation !== undefined) rows.push(rowOf(say('bench-evaluation'), evaluation))
  if (run !== undefined) rows.push(...runRows(run, say))
  return rows.length === 0 ? '' : table(head, rows)
}

function besideEager({ engines }: SpeedReport, say: Say): string {
  if (engines === undefined) return ''
  const head = [
    say('bench-stage'),
    say('bench-compiled'),
    say('bench-eager'),
    say('bench-ratio'),
    say('bench-prepare'),
  ]
  const rows = Object.entries(engines).map(([stage, { compiled, eager, ratio, prepare }]) => [
    stage,
    compiled.toFixed(0),
    eager.toFixed(0),
    ratio.toFixed(2),
    prepare.toFixed(2),
  ])
  return table(head, rows)
}

function singleFigures({ times, run }: SpeedReport, say: Say): string {
  const rows: [string, string][] = []
  if (times !== undefined)
    rows.push(
      [say('bench-start'), times.start.toFixed(0)],
      [say('bench-first-batch'), times.firstBatch.toFixed(0)],
      [say('bench-save'), times.save.toFixed(1)],
      [say('bench-load'), times.load.toFixed(1)],
    )
  if (run !== undefined)
    rows.push(
      [say('bench-peak'), run.peak.toFixed(0)],
      [say('bench-measuring'), (100 * run.measuring).toFixed(1)],
    )
  return rows.length === 0 ? '' : pairs(rows)
}

function textOf(report: SpeedReport, say: Say): string {
  const disturbance = say('bench-disturbance', { cores: report.disturbance.toFixed(2) })
  return [
    report.machine,
    disturbance,
    besidePytorch(report, say),
    besideEager(report, say),
    singleFigures(report, say),
  ]
    .filter((part) => part !== '')
    .join('\n')
}

export function benchCommand({ say, withLab, programs, peer }: CommandEnvironment): Command {
  return new Command('bench')
    .description(say('about-bench'))
    .option('--parts <list>', say('option-parts'), listOf(oneOf('--parts', speedParts)), ['stages'])
    .option('--batch <list>', say('option-batch'), listOf(wholeNumber('--batch', 1, 10_000)), [50])
    .option('--steps <n>', say('option-steps'), wholeNumber('--steps', 10, 100_000), 150)
    .option('--repeats <n>', say('option-repeats'), wholeNumber('--repeats', 1, 100), 3)
    .option('--rounds <n>', say('option-bench-rounds'), wholeNumber('--rounds', 1, 10_000), 40)
    .option('--threads <n>', say('option-threads'), wholeNumber('--threads', 1, 256), 2)
    .action(
      withLab(async ({ lab, terminal }, { batch, ...options }: BenchOptions) => {
        if (peer === null) terminal.note(say('bench-alone'))
        const methods = (await lab.call('methods', {})).filter(({ losses }) => losses.length > 0)
        const report = await measureSpeed(
          { programs, peer },
          { ...options, batches: batch, methods: methods.map(({ id }) => id) },
          (turn, turns) => terminal.note(say('bench-turn', { turn, turns })),
        )
        terminal.answer(report, textOf(report, say))
      }),
    )
}
