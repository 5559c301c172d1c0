/** Picks the host: Electron's bridge where there is one, else the server that sent this page. */
import type { Host } from './client'
import { httpHost } from './http'
import { ipcHost } from './ipc'
import { takeToken } from './token'

export function connect(): Host {
  return window.dalab === undefined ? httpHost(takeToken()) : ipcHost(window.dalab)
}
