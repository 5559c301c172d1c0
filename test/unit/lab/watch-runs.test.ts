/** Events that another process writes to a run's folder are reported as they appear, whatever their amount. */
import { promises as fs } from 'fs'
import { join } from 'path'
import { setTimeout as wait } from 'timers/promises'
import { expect, it, onTestFinished } from 'vitest'
import { metricsPath, runsFolder } from '../../../src/checkpoints/run-folder'
import type { LabEvent } from '../../../src/contract/lab'
import { watchRuns } from '../../../src/lab/watch-runs'
import { emptyFolder, roundEvent } from '../checkpoints/samples'

const rounds = (events: readonly LabEvent[]): number[] =>
  events.flatMap((event) =>
    event.type === 'recorded' && event.event.type === 'round' ? [event.event.round] : [],
  )

/** Watches a folder, after a first poll; collects the events from then on. */
async function watching(dataFolder: string): Promise<readonly LabEvent[]> {
  const told: LabEvent[] = []
  const watch = watchRuns(
    () => dataFolder,
    () => false,
    (event) => told.push(event),
  )
  onTestFinished(() => watch.close())
  for (let run = 0; told.length === 0; run++) {
    await fs.mkdir(join(runsFolder(dataFolder), `earlier-${run}`), { recursive: true })
    await wait(100)
  }
  return told
}

/** A run with these lines, which appears at once, like a folder that was moved there. */
async function place(dataFolder: string, lines: readonly string[]): Promise<void> {
  const hidden = await emptyFolder()
  await fs.writeFile(metricsPath(hidden), lines.map((line) => `${line}\n`).join(''))
  await fs.rename(hidden, join(runsFolder(dataFolder), 'another'))
}

const line = (round: number) => JSON.stringify(roundEvent(round, 0.5))

it('what is too much for one look is told by several, each event once and in order', async () => {
  const dataFolder = await emptyFolder()
  const told = await watching(dataFolder)
  const count = Math.ceil(2 ** 22 / line(0).length) + 100
  await place(
    dataFolder,
    Array.from({ length: count }, (_, round) => line(round)),
  )
  while (rounds(told).length === 0) await wait(20)
  expect(rounds(told).length).toBeLessThan(count)
  while (rounds(told).length < count) await wait(20)
  expect(rounds(told)).toEqual(Array.from({ length: count }, (_, round) => round))
})

it('a line that is longer than a look is passed over', async () => {
  const dataFolder = await emptyFolder()
  const told = await watching(dataFolder)
  await place(dataFolder, [line(0), 'x'.repeat(2 ** 23), line(1)])
  while (rounds(told).length < 2) await wait(20)
  expect(rounds(told)).toEqual([0, 1])
})
