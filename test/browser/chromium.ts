/** Opens the page in Chromium, served by the `serve` command in a process of its own. */
import { readFileSync } from 'fs'
import { once } from 'events'
import { unzipSync } from 'fflate'
import { chromium, type Browser, type Locator, type Page } from 'playwright-core'
import { fromErrorMessage } from '../../src/contract/errors'
import type { Reply } from '../../src/contract/host'
import type { CommandInput, CommandName, CommandOutput } from '../../src/contract/lab'
import type { Identity, Terminal } from '../integration/terminal'
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
  /** Stops the server as Ctrl-C does, while the browser is open. */
  stopServer(): Promise<void>
}

export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: '/usr/bin/chromium', args: options })
}

/** Starts `serve` and returns its URL with the token. */
export async function startServer(terminal: Terminal, user: Identity = {}) {
  const server = terminal.startAs(user, 'serve', '--json')
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

/** Direct access to the lab that serves a page. */
export interface LabBehind {
  call<K extends CommandName>(name: K, input: CommandInput<K>): Promise<CommandOutput<K>>
}

export function labBehind({ address }: ServedWindow): LabBehind {
  const [origin, token] = address.split('#token=')
  return {
    async call(name, input) {
      const answer = await fetch(`${origin}api/call/${name}`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
        body: JSON.stringify(input),
      })
      const reply = (await answer.json()) as Reply
      if ('error' in reply) throw fromErrorMessage(reply.error)
      return reply.ok as CommandOutput<typeof name>
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
        saved: (action) => savedBy(page, action),
        async exported(action) {
          const { name, bytes } = await savedBy(page, action)
          if (!name.endsWith('.zip')) return new Map([[name, bytes]])
          const files = Object.entries(unzipSync(bytes))
          return new Map(files.map(([file, content]) => [file, Buffer.from(content)]))
        },
        async chosen(path, action) {
          const chooser = page.waitForEvent('filechooser')
          await action()
          await (await chooser).setFiles(path)
        },
        brought: (path, place) => drop(page, place, path),
        stopServer: () => server.stop(),
        async close() {
          await browser.close()
          await server.stop()
        },
      }
    },
  }
}

/** Drops local files on an element, or on the middle of the page, as a file manager does. */
export async function drop(page: Page, place: Locator | null, ...files: string[]): Promise<void> {
  await place?.scrollIntoViewIfNeeded()
  const box = place === null ? null : await place.boundingBox()
  const point = box === null ? { x: 640, y: 500 } : { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  const session = await page.context().newCDPSession(page)
  const data = { items: [], files, dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
    await session.send('Input.dispatchDragEvent', { type, ...point, data })
  await session.detach()
}

async function savedBy(page: Page, action: () => Promise<void>) {
  const download = page.waitForEvent('download')
  await action()
  const file = await download
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) }
}
