/**
 * `npm run estimates [-- --seeds 0,1 --only TASK --runs FOLDER]`: how far estimates of the target accuracy are from the
 * accuracy. Trains tasks of docs/results.md, computes every estimate for some rounds of each run from its checkpoints,
 * keeps the figures in docs/estimates, and writes docs/estimates.md. Only missing figures are computed. `--runs` keeps
 * the runs.
 */
import { spawnSync } from 'child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { parseArgs } from 'util'
import { readHistory, roundEvents } from '../../src/checkpoints/metrics'
import { loadTensorFlow } from '../../src/workers/native'
import { argumentsOf, nameOf, readTasks, type Task } from '../../build/results/task-runs.mjs'
import { examined, type Figures } from './estimates/examine'
import { writePage } from './estimates/page'
import { choosing, others } from './estimates/tasks'

const { values: asked } = parseArgs({
  options: {
    seeds: { type: 'string', default: '0' },
    only: { type: 'string' },
    runs: { type: 'string' },
  },
})
const checkout = join(__dirname, '..', '..')
const kept = join(checkout, 'docs', 'estimates')
const runs = asked.runs ?? mkdtempSync(join(tmpdir(), 'dalab-estimates-'))

/** The folder of the task's run, in a data folder of its own. */
function trained(task: Task, seed: number): string {
  const data = join(runs, nameOf(task, seed))
  const outcome = `${data}.json`
  if (!existsSync(outcome)) {
    const program = join(checkout, 'dist', 'cli.cjs')
    const words = [program, 'run', '--json', '--data-folder', data, ...argumentsOf(task, seed)]
    const { status, stdout, stderr } = spawnSync(process.execPath, words, {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    })
    if (status !== 0) throw new Error(`${nameOf(task, seed)}: ${stderr}`)
    writeFileSync(outcome, stdout)
  }
  return (JSON.parse(readFileSync(outcome, 'utf8')) as { run: string }).run
}
