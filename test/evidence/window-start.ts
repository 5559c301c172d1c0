/**
 * `npm run window:start -- [--times N]`: time from process start to the painted window, and to the start of the first
 * TensorFlow process. Works without Playwright: a script in the main process reads the page's own times and ends the
 * program.
 */
import { spawn } from 'child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { parseArgs } from 'util'
import { electron } from '../desktop/electron'
import { measured, note } from './window/script'
import { spread } from './window/statistics'

const { values } = parseArgs({ options: { times: { type: 'string', default: '5' } } })

/** Times of the start's events, in ms since 1970. */
interface Times {
  /** First content painted on the screen. */
  readonly painted: number
  /** Window shown. */
  readonly shown: number
  /** Form usable and in a painted frame. */
  readonly form: number
  /** Start of the lab's first TensorFlow process; null if there is none yet. */
  readonly firstWorker: number | null
}

/** Runs in Electron's main process before the program: plain Node 12. */
const spy = `
const { app } = require('electron')
const { writeFileSync } = require('fs')
const children = require('child_process')
const fork = children.fork
const times = { firstWorker: null }
children.fork = function (...given) {
  if (times.firstWorker === null) times.firstWorker = Date.now()
  return fork.apply(this, given)
}
const inPage = ${inPage.toString()}
app.on('browser-window-created', (_event, window) => {
  window.once('show', () => { times.shown = Date.now() })
  window.webContents.once('dom-ready', async () => {
    await window.webContents.executeJavaScript('void (' + inPage + ')()')
    // What follows the first frames is to come as it does for a person.
    setTimeout(async () => {
      // Electron 9 hands no promise out of the page.
      const said = await window.webContents.executeJavaScript('window.startTimes')
      writeFileSync(process.env.DALAB_TIMES, JSON.stringify({ ...times, ...JSON.parse(said) }))
      app.exit()
    }, 5000)
  })
})
`

/** Runs in the page; waits for its first paint and for the form, and stores their times as text. */
function inPage(): void {
  const root = performance.timeOrigin
  const painted = new Promise<number>((resolve) => {
    const look = () => {
      const paint = performance.getEntriesByName('first-contentful-paint')[0]
      if (paint === undefined) setTimeout(look, 20)
      else resolve(root + paint.startTime)
    }
    look()
  })
  const form = new Promise<number>((resolve) => {
    const look = () => {
      const button = document.querySelector('[data-testid="start"]')
      if (button === null) requestAnimationFrame(look)
      else requestAnimationFrame((now) => resolve(root + now))
    }
    look()
  })
  void Promise.all([painted, form]).then(([first, then]) => {
    ;(window as unknown as { startTimes: string }).startTimes = JSON.stringify({ painted: first, form: then })
  })
}

async function startOnce(dataFolder: string) {
  const folder = mkdtempSync(join(tmpdir(), 'dalab-start-'))
  const [script, file] = [join(folder, 'spy.cjs'), join(folder, 'times.json')]
  writeFileSync(script, spy)
  const { program, options, environment } = electron()
  const { ELECTRON_RUN_AS_NODE: _, ...env } = process.env
  const started = Date.now()
  const child = spawn(program, [...options, '-r', script, process.cwd()], {
    env: {
      ...environment,
      ...env,
      DALAB_DATA: dataFolder,
      XDG_CONFIG_HOME: folder,
      DALAB_TIMES: file,
      LANG: 'en_GB.UTF-8',
    },
    stdio: 'ignore',
  })
  await new Promise((resolve) => child.once('close', resolve))
  const times = JSON.parse(readFileSync(file, 'utf8')) as Times
  const since = (at: number) => Math.round(at - started)
  return {
    painted: since(Math.max(times.painted, times.shown)),
    form: since(times.form),
    firstWorker: times.firstWorker === null ? null : since(times.firstWorker),
  }
}

void measured(async ({ dataFolder }) => {
  // The first start reads the programs from disk and creates the data folder.
  const cold = await startOnce(dataFolder)
  const starts = []
  for (let time = 0; time < Number(values.times); time++) {
    starts.push(await startOnce(dataFolder))
    note(JSON.stringify(starts[time]))
  }
  return {
    paintedMs: spread(starts.map(({ painted }) => painted)),
    formMs: spread(starts.map(({ form }) => form)),
    tensorFlowAfterPaint: starts.every(
      ({ painted, firstWorker }) => firstWorker === null || firstWorker > painted,
    ),
    firstWorkerMs: spread(starts.flatMap(({ firstWorker }) => firstWorker ?? [])),
    first: cold,
    starts,
  }
})
