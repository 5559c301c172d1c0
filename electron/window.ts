/** The lab's only window: sandboxed, isolated, and restored to its last position. */
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

/** An unreadable state file is ignored: it contains only the window's last position. */
function readState(file: string): WindowState | null {
  try {
    return stateSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch {
    return null
  }
}

/** Whether the saved position is on a connected screen; otherwise the window is placed anew. */
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
    // Not worth an error while the window is closing.
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

/** Keeps the window on the lab's own page. */
function keepHome(window: BrowserWindow): void {
  const { webContents } = window
  denyNewWindows(webContents)
  webContents.on('will-navigate', (event) => event.preventDefault())
  webContents.on('will-redirect', (event) => event.preventDefault())
  webContents.on('will-attach-webview', (event) => event.preventDefault())
  // WebRTC connections bypass the page's policy and the session's filter, so none may bypass a proxy.
  webContents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp')
}

/** @param stateFile the file with the window's last position */
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
