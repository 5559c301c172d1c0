/** Workers and the round in progress when the terminal is closed or the program is killed. */
import { execFile } from 'child_process'
import { mkdirSync, readdirSync } from 'fs'
import { join } from 'path'
import { promisify } from 'util'
import { afterAll, expect, it } from 'vitest'
import { findPython } from '../../build/machine.mjs'
import { pauseFolder } from '../../src/checkpoints/run-folder'
import type { RunSummary } from '../../src/contract/run'
import { outlivesBy } from '../survival/orphans'
import { documentOf, openTerminal, smallExperiment } from './terminal'

const terminal = openTerminal()
afterAll(() => terminal.remove())

const tests = join(__dirname, '..')
const program = join(tests, '..', 'dist', 'cli.cjs')

/** Folder for the commands' temporary files. */
const temporary = join(terminal.files, 'temporary')
mkdirSync(temporary)

/** Exit code of a command whose terminal is closed after it has printed `words`. */
async function closedAfter(words: string, ...argv: string[]): Promise<number> {
  const env = { ...process.env, LANG: 'en_GB.UTF-8', DALAB_DATA: terminal.dataFolder, TMPDIR: temporary }
  const script = join(tests, 'survival', 'closed-terminal.py')
  const line = [script, words, process.execPath, program, ...argv]
  return Number((await promisify(execFile)(findPython()!.command, line, { env })).stdout)
}

/** The newest run, as listed by another command. */
async function newest(): Promise<RunSummary> {
  const [run] = documentOf(await terminal.run('runs', '--json')) as RunSummary[]
  return run!
}

it('a closed terminal stops a run with its round in progress kept, as Ctrl-C does', async () => {
  const code = await closedAfter('round 1:', ...smallExperiment, '--rounds', '400')
  expect(code).toBe(129)
  const run = await newest()
  expect(run).toMatchObject({ state: 'stopped', damage: [] })
  expect(readdirSync(pauseFolder(run.folder))).toHaveLength(1)
  const resumed = await terminal.run('resume', run.id, '--rounds', String(run.rounds + 1), '--json')
  expect(documentOf(resumed)).toMatchObject({ state: 'finished', rounds: run.rounds + 1 })
})

it('a closed terminal ends a server in good order', async () => {
  expect(await closedAfter('#token=', 'serve')).toBe(129)
  // The server removes its upload folder; killed by a signal it would leave it.
  expect(readdirSync(temporary)).toEqual([])
})

it('a reader that is gone, as after `| head`, stops a run with its state saved', async () => {
  const { process: child, said } = terminal.start(...smallExperiment, '--rounds', '400')
  child.stdout?.on('data', (text: string) => {
    if (text.includes('round 1:')) child.stdout?.destroy()
  })
  expect((await said).code).toBe(141)
  expect(await newest()).toMatchObject({ state: 'stopped', damage: [] })
})

// The trainer has a minute to save its state; `npm run kills` waits for it.
it.each([
  ['analyst', 'javascript'],
  ['bench', 'native'],
] as const)('the %s ends with a killed program, in the middle of %s', async (worker, work) => {
  await outlivesBy(terminal, worker, work)
})
