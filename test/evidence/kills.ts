/** `npm run kills -- [--count N] [--seed S]`: the trainer killed at random moments, and what is left of its runs. */
import { mkdtempSync, rmSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { parseArgs } from 'util'
import { createLab } from '../../src/lab/create-lab'
import { killOften } from '../survival/kills'

const { values } = parseArgs({
  options: {
    count: { type: 'string', default: '200' },
    seed: { type: 'string', default: String(Date.now() % 1e6) },
  },
})

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
  process.stdout.write(`${JSON.stringify(report, null, 2)}\n`)
  if (report.faults.length === 0) rmSync(dataFolder, { recursive: true, force: true })
  return report.faults.length === 0 ? 0 : 1
}

void main().then((code) => process.exit(code))
