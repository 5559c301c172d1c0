/** The same page in a browser: the terminal's `serve` in a process of its own, and Chromium at the other end. */
import { readFileSync } from 'fs'
import { once } from 'events'
import { unzipSync } from 'fflate'
import { chromium, type Browser, type Page } from 'playwright-core'
import type { Terminal } from '../integration/terminal'
import { problemsOf, type LabHost, type LabWindow } from '../journey/lab-window'

const options = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

export interface ServedWindow extends LabWindow {
  readonly address: string
  /** Ends the server as Ctrl-C does, with the browser still open. */
  stopServer(): Promise<void>
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: options })
}

/** Starts `serve`, and gives its address with the token. */
export async function startServer(terminal: Terminal) {
  const server = terminal.start('serve', '--json')
  const [line] = (await once(server.process.stdout!, 'data')) as [string]
  const { url } = JSON.parse(line) as { url: string }
  return {
    url,
    async stop() {
      server.process.kill('SIGINT')
      await server.said
    },
  }
}

export function browserHost(terminal: Terminal): LabHost<ServedWindow> {
  return {
    name: 'browser',
    dataFolder: terminal.dataFolder,
    async open() {
      const server = await startServer(terminal)
      const browser = await launchChromium()
      const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 } })
      const page = await context.newPage()
      const problems = await problemsOf(page)
      await page.goto(server.url)
      return {
        address: server.url,
        page,
        problems,
        saved: (deed) => savedBy(page, deed),
        async exported(deed) {
          const { name, bytes } = await savedBy(page, deed)
          if (!name.endsWith('.zip')) return new Map([[name, bytes]])
          const files = Object.entries(unzipSync(bytes))
          return new Map(files.map(([file, content]) => [file, Buffer.from(content)]))
        },
        async chosen(path, deed) {
          const chooser = page.waitForEvent('filechooser')
          await deed()
          await (await chooser).setFiles(path)
        },
        stopServer: () => server.stop(),
        async close() {
          await browser.close()
          await server.stop()
        },
      }
    },
  }
}

async function savedBy(page: Page, deed: () => Promise<void>) {
  const download = page.waitForEvent('download')
  await deed()
  const file = await download
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) }
}
