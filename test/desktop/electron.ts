/** Starts the desktop program under Playwright: the real Electron on the test's display, with folders of its own. */
import { spawn } from 'child_process'
import { once } from 'events'
import { mkdtempSync, readdirSync, readFileSync, statSync } from 'fs'
import { tmpdir } from 'os'
import { basename, join } from 'path'
import { _electron, type ElectronApplication, type Page } from 'playwright-core'
import { electronEnvironment, electronOptions, findElectron } from '../../build/electron.mjs'
import { cacheFolder } from '../../build/machine.mjs'
import type { Bridge, Reply } from '../../src/contract/host'
import type { CommandName } from '../../src/contract/lab'
import { completeForPlaywright } from './old-chromium'
import { problemsOf, type LabHost, type LabWindow } from '../journey/lab-window'

const checkout = join(__dirname, '..', '..')
const starting = 120_000

export interface Desktop extends LabWindow {
  readonly app: ElectronApplication
  /** The main process. */
  readonly pid: number
  /** Answers the program's next question with the button of this index. */
  answerQuestion(button: number): Promise<void>
  /** Resolves when the program has ended. */
  ended(): Promise<void>
}

export interface Program {
  readonly program: string
  readonly options: readonly string[]
  readonly environment: Readonly<Record<string, string>>
  readonly version: string
}

/** The Electron program, with the options that this machine needs. */
export function electron(): Program {
  const found = findElectron(checkout, cacheFolder())
  if (found === null) throw new Error('Electron is not there: npm run setup')
  const isRoot = process.getuid?.() === 0
  // A current Electron refuses to run as root with its sandbox; `npm start` then serves a browser instead.
  const options = found.origin === 'npm' && isRoot ? ['--no-sandbox'] : electronOptions(found)
  const { program, version } = found
  return { program, options, environment: electronEnvironment(found), version }
}

/** How to start the program: its arguments, its working directory, and a script loaded before it. */
export interface Start {
  readonly words?: readonly string[]
  readonly folder?: string
  readonly script?: string
}

export interface DesktopHost extends LabHost<Desktop> {
  open(start?: Start): Promise<Desktop>
  /** Starts the program and waits until it ends by itself. */
  runToEnd(start?: Start): Promise<{ readonly code: number | null; readonly stderr: string }>
}

/** @param language the system's locale */
export function desktopHost(dataFolder: string, language = 'en_GB.UTF-8'): DesktopHost {
  const config = mkdtempSync(join(tmpdir(), 'dalab-config-'))
  const { LC_ALL: _, LC_MESSAGES: __, ELECTRON_RUN_AS_NODE: ___, ...rest } = process.env
  const env: Record<string, string> = {
    ...(rest as Record<string, string>),
    LANG: language,
    LANGUAGE: language,
    DALAB_DATA: dataFolder,
    XDG_CONFIG_HOME: config,
  }
  return {
    name: 'desktop',
    dataFolder,
    async open({ words = [], folder = checkout } = {}) {
      const { program, options, environment } = electron()
      const app = await _electron.launch({
        executablePath: program,
        args: [...options, checkout, ...words],
        cwd: folder,
        env: { ...environment, ...env },
        timeout: starting,
      })
      // A file named at the start is opened in the page as first loaded, so the page must not be reloaded.
      return desktop(app, words.length === 0)
    },
    async runToEnd({ words = [], folder = checkout, script } = {}) {
      const { program, options, environment } = electron()
      const before = script === undefined ? [] : ['-r', script]
      const child = spawn(program, [...options, ...before, checkout, ...words], {
        cwd: folder,
        env: { ...environment, ...env },
        stdio: ['ignore', 'ignore', 'pipe'],
      })
      let stderr = ''
      child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text))
      const [code] = (await once(child, 'close')) as [number | null]
      return { code, stderr }
    },
  }
}

async function desktop(app: ElectronApplication, reload: boolean): Promise<Desktop> {
  const page = await app.firstWindow({ timeout: starting })
  const problems = await problemsOf(page)
  if (reload) await page.reload()
  await completeForPlaywright(page)
  const over = new Promise<void>((resolve) => app.process().once('exit', () => resolve()))
  return {
    app,
    page,
    problems,
    pid: await app.evaluate(() => process.pid),
    saved: (action) => savedBy(app, action),
    exported: (action) => exportedBy(app, action),
    chosen: (path, action) => choosing(app, path, action),
    // Electron 9 has no drops of files over the debugging protocol.
    brought: (path, place) =>
      choosing(app, path, async () => {
        await place.locator('button[aria-haspopup="menu"]').click()
        await page.getByRole('menuitem', { name: 'Folder…' }).click()
      }),
    answerQuestion: (button) => answer(app, button),
    ended: () => over,
    async close() {
      // A trainer that is about to end still counts as training.
      await answer(app, 0).catch(() => undefined)
      await app
        .evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
        .catch(() => undefined)
      await over
    },
  }
}

async function choosing(app: ElectronApplication, path: string, action: () => Promise<void>): Promise<void> {
  await app.evaluate(({ dialog }, filePath) => {
    dialog.showOpenDialog = () => Promise.resolve({ canceled: false, filePaths: [filePath] })
  }, path)
  await action()
}

const answer = (app: ElectronApplication, button: number): Promise<void> =>
  app.evaluate(({ dialog }, response) => {
    dialog.showMessageBox = () => Promise.resolve({ response, checkboxChecked: false })
  }, button)

async function savedBy(app: ElectronApplication, action: () => Promise<void>) {
  const folder = mkdtempSync(join(tmpdir(), 'dalab-saved-'))
  const done = app.evaluate(
    ({ session }, into) =>
      new Promise<string>((resolve) => {
        session.defaultSession.once('will-download', (_event, item) => {
          const path = `${into}/${item.getFilename()}`
          item.setSavePath(path)
          item.once('done', () => resolve(path))
        })
      }),
    folder,
  )
  await action()
  const path = await done
  return { name: basename(path), bytes: readFileSync(path) }
}

async function exportedBy(app: ElectronApplication, action: () => Promise<void>) {
  const folder = mkdtempSync(join(tmpdir(), 'dalab-exported-'))
  await app.evaluate(({ dialog }, into) => {
    dialog.showSaveDialog = (...given: unknown[]) => {
      const { defaultPath = '' } = given[given.length - 1] as { defaultPath?: string }
      return Promise.resolve({ canceled: false, filePath: `${into}/${defaultPath}` })
    }
  }, folder)
  await action()
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile())
  return new Map(files.map((path) => [basename(path), readFileSync(path)]))
}

/** Sends a command from the page, over the bridge `window.dalab` (contract/host.ts). */
export async function callFrom(page: Page, name: CommandName, input: unknown): Promise<Reply> {
  const reply = await page.evaluate(
    ([name, input]) => (window as unknown as { dalab: Bridge }).dalab.call(name, input),
    [name, JSON.stringify(input)] as const,
  )
  return JSON.parse(reply) as Reply
}
