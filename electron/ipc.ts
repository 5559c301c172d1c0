/** Handles the page's messages to the host. The sender and the content of each message are checked. */
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
import { answer, refuse, valueOf, type GuardedLab } from '../src/contract/answer'
import { toErrorMessage } from '../src/contract/errors'
import type { Reply } from '../src/contract/host'
import { formats } from '../src/data/formats/registry'
import { channels } from './channels'
import { ORIGIN } from './page'
import { senderAddress } from './platform'
import type { HostWords } from './words'

const openKind = z.enum(['file', 'folder'])
const fileName = z.string().min(1).max(255)
const absolutePath = z.string().refine(isAbsolute)

type Message = IpcMainInvokeEvent | IpcMainEvent

const isOurPage = (message: Message): boolean => senderAddress(message).startsWith(`${ORIGIN}/`)

/**
 * The checked argument of a dialog. An invalid one is logged as refused and gives null, as if the dialog had been
 * cancelled.
 */
function accepted<T>(lab: GuardedLab, message: Message, schema: z.ZodType<T>, what: unknown): T | null {
  const checked = schema.safeParse(what)
  if (isOurPage(message) && checked.success) return checked.data
  refuse(lab, 'IPC', checked.error?.issues[0]?.message ?? `sender ${senderAddress(message)}`)
  return null
}

async function chooseOpen(
  window: BrowserWindow,
  what: 'file' | 'folder',
  words: HostWords,
): Promise<string | null> {
  const properties = [what === 'folder' ? ('openDirectory' as const) : ('openFile' as const)]
  const readable = [...new Set(['safetensors', 'npy', ...formats.flatMap(({ endings }) => endings)])]
  const filters = [
    { name: words.readable, extensions: readable },
    { name: words.allFiles, extensions: ['*'] },
  ]
  const { filePaths } = await dialog.showOpenDialog(window, { properties, filters })
  return filePaths[0] ?? null
}

async function chooseSave(window: BrowserWindow, name: string): Promise<string | null> {
  const { canceled, filePath } = await dialog.showSaveDialog(window, { defaultPath: name })
  return canceled || !filePath ? null : filePath
}

/**
 * @param words the texts in the current language
 * @param logs the folder of the log
 * @param onListening called once the page listens to requests
 */
export function carryCalls(
  lab: GuardedLab,
  window: BrowserWindow,
  words: () => HostWords,
  logs: () => string,
  onListening: () => void,
): void {
  ipcMain.handle(channels.call, async (event, name: unknown, input: unknown) => {
    const reply: Reply = isOurPage(event)
      ? await answer(lab, name, valueOf(input))
      : { error: toErrorMessage(refuse(lab, 'IPC', `sender ${senderAddress(event)}`)) }
    return JSON.stringify(reply)
  })
  ipcMain.handle(channels.chooseOpen, (event, what: unknown) => {
    const kind = accepted(lab, event, openKind, what)
    return kind === null ? null : chooseOpen(window, kind, words())
  })
  ipcMain.handle(channels.chooseSave, (event, name: unknown) => {
    const suggested = accepted(lab, event, fileName, name)
    return suggested === null ? null : chooseSave(window, suggested)
  })
  ipcMain.on(channels.showInFolder, (event, path: unknown) => {
    const checked = accepted(lab, event, absolutePath, path)
    if (checked !== null && existsSync(checked)) shell.showItemInFolder(checked)
  })
  ipcMain.on(channels.openLogs, (event) => {
    if (isOurPage(event)) void shell.openPath(logs())
  })
  ipcMain.on(channels.listening, (event) => {
    if (isOurPage(event)) onListening()
  })
}

/** Forwards the lab's events to the window until it closes. */
export function carryEvents(lab: GuardedLab, window: BrowserWindow): void {
  const stop = lab.subscribe((event) => {
    if (!window.isDestroyed()) window.webContents.send(channels.event, JSON.stringify(event))
  })
  window.on('closed', stop)
}
