/** What the page may ask of the host, each message checked: who sends it, and what it says. */
import {
  dialog,
  ipcMain,
  shell,
  type BrowserWindow,
  type IpcMainEvent,
  type IpcMainInvokeEvent,
} from 'electron'
import { existsSync } from 'fs'
import { isAbsolute } from 'path'
import { z } from 'zod'
import { answer } from '../src/contract/answer'
import { labError, toErrorMessage } from '../src/contract/errors'
import type { HostRequest, Reply } from '../src/contract/host'
import type { Lab } from '../src/contract/lab'
import { channels } from './channels'
import { ORIGIN } from './page'
import { senderAddress } from './platform'
import type { HostWords } from './words'

const openKind = z.enum(['file', 'folder'])
const fileName = z.string().min(1).max(255)
const absolutePath = z.string().refine(isAbsolute)

const isOurPage = (event: IpcMainInvokeEvent | IpcMainEvent): boolean =>
  senderAddress(event).startsWith(`${ORIGIN}/`)

const stranger = (): Reply => ({
  error: toErrorMessage(labError('contract-violation', { where: 'IPC', problem: 'sender' })),
})

async function chooseOpen(window: BrowserWindow, what: unknown, words: HostWords): Promise<string | null> {
  const properties = [openKind.parse(what) === 'folder' ? ('openDirectory' as const) : ('openFile' as const)]
  const filters = [
    { name: words.checkpoints, extensions: ['safetensors', 'npy'] },
    { name: words.datasets, extensions: ['npz', 'gz', 'idx', 'idx3-ubyte', 'idx1-ubyte'] },
    { name: words.allFiles, extensions: ['*'] },
  ]
  const { filePaths } = await dialog.showOpenDialog(window, { properties, filters })
  return filePaths[0] ?? null
}

async function chooseSave(window: BrowserWindow, name: unknown): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, { defaultPath: fileName.parse(name) })
  return canceled || !filePath ? null : filePath
}

/**
 * @param words in the language of the moment
 * @param logs the folder that holds the log
 */
export function carryCalls(
  lab: Lab,
  window: BrowserWindow,
  words: () => HostWords,
  logs: () => string,
): void {
  ipcMain.handle(channels.call, (event, name: unknown, input: unknown) =>
    isOurPage(event) ? answer(lab, name, input) : stranger(),
  )
  ipcMain.handle(channels.chooseOpen, (event, what: unknown) =>
    isOurPage(event) ? chooseOpen(window, what, words()) : null,
  )
  ipcMain.handle(channels.chooseSave, (event, name: unknown) =>
    isOurPage(event) ? chooseSave(window, name) : null,
  )
  ipcMain.on(channels.showInFolder, (event, path: unknown) => {
    const checked = absolutePath.safeParse(path)
    if (isOurPage(event) && checked.success && existsSync(checked.data)) shell.showItemInFolder(checked.data)
  })
  ipcMain.on(channels.openLogs, (event) => {
    if (isOurPage(event)) void shell.openPath(logs())
  })
}

/** Events of the lab to the window, until it closes. */
export function carryEvents(lab: Lab, window: BrowserWindow): void {
  const stop = lab.subscribe((event) => {
    if (!window.isDestroyed()) window.webContents.send(channels.event, event)
  })
  window.on('closed', stop)
}

export function request(window: BrowserWindow, what: HostRequest): void {
  window.webContents.send(channels.request, what)
}
