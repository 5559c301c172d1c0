/**
 * `npm run soak -- [--rounds N] [--every SECONDS] [--picture FILE]`: a long run of a small experiment with the desktop
 * window showing it. Measures the memory of each process from outside and the delay of main's event loop from within,
 * and finally checks every line of metrics.jsonl. Prints one JSON document; the exit code is 1 if a limit is exceeded.
 */
import { mkdtempSync, readFileSync, rmSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { setTimeout as wait } from 'timers/promises'
import { parseArgs } from 'util'
import { listCheckpoints } from '../../src/checkpoints/checkpoint-list'
import { metricsPath } from '../../src/checkpoints/run-folder'
import openDisplay from '../desktop/display'
import { callFrom, desktopHost, type Desktop } from '../desktop/electron'
import { recordOf } from '../journey/disk'
import { faultsIn } from '../survival/history-faults'
import { tinyExperiment } from '../survival/tiny-experiment'
import { round1 } from './window/statistics'

const maxGrowth = 1.03
const maxLagMs = 50
/** Interval at which the delay of the event loop is measured. */
const beatMs = 20

const { values: asked } = parseArgs({
  options: {
    rounds: { type: 'string', default: '2000' },
    every: { type: 'string', default: '5' },
    picture: { type: 'string' },
  },
})
const rounds = Number(asked.rounds)

const experiment = tinyExperiment('soak', rounds)

const processes = ['trainer', 'main', 'renderer'] as const
type Sample = Readonly<Record<(typeof processes)[number], number>> & { readonly round: number }

/** Private memory of a process in MB; pages of files and libraries may be shared with others and do not count. */
function megabytesOf(pid: number): number {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  return Number(/^Anonymous:\s*(\d+)/m.exec(rollup)?.[1] ?? NaN) / 1024
}

/** Makes main count the delays of its event loop, in ms, rounded up. */
async function countLags({ app }: Desktop): Promise<() => Promise<number[]>> {
  await app.evaluate((_, every) => {
    const lags: number[] = []
    Reflect.set(globalThis, 'lags', lags)
    let due = Date.now() + every
    const beat = () => {
      const late = Math.max(0, Math.ceil(Date.now() - due))
      lags[late] = (lags[late] ?? 0) + 1
      due = Date.now() + every
      setTimeout(beat, every)
    }
    setTimeout(beat, every)
  }, beatMs)
  return () =>
    app.evaluate(() => Array.from(Reflect.get(globalThis, 'lags') as number[], (count) => count || 0))
}

/** The smallest delay that at most 1 - `share` of all beats exceed. */
function quantile(lags: readonly number[], share: number): number {
  const beats = lags.reduce((sum, count) => sum + count, 0)
  let seen = 0
  return lags.findIndex((count) => (seen += count) >= share * beats)
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length

/** Growth from the second to the last quarter of the rounds; the first quarter is warm-up. */
function growthOf(samples: readonly Sample[], name: (typeof processes)[number]) {
  const within = (from: number, to: number) =>
    samples.filter(({ round }) => round >= from * rounds && round < to * rounds).map((one) => one[name])
  const [second, last] = [mean(within(0.25, 0.5)), mean(within(0.75, 1))]
  const most = Math.max(...samples.map((one) => one[name]))
  return { second: round1(second), last: round1(last), most: round1(most), ratio: round4(last / second) }
}

const round4 = (value: number) => Math.round(value * 1e4) / 1e4

async function main(): Promise<number> {
  const closeDisplay = await openDisplay()
  const dataFolder = mkdtempSync(join(tmpdir(), 'dalab-soak-'))
  const desktop = await desktopHost(dataFolder).open()
  const { app, page, problems } = desktop
  await page.getByTestId('start').waitFor()
  const begun = await callFrom(page, 'start', { experiment })
  if ('error' in begun) throw new Error(`it did not start: ${JSON.stringify(begun)}`)
  const { run } = begun.ok as { run: string }
  // After a reload the page opens the running run.
  await page.reload()
  await page.evaluate(() => {
    const heard = { pid: 0, round: 0, rounds: 0, over: false }
    Reflect.set(globalThis, 'heard', heard)
    const dalab = Reflect.get(globalThis, 'dalab') as { subscribe(listener: (event: string) => void): void }
    dalab.subscribe((message) => {
      const { type, progress, event } = JSON.parse(message) as {
        type: string
        progress?: { pid: number; round: number }
        event?: { type: string }
      }
      if (type === 'progress' && progress) Object.assign(heard, { pid: progress.pid, round: progress.round })
      if (type === 'recorded' && event?.type === 'round') heard.rounds += 1
      if (type === 'recorded' && ['finished', 'failed', 'stopped'].includes(event?.type ?? ''))
        heard.over = true
    })
  })
  const heard = () =>
    page.evaluate(
      () => Reflect.get(globalThis, 'heard') as { pid: number; round: number; rounds: number; over: boolean },
    )
  const renderer = await app.evaluate(({ BrowserWindow }) =>
    BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId(),
  )
  const lagsSoFar = await countLags(desktop)
  const began = Date.now()
  const samples: Sample[] = []
  for (;;) {
    await wait(Number(asked.every) * 1000)
    const { pid, round, over } = await heard()
    if (over) break
    if (pid === 0 || round === 0) continue
    try {
      samples.push({
        round,
        trainer: megabytesOf(pid),
        main: megabytesOf(desktop.pid),
        renderer: megabytesOf(renderer ?? 0),
      })
    } catch {
      // The trainer has just ended.
      continue
    }
    const { trainer, main, renderer: window } = samples[samples.length - 1]!
    process.stderr.write(
      `${Math.round((Date.now() - began) / 1000)} s round ${round}: trainer ${round1(trainer)} main ${round1(main)} renderer ${round1(window)} MB\n`,
    )
  }
  const seconds = Math.round((Date.now() - began) / 1000)
  const lags = await lagsSoFar()
  if (asked.picture !== undefined) await page.screenshot({ path: asked.picture })
  const record = recordOf(dataFolder, run)
  const { faults, lines } = faultsIn(readFileSync(metricsPath(join(dataFolder, 'runs', run)), 'utf8'), rounds)
  if (record.state !== 'finished' || record.rounds !== rounds)
    faults.push(`${record.state} after ${record.rounds}`)
  const checkpoints = (await listCheckpoints(join(dataFolder, 'runs', run))).length
  faults.push(...problems)
  await desktop.close()
  closeDisplay?.()

  const memory = Object.fromEntries(processes.map((name) => [name, growthOf(samples, name)]))
  const lagMs = { p50: quantile(lags, 0.5), p99: quantile(lags, 0.99), most: lags.length - 1 }
  const grown = Object.entries(memory).filter(([, { ratio }]) => !(ratio <= maxGrowth))
  for (const [name, { ratio }] of grown) faults.push(`${name} grew to ${ratio} of its second quarter`)
  if (lagMs.p99 >= maxLagMs) faults.push(`main was ${lagMs.p99} ms late`)
  const report = { rounds, seconds, samples: samples.length, megabytes: memory, lagMs, lines, checkpoints }
  process.stdout.write(`${JSON.stringify({ ...report, faults }, null, 2)}\n`)
  if (faults.length === 0) rmSync(dataFolder, { recursive: true, force: true })
  else process.stderr.write(`left in ${dataFolder}\n`)
  return faults.length === 0 ? 0 : 1
}

void main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  },
)
