/** Kills the trainer during a round and checks the window's message and actions, on any host. */
import { createHash } from 'crypto'
import { readdirSync, readFileSync } from 'fs'
import { join } from 'path'
import { expect } from 'vitest'
import { checkpointsFolder, checkpointPath, lockPath } from '../../src/checkpoints/run-folder'
import { eventsOf, folderOf, recordOf, roundsOf, until } from './disk'
import { ended, fillInSmall, start } from './form'
import type { LabWindow } from './lab-window'

const rounds = 6

/** Trains on the window's experiment page, kills the trainer after two rounds and lets the window finish the run. */
export async function outliveTrainer({ page, problems }: LabWindow, dataFolder: string): Promise<void> {
  // A preset whose optimisers are reset each round; otherwise their state moves from one round's checkpoint to the
  // next.
  await page.getByTestId('preset').selectOption('published')
  await fillInSmall(page, { count: 200, rounds, seed: 0 })
  const run = await start(page, dataFolder)
  await until(() => roundsOf(dataFolder, run).length >= 3)
  const killed = trainerOf(dataFolder, run)
  process.kill(killed, 'SIGKILL')
  await until(() => !isAlive(killed))

  const complete = roundsOf(dataFolder, run).length - 1
  expect(complete).toBeLessThan(rounds)
  const failure = page.getByTestId('failure')
  await failure.getByText(`The training ended unexpectedly after round ${complete}.`).waitFor()
  await page.getByRole('button', { name: 'Read in Chinese (中文)' }).click()
  await failure.getByText(`训练在第 ${complete} 轮之后意外结束。`).waitFor()
  await page.getByRole('button', { name: '切换到英文 EN' }).click()
  const before = digests(dataFolder, run, complete)
  expect(before.size).toBe(complete + 1)

  await until(() => page.getByTestId('resume').isEnabled())
  await page.getByTestId('resume').click()
  await ended(page, dataFolder, run)

  expect(recordOf(dataFolder, run)).toMatchObject({ state: 'finished', failure: null, rounds })
  const started = eventsOf(dataFolder, run).filter(({ type }) => type === 'started')
  expect(started).toHaveLength(2)
  // Resumes with the round after the last complete one.
  expect(started[1]).toMatchObject({ resumedFrom: { round: complete + 1, step: 0 } })
  expect(roundsOf(dataFolder, run).map(({ round }) => round)).toEqual([...Array(rounds + 1).keys()])
  expect(digests(dataFolder, run, complete)).toEqual(before)
  expect(await failure.count()).toBe(0)
  expect(problems).toEqual([])
}

/** The process that holds the run's lock. */
export function trainerOf(dataFolder: string, run: string): number {
  const { pid } = JSON.parse(readFileSync(lockPath(folderOf(dataFolder, run)), 'utf8')) as { pid: number }
  return pid
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

/** Digests of the source stage and of every round up to `last`. */
function digests(dataFolder: string, run: string, last: number): Map<string, string> {
  const folder = folderOf(dataFolder, run)
  const complete = [null, ...Array.from({ length: last }, (_, i) => i + 1)].map((round) =>
    checkpointPath(folder, round),
  )
  return new Map(
    readdirSync(checkpointsFolder(folder))
      .map((name) => join(checkpointsFolder(folder), name))
      .filter((path) => complete.includes(path))
      .map((path) => [path, createHash('sha256').update(readFileSync(path)).digest('hex')]),
  )
}
