/** Exposes the bridge as `window.dalab`: the calls and events of contract/host.ts, and nothing of Electron itself. */
import * as electron from 'electron'
import type { Bridge } from '../src/contract/host'
import { channels } from './channels'
import { pathOfFile } from './platform'
import { VERSION_OPTION } from './version'

const { contextBridge, ipcRenderer } = electron

/** The value of an option that the main process passes to this script on its command line. */
function valueOf(option: string): string {
  const given = process.argv.find((word) => word.startsWith(option)) ?? option
  return given.slice(option.length)
}

/** Electron's event object is not passed on to the page. */
function listen(channel: string, listener: (message: never) => void): () => void {
  const forward = (_event: unknown, message: unknown) => {
    // Messages come from the main process only; the page checks them against the contract.
    listener(message as never)
  }
  ipcRenderer.on(channel, forward)
  return () => {
    ipcRenderer.removeListener(channel, forward)
  }
}

const bridge: Bridge = {
  call: (name, input) => ipcRenderer.invoke(channels.call, name, input) as Promise<string>,
  subscribe: (listener) => listen(channels.event, listener),
  chooseOpen: (what) => ipcRenderer.invoke(channels.chooseOpen, what) as Promise<string | null>,
  chooseSave: (name) => ipcRenderer.invoke(channels.chooseSave, name) as Promise<string | null>,
  pathOf: (file) => pathOfFile(electron, file),
  showInFolder: (path) => ipcRenderer.send(channels.showInFolder, path),
  openLogs: () => ipcRenderer.send(channels.openLogs),
  onRequest: (listener) => {
    const end = listen(channels.request, listener)
    ipcRenderer.send(channels.listening)
    return end
  },
  version: valueOf(VERSION_OPTION),
  versions: {
    Electron: process.versions.electron,
    Chromium: process.versions.chrome,
    Node: process.versions.node,
  },
}

contextBridge.exposeInMainWorld('dalab', bridge)
