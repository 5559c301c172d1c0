/** The lab's one window: sandboxed, isolated, and back where it was the last time. */
import { app, BrowserWindow, screen, type BrowserWindowConstructorOptions } from 'electron'
import { readFileSync, writeFileSync } from 'fs'
import { z } from 'zod'
import { ORIGIN } from './page'
import { paths } from './paths'
import { denyNewWindows, safeDefaults } from './platform'
import { VERSION_OPTION } from './version'

const stateSchema = z.strictObject({
  x: z.int(),
  y: z.int(),
  width: z.int().min(400),
  height: z.int().min(300),
  maximised: z.boolean(),
})
type WindowState = z.infer<typeof stateSchema>

/** A state that cannot be read is as good as none: it only says where a window stood. */
function readState(file: string): WindowState | null {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}

/** A screen may have gone since; a window that would be out of sight is placed anew. */
function isInSight({ x, y, width, height }: WindowState): boolean {
  return screen.getAllDisplays().some(({ workArea: area }) => {
    const across = Math.min(x + width, area.x + area.width) - Math.max(x, area.x)
    const down = Math.min(y + height, area.y + area.height) - Math.max(y, area.y)
    return across > 100 && down > 100
  })
}

function rememberState(window: BrowserWindow, file: string): void {
  const state: WindowState = { ...window.getNormalBounds(), maximised: window.isMaximized() }
  try {
    writeFileSync(file, JSON.stringify(state))
  } catch {
    // Where the window stood is not worth an error to someone who is closing it.
  }
}

const options: BrowserWindowConstructorOptions = {
  minWidth: 960,
  minHeight: 640,
  show: false,
  title: 'Domain Adaptation Lab',
  icon: paths.icon,
  webPreferences: {
    preload: paths.preload,
    additionalArguments: [VERSION_OPTION + app.getVersion()],
    contextIsolation: true,
    sandbox: true,
    nodeIntegration: false,
    nodeIntegrationInWorker: false,
    webSecurity: true,
    webviewTag: false,
    spellcheck: false,
    ...safeDefaults,
  },
}

/** Nothing leads the window away from the lab's own page. */
function keepHome(window: BrowserWindow): void {
  const { webContents } = window
  denyNewWindows(webContents)
  webContents.on('will-navigate', (event) => event.preventDefault())
  webContents.on('will-redirect', (event) => event.preventDefault())
  webContents.on('will-attach-webview', (event) => event.preventDefault())
  // Connections of WebRTC ask neither the page's policy nor the session: none may go past a proxy.
  webContents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
}

/** @param stateFile where the window's place is remembered */
export function openWindow(stateFile: string): BrowserWindow {
  const remembered = readState(stateFile)
  const known = remembered !== null && isInSight(remembered) ? remembered : null
  const { x, y, width = 1280, height = 800 } = known ?? {}
  const window = new BrowserWindow({ ...options, x, y, width, height })
  if (known?.maximised === true) window.maximize()
  keepHome(window)
  window.once('ready-to-show', () => window.show())
  window.on('close', () => rememberState(window, stateFile))
  void window.loadURL(`${ORIGIN}/`)
  return window
}
