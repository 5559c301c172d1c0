/**
 * `npm run kills -- [--count N] [--seed S]`: kills the trainer at random moments and examines what is left of its
 * runs; then kills the program while a worker computes endlessly, and measures for how many seconds each worker
 * survives it.
 */
import { mkdtempSync, rmSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { parseArgs } from 'util'
import { createLab } from '../../src/lab/create-lab'
import { openTerminal } from '../integration/terminal'
import { killOften } from '../survival/kills'
import { commandsByWorker, outlivesBy, type Worker } from '../survival/orphans'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1e6) },
  },
})

async function orphans(): Promise<Record<string, number>> {
  const terminal = openTerminal()
  const seconds: Record<string, number> = {}
  for (const worker of Object.keys(commandsByWorker) as Worker[]) {
    for (const work of ['javascript', 'native'] as const) {
      seconds[`${worker}, ${work}`] = await outlivesBy(terminal, worker, work)
    }
  }
  await terminal.remove()
  return seconds
}

async function main(): Promise<number> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'dalab-kills-'))
  process.stderr.write(`seed ${values.seed}, in ${dataFolder}\n`)
  const lab = await createLab({ workers: join(__dirname, '..', '..', 'dist'), dataFolder })
  const report = await killOften(lab, {
    count: Number(values.count),
    seed: Number(values.seed),
    note: (line) => process.stderr.write(`${line}\n`),
  })
  await lab.close()
  const outlived = await orphans()
  process.stdout.write(`${JSON.stringify({ ...report, outlived }, null, 2)}\n`)
  if (report.faults.length === 0) rmSync(dataFolder, { recursive: true, force: true })
  return report.faults.length === 0 ? 0 : 1
}

void main().then((code) => process.exit(code))
