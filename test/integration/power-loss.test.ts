/** Power loss during training: there is no final event, and the next start finds the interrupted run. */
import { readFileSync, readdirSync } from 'fs'
import { join } from 'path'
import { setTimeout as wait } from 'timers/promises'
import { afterAll, expect, it } from 'vitest'
import { parseHistory } from '../../src/checkpoints/metrics'
import { lockPath, metricsPath } from '../../src/checkpoints/run-folder'
import type { RunSummary } from '../../src/contract/run'
import { documentOf, openTerminal, smallExperiment } from './terminal'

const terminal = openTerminal()
afterAll(() => terminal.remove())

const runs = join(terminal.dataFolder, 'runs')

/** Waits for a complete round and returns the run's folder. */
async function folderWithRound(): Promise<string> {
  for (;;) {
    try {
      const [run = ''] = readdirSync(runs)
      const folder = join(runs, run)
      const { events } = parseHistory(readFileSync(metricsPath(folder), 'utf8'))
      if (events.some((event) => event.type === 'round' && event.round === 1)) return folder
    } catch {
      // Not written yet.
    }
    await wait(50)
  }
}

it('a run interrupted by it is found, offered and finished', async () => {
  const training = terminal.start(...smallExperiment, '--rounds', '30')
  const folder = await folderWithRound()
  const { pid } = JSON.parse(readFileSync(lockPath(folder), 'utf8')) as { pid: number }
  // Stopped first, so that the trainer cannot end properly when its service is gone, as power loss allows no such end.
  process.kill(pid, 'SIGSTOP')
  training.process.kill('SIGKILL')
  process.kill(pid, 'SIGKILL')
  await training.said

  const [summary] = documentOf(await terminal.run('runs', '--json')) as RunSummary[]
  expect(summary).toMatchObject({ state: 'interrupted', damage: [] })
  const { id, rounds } = summary!
  const listed = await terminal.run('runs')
  expect(listed.stdout).toContain(
    `Interrupted, ${rounds} of 30 rounds complete. To continue: dalab resume ${id}`,
  )
  const inChinese = await terminal.runInChinese('runs')
  expect(inChinese.stdout).toContain(`意外中断，30 轮中已完成 ${rounds} 轮。继续：dalab resume ${id}`)

  const resumed = await terminal.run('resume', id, '--rounds', String(rounds + 1), '--json')
  expect(resumed.code).toBe(0)
  expect(documentOf(resumed)).toMatchObject({ state: 'finished', rounds: rounds + 1 })
  expect((await terminal.run('runs')).stdout).not.toContain('Interrupted')
})
