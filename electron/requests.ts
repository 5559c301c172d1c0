/**
 * What menus, files and further starts of the program ask of the window. It goes before the program does, which stops
 * what trains: what is asked in between comes to nothing, as there is no page that could show it.
 */
import type { BrowserWindow } from 'electron'
import type { HostRequest } from '../src/contract/host'
import { channels } from './channels'

export function request(window: BrowserWindow, what: HostRequest): void {
  if (!window.isDestroyed()) window.webContents.send(channels.request, what)
}

export function bringForward(window: BrowserWindow): void {
  if (window.isDestroyed()) return
  if (window.isMinimized()) window.restore()
  window.focus()
}
