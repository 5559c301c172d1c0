/** `bench`: how fast the lab trains on this machine, beside PyTorch where it is installed. */
import { Command } from 'commander'
import type { Say } from '../../language/words'
import type { Desk } from '../command'
import { measureSpeed, type Speed, type SpeedReport } from '../measure-speed'
import { table } from '../table'
import { wholeNumber } from '../values'

interface BenchOptions {
  readonly batch: number
  readonly steps: number
  readonly repeats: number
  readonly threads: number
}

const dash = '–'

function rowOf(name: string, { lab, pytorch, ratio }: Speed): string[] {
  return [name, lab.toFixed(0), pytorch?.toFixed(0) ?? dash, ratio?.toFixed(2) ?? dash]
}

function textOf(report: SpeedReport, say: Say): string {
  const { machinery, pytorchVersion } = report
  const head = [
    say('bench-stage'),
    `TensorFlow ${machinery?.tensorflow ?? dash}`,
    `PyTorch ${pytorchVersion ?? dash}`,
    say('bench-ratio'),
  ]
  const rows = [
    rowOf(say('bench-source'), report.sourceStage),
    rowOf(say('bench-adaptation'), report.adaptation),
    rowOf(say('bench-same-caching'), report.adaptationSameCaching),
  ]
  return `${report.machine}\n${table(head, rows)}`
}

export function benchCommand({ say, act, programs, peer }: Desk): Command {
  return new Command('bench')
    .description(say('about-bench'))
    .option('--batch <n>', say('option-batch'), wholeNumber('--batch', 1, 10_000), 50)
    .option('--steps <n>', say('option-steps'), wholeNumber('--steps', 10, 100_000), 150)
    .option('--repeats <n>', say('option-repeats'), wholeNumber('--repeats', 1, 100), 5)
    .option('--threads <n>', say('option-threads'), wholeNumber('--threads', 1, 256), 2)
    .action(
      act(async ({ terminal }, options: BenchOptions) => {
        if (peer === null) terminal.note(say('bench-alone'))
        const report = await measureSpeed({ programs, peer }, options, (turn, turns) =>
          terminal.note(say('bench-turn', { turn, turns })),
        )
        terminal.answer(report, textOf(report, say))
      }),
    )
}
