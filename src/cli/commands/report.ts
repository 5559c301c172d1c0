/** `report`: writes a zip file to attach to a bug report. */
import { Command } from 'commander'
import { reportName } from '../../contract/report-name'
import type { CommandEnvironment } from '../command'
import { size } from '../numbers'
import { runNamed } from '../run-name'
import { table } from '../table'

interface ReportOptions {
  readonly run?: string
  readonly out?: string
}

export function reportCommand({ say, withLab }: CommandEnvironment): Command {
  return new Command('report')
    .description(say('about-report'))
    .option('--run <run>', say('option-report-run'), runNamed)
    .option('--out <file>', say('option-report-out'))
    .action(
      withLab(async ({ lab, terminal }, { run, out = reportName(new Date()) }: ReportOptions) => {
        const report = await lab.call('report', { run, out })
        const rows = report.contents.map(({ name, bytes }) => [name, size(bytes)])
        const head = [say('column-name'), say('column-size')]
        terminal.answer(report, [say('report-written', { file: report.file }), table(head, rows)].join('\n'))
      }),
    )
}
