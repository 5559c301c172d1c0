/**
 * Sends requests of menus, files and further starts of the program to the window. The window closes before the program
 * ends, which first stops a training; requests in between are dropped, because no page can show them.
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
