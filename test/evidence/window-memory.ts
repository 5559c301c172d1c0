/**
 * `npm run window:memory -- [--events N]`: memory of the page while it receives events over main's real channel. The
 * events have the shape of a run of 40 rounds, and the real service reads its pictures. Measured after a forced
 * garbage collection at each quarter.
 */
import { parseArgs } from 'util'
import type { Page } from 'playwright-core'
import { channels } from '../../electron/channels'
import type { LabEvent } from '../../src/contract/lab'
import type { Progress } from '../../src/contract/training'
import type { RecordedEvent } from '../../src/contract/record'
import { desktopHost, type Desktop } from '../desktop/electron'
import { eventsFor, writeRun } from './window/many-runs'
import { measured, note } from './window/script'
import { round1 } from './window/statistics'
import { trainOne } from './window/trained'

const { values } = parseArgs({
  options: { events: { type: 'string', default: '10000' }, perSecond: { type: 'string', default: '100' } },
})

const rounds = 40
const total = Number(values.events)
const quarters = 4

/** Progress events between the recorded events of a run, as from the trainer: `count` events in all. */
function eventsOfRun(run: string, recorded: readonly RecordedEvent[], count: number): LabEvent[] {
  const told = recorded.filter(({ type }) => type === 'loss' || type === 'round')
  const each = Math.max(1, Math.floor(count / told.length))
  return Array.from({ length: count }, (_, index): LabEvent => {
    const event = index % each === 0 ? told[Math.floor(index / each)] : undefined
    if (event !== undefined) return { type: 'recorded', run, event }
    return { type: 'progress', run, progress: progressAt(index, count) }
  })
}

function progressAt(index: number, count: number): Progress {
  const done = (index / count) * rounds
  return {
    phase: 'adaptation',
    round: Math.floor(done) + 1,
    rounds,
    step: Math.floor((done % 1) * 200),
    steps: 200,
    losses: { D: 0.7 + Math.sin(index) / 10, MT: 0.6 },
    perSecond: 2000 + (index % 7),
    secondsLeft: 100,
    pid: 1,
  }
}

interface Use {
  readonly events: number
  /** Used JavaScript heap. */
  readonly heapMB: number
  /** Private memory of the renderer process. */
  readonly processMB: number
  readonly nodes: number
}

async function useAfter(events: number, { page, app }: Desktop): Promise<Use> {
  const session = await page.context().newCDPSession(page)
  for (let time = 0; time < 3; time++) await session.send('HeapProfiler.collectGarbage')
  const { usedSize } = await session.send('Runtime.getHeapUsage')
  const { nodes } = await session.send('Memory.getDOMCounters')
  await session.detach()
  const pid = await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId(),
  )
  const all = await app.evaluate(({ app }) =>
    app.getAppMetrics().map(({ pid, memory }) => ({ pid, kB: memory.workingSetSize })),
  )
  const kB = all.find((one) => one.pid === pid)?.kB ?? NaN
  return { events, heapMB: round1(usedSize / 1e6), processMB: round1(kB / 1e3), nodes }
}

/** From the main process, by the same route as the lab's events. */
async function send({ app }: Desktop, events: readonly LabEvent[], perSecond: number): Promise<void> {
  await app.evaluate(
    ({ BrowserWindow }, { channel, list, rate }) =>
      new Promise<void>((resolve) => {
        const contents = BrowserWindow.getAllWindows()[0]?.webContents
        let next = 0
        const timer = setInterval(() => {
          for (const end = next + rate / 20; next < end && next < list.length; next++)
            contents?.send(channel, list[next])
          if (next < list.length) return
          clearInterval(timer)
          resolve()
        }, 50)
      }),
    { channel: channels.event, list: events.map((event) => JSON.stringify(event)), rate: perSecond },
  )
}

/** Waits until all requests are answered and everything is drawn. */
const settle = (page: Page) => page.waitForTimeout(2000)

void measured(async (terminal) => {
  const { dataFolder } = terminal
  const trained = await trainOne(terminal, 2000)
  const run = await writeRun(dataFolder, trained, rounds, 'Watched')
  const events = eventsOfRun(run, eventsFor(trained, rounds), total)
  const desktop = await desktopHost(dataFolder).open()
  await desktop.page.locator('[data-figure="features"] .cloud').waitFor()
  await settle(desktop.page)
  const uses = [await useAfter(0, desktop)]
  for (let quarter = 1; quarter <= quarters; quarter++) {
    const [from, to] = [(quarter - 1) / quarters, quarter / quarters].map((share) =>
      Math.round(share * total),
    )
    await send(desktop, events.slice(from, to), Number(values.perSecond))
    await settle(desktop.page)
    uses.push(await useAfter(to ?? total, desktop))
    note(JSON.stringify(uses[quarter]))
  }
  await desktop.close()
  return { events: total, perSecond: Number(values.perSecond), uses, problems: desktop.problems }
})
