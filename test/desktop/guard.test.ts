/**
 * Security of the window: it cannot leave its page or reach Electron or the network, and invalid messages are
 * rejected.
 */
import { once } from 'events'
import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'fs'
import { createServer, type AddressInfo } from 'net'
import { join } from 'path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Bridge } from '../../src/contract/host'
import { openTerminal } from '../integration/terminal'
import { until } from '../journey/disk'
import { desktopHost, type Desktop } from './electron'

const terminal = openTerminal()
const host = desktopHost(terminal.dataFolder)
let desktop: Desktop

beforeAll(async () => {
  desktop = await host.open()
  await desktop.page.getByTestId('start').waitFor()
})
afterAll(async () => {
  server.close()
  await desktop.close()
  await terminal.remove()
})

/** A server on this machine that counts the connections of the page; there must be none. */
let connections = 0
const server = createServer((socket) => {
  connections += 1
  socket.end('HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n')
})
async function listen(): Promise<string> {
  if (!server.listening) await once(server.listen(0, '127.0.0.1'), 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

/** A script that writes to stderr instead of showing an error box, which only a user could close. */
function withoutBoxes(folder: string): string {
  const script = join(folder, 'without-boxes.js')
  const box = '(title, text) => process.stderr.write(`<${title}: ${text}>\\n`)'
  writeFileSync(script, `require('electron').dialog.showErrorBox = ${box}`)
  return script
}

/** Calls a function of the bridge with any arguments, regardless of types. */
function onBridge(name: keyof Bridge, ...given: unknown[]): Promise<unknown> {
  return desktop.page.evaluate(
    ({ name, given }) => {
      const { dalab } = window as unknown as { dalab: Record<string, (...given: unknown[]) => unknown> }
      return dalab[name]?.(...given)
    },
    { name, given },
  )
}

/** Sends any command with any input. */
async function call(name: unknown, input: unknown): Promise<unknown> {
  return JSON.parse(String(await onBridge('call', name, JSON.stringify(input)))) as unknown
}

async function logged(text: string): Promise<void> {
  const log = join(terminal.dataFolder, 'logs', 'lab.log')
  await until(() => existsSync(log) && readFileSync(log, 'utf8').includes(text))
}

describe('a message over IPC', () => {
  it('that names no command is refused and logged', async () => {
    expect(await call('__proto__', {})).toMatchObject({ error: { code: 'contract-violation' } })
    expect(await call({ toString: 1 }, {})).toMatchObject({
      error: { code: 'contract-violation' },
    })
    await logged('no such command')
  })

  it('that does not fit its command is refused and logged', async () => {
    const reply = await call('control', { run: 5, action: 'destroy' })
    expect(reply).toMatchObject({ error: { code: 'contract-violation', params: { where: 'control' } } })
    await logged('control: run')
    for (const input of ['{', 5, { run: 'a' }])
      expect(JSON.parse(String(await onBridge('call', 'history', input)))).toMatchObject({
        error: { code: 'contract-violation', params: { where: 'history' } },
      })
  })

  it('that asks for a dialog in no known way opens none', async () => {
    await desktop.app.evaluate(({ dialog }) => {
      dialog.showOpenDialog = () => Promise.reject(new Error('it was opened'))
      dialog.showSaveDialog = () => Promise.reject(new Error('it was opened'))
    })
    expect(await onBridge('chooseOpen', 'everything')).toBeNull()
    expect(await onBridge('chooseSave', '')).toBeNull()
    expect(await onBridge('chooseSave', { path: '/etc/passwd' })).toBeNull()
  })

  it('that names no place shows none', async () => {
    await desktop.app.evaluate(({ shell }) => {
      shell.showItemInFolder = (path) => void Reflect.set(globalThis, 'shown', path)
    })
    await onBridge('showInFolder', '../somewhere')
    await onBridge('showInFolder', 5)
    await onBridge('showInFolder', join(terminal.dataFolder, 'nothing-there'))
    await onBridge('showInFolder', terminal.dataFolder)
    await until(() => desktop.app.evaluate(() => Reflect.get(globalThis, 'shown') !== undefined))
    expect(await desktop.app.evaluate(() => String(Reflect.get(globalThis, 'shown')))).toBe(
      terminal.dataFolder,
    )
  })

  it('that comes from a page that is not ours is refused and logged', async () => {
    const answers = await desktop.app.evaluate(async ({ BrowserWindow, shell }) => {
      const touched: string[] = []
      shell.showItemInFolder = () => void touched.push('folder')
      shell.openPath = () => Promise.resolve(String(touched.push('logs')))
      const [ours] = BrowserWindow.getAllWindows()
      const contents = ours?.webContents as unknown as { getLastWebPreferences(): { preload: string } }
      const { preload } = contents.getLastWebPreferences()
      const other = new BrowserWindow({
        show: false,
        webPreferences: { preload, sandbox: true, contextIsolation: true },
      })
      try {
        await other.loadURL('data:text/html,<title>another</title>')
        const answers: unknown = await other.webContents.executeJavaScript(`(async () => {
          const { dalab } = window
          dalab.showInFolder('/')
          dalab.openLogs()
          return [JSON.parse(await dalab.call('methods', '{}')), await dalab.chooseOpen('file'), await dalab.chooseSave('a')]
        })()`)
        return { answers, touched }
      } finally {
        other.destroy()
      }
    })
    const problem = 'sender data:text/html,<title>another</title>'
    const error = { code: 'contract-violation', params: { where: 'IPC', problem } }
    expect(answers).toEqual({ answers: [{ error }, null, null], touched: [] })
    await logged('sender data:text/html')
  })

  it('leaves the program as it was', async () => {
    expect(await call('methods', {})).toHaveProperty('ok')
  })
})

describe('the page', () => {
  it('has the bridge and nothing of Node or Electron', async () => {
    const seen = await desktop.page.evaluate(() => ({
      node: ['require', 'process', 'module', 'Buffer', 'global', 'ipcRenderer'].filter(
        (name) => name in window,
      ),
      bridge: Object.keys((window as unknown as { dalab: object }).dalab).sort(),
    }))
    expect(seen.node).toEqual([])
    expect(seen.bridge).toEqual([
      'call',
      'chooseOpen',
      'chooseSave',
      'onRequest',
      'openLogs',
      'pathOf',
      'showInFolder',
      'subscribe',
      'version',
      'versions',
    ])
  })

  it('is opened isolated, sandboxed, without Node, and with nothing of the web let off', async () => {
    const preferences = await desktop.app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows()
      const contents = window?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> }
      return contents.getLastWebPreferences()
    })
    expect(preferences).toMatchObject({
      contextIsolation: true,
      sandbox: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      webSecurity: true,
      webviewTag: false,
    })
    // A version that leaves out unset preferences uses their default, which is off.
    for (const name of ['allowRunningInsecureContent', 'experimentalFeatures', 'nodeIntegrationInSubFrames'])
      expect(preferences[name] ?? false, name).toBe(false)
    expect(preferences['enableBlinkFeatures'] ?? '').toBe('')
  })

  it('opens no window', async () => {
    // By links, because Playwright would wait for the window of `window.open`.
    for (const address of ['https://example.org/', 'app://lab/'])
      await desktop.page.evaluate((href) => {
        const link = document.createElement('a')
        Object.assign(link, { href, target: '_blank', rel: 'noopener' })
        document.body.append(link)
        link.click()
        link.remove()
      }, address)
    await desktop.page.getByTestId('start').waitFor()
    expect(await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  })

  it('leads nowhere else', async () => {
    await desktop.page.evaluate(() => void (location.href = 'https://example.org/'))
    await desktop.page.evaluate(() => void (location.href = 'file:///etc/passwd'))
    await desktop.page.waitForTimeout(500)
    await desktop.page.getByTestId('start').waitFor()
    expect(desktop.page.url()).toMatch(/^app:\/\/lab\//)
  })

  it('would attach no <webview> and follow no redirection, were there any', async () => {
    // The `webview` tag is off and `app://` never redirects, so the test emits these events itself.
    const prevented = await desktop.app.evaluate(({ BrowserWindow }) => {
      const prevented: string[] = []
      const contents = BrowserWindow.getAllWindows()[0]?.webContents as unknown as NodeJS.EventEmitter
      for (const name of ['will-attach-webview', 'will-redirect'])
        contents.emit(name, { preventDefault: () => prevented.push(name) }, {}, {})
      return prevented
    })
    expect(prevented).toEqual(['will-attach-webview', 'will-redirect'])
  })

  it('reaches nothing on the net', async () => {
    const address = await listen()
    const outcome = await desktop.page.evaluate(
      (address) =>
        fetch(address).then(
          () => 'reached',
          () => 'refused',
        ),
      address,
    )
    expect(outcome).toBe('refused')
    expect(connections).toBe(0)
  })

  it('nor does any other page of the session, without a policy of content', async () => {
    const address = await listen()
    const outcome = await desktop.app.evaluate(async ({ BrowserWindow }, address) => {
      const other = new BrowserWindow({ show: false })
      const outcome = await other.loadURL(address).then(
        () => 'reached',
        (error: unknown) => (error as { code: string }).code,
      )
      other.destroy()
      return outcome
    }, address)
    // Blocked by the session; a name that cannot be resolved would give another error.
    expect(outcome).toBe('ERR_BLOCKED_BY_CLIENT')
    expect(connections).toBe(0)
  })

  it('sends nothing by WebRTC past a proxy', async () => {
    const policy = await desktop.app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.getWebRTCIPHandlingPolicy(),
    )
    expect(policy).toBe('disable_non_proxied_udp')
  })

  it('is given no permission', async () => {
    const state = await desktop.page.evaluate(() => Notification.requestPermission())
    expect(state).toBe('denied')
  })
})

describe('the program', () => {
  it('runs once: a second start brings the first one forward and ends', async () => {
    await desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.minimize())
    expect((await host.runToEnd()).code).toBe(0)
    const isMinimised = () =>
      desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.isMinimized() ?? true)
    await until(async () => !(await isMinimised()))
  })

  it('stands where it stood the last time', async () => {
    const place = { x: 40, y: 60, width: 1100, height: 720 }
    await desktop.app.evaluate(
      ({ BrowserWindow }, to) => BrowserWindow.getAllWindows()[0]?.setBounds(to),
      place,
    )
    const bounds = () =>
      desktop.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.getBounds())
    await until(async () => (await bounds())?.width === place.width)
    const before = await bounds()
    await desktop.close()
    desktop = await host.open()
    expect(await bounds()).toEqual(before)
  })

  it('outlives its page: a crash is reported, and the page comes back', async () => {
    // Not controlled by Playwright, which cannot use a page again after a crash.
    await desktop.close()
    const crashing = openTerminal()
    const script = join(crashing.files, 'crashing.js')
    const isThere = `document.querySelector('[data-testid="start"]') !== null`
    writeFileSync(
      script,
      `const { app } = require('electron')
       app.once('browser-window-created', (_event, { webContents }) => {
         let loads = 0
         webContents.on('did-finish-load', async () => {
           if (++loads === 1) return process.kill(webContents.getOSProcessId(), 'SIGSEGV')
           while (!(await webContents.executeJavaScript(${JSON.stringify(isThere)})))
             await new Promise((later) => setTimeout(later, 100))
           process.stderr.write('<the page is back>')
           app.exit(0)
         })
       })`,
    )
    const { code, stderr } = await desktopHost(crashing.dataFolder).runToEnd({ script })
    expect(stderr).toContain('<the page is back>')
    expect(code).toBe(0)
    const crashes = join(crashing.dataFolder, 'logs', 'crashes')
    const [report = '', ...others] = readdirSync(crashes)
    expect(others).toEqual([])
    const text = readFileSync(join(crashes, report), 'utf8')
    expect(text).toMatch(/^process: page\ncode: crashed$/m)
    expect(text).toMatch(/^electron: \d+\./m)
    await crashing.remove()
    desktop = await host.open()
  })

  it('ends with a report where an error is caught by nobody', async () => {
    await desktop.close()
    const failing = openTerminal()
    const script = join(failing.files, 'failing.js')
    const box = '(title, text) => process.stderr.write(`<${title}: ${text}>\\n`)'
    writeFileSync(
      script,
      `const { app, dialog } = require('electron')
       dialog.showErrorBox = ${box}
       app.once('browser-window-created', () => setTimeout(() => { throw new Error('on purpose') }, 1000))`,
    )
    const { code, stderr } = await desktopHost(failing.dataFolder).runToEnd({ script })
    expect(code).toBe(1)
    expect(stderr).toContain('<The lab has to end: ')
    const crashes = join(failing.dataFolder, 'logs', 'crashes')
    const [report = ''] = readdirSync(crashes)
    expect(stderr).toContain(join(crashes, report))
    expect(readFileSync(join(crashes, report), 'utf8')).toMatch(
      /process: main[\s\S]*Error: on purpose\n +at /,
    )
    await failing.remove()
    desktop = await host.open()
  })

  it('says why it cannot be opened, and ends', async () => {
    await desktop.close()
    const broken = openTerminal()
    mkdirSync(broken.dataFolder)
    writeFileSync(join(broken.dataFolder, 'settings.json'), '{"threads": "many"}')
    const { code, stderr } = await desktopHost(broken.dataFolder).runToEnd({
      script: withoutBoxes(broken.files),
    })
    expect(code).toBe(1)
    const [said] = /<.*>/.exec(stderr) ?? []
    expect(said).toMatch(/^<The lab cannot be opened: .*settings\.json.*threads.*>$/)
    await broken.remove()
    desktop = await host.open()
  })
})
