/** Selects the host: Electron's bridge if present, else the server that the page came from. */
import type { Host } from './client'
import { httpHost } from './http'
import { ipcHost } from './ipc'
import { takeToken } from './token'

export function connect(): Host {
  return window.dalab === undefined ? httpHost(takeToken()) : ipcHost(window.dalab)
}
