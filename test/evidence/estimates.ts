/**
 * `npm run estimates [-- --seeds 0,1 --only TASK --runs FOLDER]`: how far estimates of the target accuracy are from the
 * accuracy. Trains tasks of docs/results.md, computes every estimate for some rounds of each run from its checkpoints,
 * keeps the figures in docs/estimates, and writes docs/estimates.md. Only missing figures are computed. `--runs` keeps
 * the runs.
 */
import { spawnSync } from 'child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { parseArgs } from 'util'
import { format } from 'oxfmt'
import { argumentsOf, nameOf, readTasks, type Task } from '../../build/results/task-runs.mjs'
import { loadTensorFlow } from '../../src/workers/native'
import { examined } from './estimates/examine'
import { pageOf, type Figures } from './estimates/page'
import { choosing, others, settings } from './estimates/tasks'

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
    const words = ['run', '--json', '--data-folder', data, ...argumentsOf(task, seed), ...settings]
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], {
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    })
    if (status !== 0) throw new Error(`${nameOf(task, seed)}: ${stderr}`)
    writeFileSync(outcome, stdout)
  }
  return (JSON.parse(readFileSync(outcome, 'utf8')) as { run: string }).run
}

async function figuresOf(task: Task, seed: number): Promise<Figures> {
  const file = join(kept, `${nameOf(task, seed)}.json`)
  if (!existsSync(file)) {
    process.stderr.write(`estimates: ${nameOf(task, seed)} ...\n`)
    const rounds = await examined(trained(task, seed))
    writeFileSync(file, `${JSON.stringify(rounds, null, 2)}\n`)
  }
  return { task, seed, rounds: JSON.parse(readFileSync(file, 'utf8')) as Figures['rounds'] }
}

async function main(): Promise<void> {
  await loadTensorFlow(2)
  mkdirSync(kept, { recursive: true })
  const figures: Figures[] = []
  for (const seed of asked.seeds.split(',').map(Number)) {
    for (const task of readTasks()) {
      const isMeant = [...choosing, ...others].includes(task.id)
      if (isMeant && (asked.only ?? task.id) === task.id) figures.push(await figuresOf(task, seed))
    }
  }
  if (asked.only === undefined) {
    const page = join(checkout, 'docs', 'estimates.md')
    writeFileSync(page, (await format(page, pageOf(figures))).code)
  }
  if (asked.runs === undefined) rmSync(runs, { recursive: true, force: true })
}

void main()
