/** Training in the desktop program: its process, the question on closing, and recovery from a killed trainer. */
import { readFileSync } from 'fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { metricsPath } from '../../src/checkpoints/run-folder'
import type { ExperimentInput } from '../../src/contract/experiment'
import { openTerminal } from '../integration/terminal'
import { eventsOf, folderOf, recordOf, roundsOf, until } from '../journey/disk'
import { fillInSmall, start } from '../journey/form'
import { outliveTrainer, trainerOf } from '../journey/killed-trainer'
import { isLong } from '../long'
import { faultsIn } from '../survival/history-faults'
import { tinyExperiment } from '../survival/tiny-experiment'
import { callFrom, desktopHost, type Desktop } from './electron'

const terminal = openTerminal()
const { dataFolder } = terminal
const host = desktopHost(dataFolder)
let desktop: Desktop

const STOP_AND_CLOSE = 0
const STAY = 1

async function openWindow(): Promise<void> {
  desktop = await host.open()
  await desktop.page.getByTestId('start').waitFor()
}

afterAll(() => terminal.remove())

/** Starts a run from the page, as its form does. */
async function begin(experiment: ExperimentInput): Promise<string> {
  const reply = await callFrom(desktop.page, 'start', { experiment })
  expect(reply).toHaveProperty('ok.run')
  return (reply as { ok: { run: string } }).ok.run
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

// All tests share one window; the last one closes it.
describe('a training in the desktop program', () => {
  let run: string

  beforeAll(openWindow)
  afterAll(() => desktop.close())

  // The short form of `npm run soak`.
  it('leaves every line of its history, in order, with the window open on it', async () => {
    const rounds = 8
    const looked = await begin(tinyExperiment('looked at', rounds))
    await until(() => recordOf(dataFolder, looked).state === 'finished')
    const history = readFileSync(metricsPath(folderOf(dataFolder, looked)), 'utf8')
    expect(faultsIn(history, rounds).faults).toEqual([])
    const withoutOne = history.replace(/^.*"type":"loss".*\n/m, '')
    expect(faultsIn(withoutOne, rounds).faults).not.toEqual([])
    expect(desktop.problems).toEqual([])
  })

  it('that is killed leaves the window, is said in a sentence, and goes on from the last complete round', () =>
    outliveTrainer(desktop, dataFolder))

  it("runs in a process that is not main's, with the native library in that one alone", async () => {
    await fillInSmall(desktop.page, { count: 200, rounds: 100, seed: 0 })
    run = await start(desktop.page, dataFolder)
    await until(() => roundsOf(dataFolder, run).length >= 2)
    const pid = trainerOf(dataFolder, run)
    expect(pid).not.toBe(desktop.pid)
    expect(hasTensorFlow(pid)).toBe(true)
    expect(hasTensorFlow(desktop.pid)).toBe(false)
  })

  it('is asked about when the window is closed; who stays goes on, who leaves keeps the state', async () => {
    const pid = trainerOf(dataFolder, run)
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
})

describe('a training whose program is ended by the system', () => {
  beforeEach(openWindow)
  afterEach(() => desktop.close())

  it.each(isLong ? (['SIGTERM', 'SIGINT', 'SIGHUP'] as const) : (['SIGTERM'] as const))(
    'keeps its state at %s, and nobody is asked',
    async (signal) => {
      const run = await begin(tinyExperiment(signal, 400))
      await until(() => roundsOf(dataFolder, run).length >= 2)
      process.kill(desktop.pid, signal)
      await desktop.ended()
      expect(recordOf(dataFolder, run).state).toBe('stopped')
    },
  )
})
