/** Training seen from the window: where it happens, what closing asks, and what is left when the trainer dies. */
import { readFileSync } from 'fs'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { metricsPath } from '../../src/checkpoints/run-folder'
import type { ExperimentInput } from '../../src/contract/experiment'
import type { Bridge } from '../../src/contract/host'
import type { LabEvent } from '../../src/contract/lab'
import { openTerminal } from '../integration/terminal'
import { eventsOf, folderOf, recordOf, roundsOf, until } from '../journey/disk'
import { fillInSmall, start } from '../journey/form'
import { outliveTrainer } from '../journey/killed-trainer'
import { faultsIn } from '../survival/history-faults'
import { tinyExperiment } from '../survival/tiny-experiment'
import { callFrom, desktopHost, type Desktop } from './electron'

const terminal = openTerminal()
const { dataFolder } = terminal
const host = desktopHost(dataFolder)
let desktop: Desktop

const STOP_AND_CLOSE = 0
const STAY = 1

beforeEach(async () => {
  desktop = await host.open()
  await desktop.page.getByTestId('start').waitFor()
})
afterEach(() => desktop.close())
afterAll(() => terminal.remove())

async function train(): Promise<string> {
  await fillInSmall(desktop.page, { count: 600, rounds: 40, seed: 0 })
  const run = await start(desktop.page, dataFolder)
  await until(() => roundsOf(dataFolder, run).length >= 2)
  return run
}

/** Has the page start it, as its form does. */
async function begin(experiment: ExperimentInput): Promise<string> {
  const reply = await callFrom(desktop.page, 'start', { experiment })
  expect(reply).toHaveProperty('ok.run')
  return (reply as { ok: { run: string } }).ok.run
}

/** The process that trains, as the page is told. */
function trainerPid(): Promise<number> {
  return desktop.page.evaluate(
    () =>
      new Promise<number>((resolve) => {
        const { dalab } = window as unknown as { dalab: Bridge }
        const stop = dalab.subscribe((message) => {
          const event = JSON.parse(message) as LabEvent
          if (event.type !== 'progress') return
          stop()
          resolve(event.progress.pid)
        })
      }),
  )
}

const hasTensorFlow = (pid: number): boolean =>
  readFileSync(`/proc/${pid}/maps`, 'utf8').includes('libtensorflow')

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

describe('a training in the desktop program', () => {
  it("runs in a process that is not main's, with the native library in that one alone", async () => {
    await train()
    const pid = await trainerPid()
    expect(pid).not.toBe(desktop.pid)
    expect(hasTensorFlow(pid)).toBe(true)
    expect(hasTensorFlow(desktop.pid)).toBe(false)
  })

  it('is asked about when the window is closed; who stays goes on, who leaves keeps the state', async () => {
    const run = await train()
    const pid = await trainerPid()
    await desktop.answerQuestion(STAY)
    await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
    const rounds = roundsOf(dataFolder, run).length
    await until(() => roundsOf(dataFolder, run).length > rounds)
    expect(desktop.app.windows()).toHaveLength(1)

    await desktop.answerQuestion(STOP_AND_CLOSE)
    await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
    await desktop.ended()
    expect(isAlive(pid)).toBe(false)
    expect(recordOf(dataFolder, run).state).toBe('stopped')
    const events = eventsOf(dataFolder, run)
    expect(events[events.length - 1]).toMatchObject({ type: 'stopped' })
  })

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
    'keeps its state at %s, and nobody is asked',
    async (signal) => {
      const run = await train()
      process.kill(desktop.pid, signal)
      await desktop.ended()
      expect(recordOf(dataFolder, run).state).toBe('stopped')
    },
  )

  // The short form of `npm run soak`.
  it('leaves every line of its history, in order, with the window open on it', async () => {
    const rounds = 15
    const run = await begin(tinyExperiment('looked at', rounds))
    await until(() => recordOf(dataFolder, run).state === 'finished')
    const history = readFileSync(metricsPath(folderOf(dataFolder, run)), 'utf8')
    expect(faultsIn(history, rounds).faults).toEqual([])
    const withoutOne = history.replace(/^.*"type":"loss".*\n/m, '')
    expect(faultsIn(withoutOne, rounds).faults).not.toEqual([])
    expect(desktop.problems).toEqual([])
  })

  it('that is killed leaves the window, is said in a sentence, and goes on from the last complete round', () =>
    outliveTrainer(desktop, dataFolder))
})
