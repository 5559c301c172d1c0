/** Handles crashes: writes a report on this machine, and reloads the page or ends the program. */
import { app, dialog, type BrowserWindow } from 'electron'
import { toErrorMessage } from '../src/contract/errors'
import { reportCrash } from '../src/lab/crash-reports'
import { sentence } from '../src/language/sentence'
import type { Language } from '../src/language/language'
import { wordsIn } from './words'

/** A page that crashes again within this time, in ms, is not reloaded: it would keep crashing. */
const again = 30_000

/** @param logs the folder for reports */
export function outliveThePage(window: BrowserWindow, logs: () => string): void {
  let last = -Infinity
  app.on('render-process-gone', (_event, contents, { reason }) => {
    // Closing a window also ends its page.
    if (reason === 'clean-exit' || window.isDestroyed() || contents !== window.webContents) return
    reportCrash(logs(), { process: 'page', code: reason })
    // Not within the event: Electron is still cleaning up the crashed process.
    if (Date.now() - last > again) setTimeout(() => contents.reload(), 100)
    last = Date.now()
  })
}

/**
 * Shows an uncaught error and ends the program, because the state of this process is unknown. The trainer then stops
 * by itself, with its state saved. An unhandled promise rejection is only reported.
 */
export function reportDefects(logs: () => string, language: () => Language): void {
  let ending = false
  const end = (error: unknown): void => {
    if (ending) return
    ending = true
    const message = toErrorMessage(error)
    const file = reportCrash(logs(), { process: 'main', code: message.code, error })
    const words = wordsIn(language())
    const where = file === null ? '' : `\n\n${words.crashReport.replace('{file}', file)}`
    dialog.showErrorBox(words.crashed, sentence(message, language()) + where)
    app.exit(1)
  }
  process.on('uncaughtException', end)
  process.on('unhandledRejection', (error) => reportQuietly(logs(), error))
}

/** Reports an error without showing it, because the user need not act on it or the window is closed. */
export function reportQuietly(logs: string, error: unknown): void {
  reportCrash(logs, { process: 'main', code: toErrorMessage(error).code, error })
}
