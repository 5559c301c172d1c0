/** What becomes of a crash: a report on this machine, and a page or a program that starts anew. */
import { app, dialog, type BrowserWindow } from 'electron'
import { toErrorMessage } from '../src/contract/errors'
import { reportCrash } from '../src/lab/crash-reports'
import { sentence } from '../src/language/sentence'
import type { Language } from '../src/language/language'
import { wordsIn } from './words'

/** A page that is gone again within this time is not loaded once more: it would go on like that. */
const again = 30_000

/** @param logs where reports go */
export function outliveThePage(window: BrowserWindow, logs: () => string): void {
  let last = -Infinity
  app.on('render-process-gone', (_event, contents, { reason }) => {
    // A window that is being closed takes its page with it.
    if (reason === 'clean-exit' || window.isDestroyed() || contents !== window.webContents) return
    reportCrash(logs(), { process: 'page', code: reason })
    // Not within the event: Electron is still taking down what is gone.
    if (Date.now() - last > again) setTimeout(() => contents.reload(), 100)
    last = Date.now()
  })
}

/**
 * An error that nobody caught leaves this process in no known state: it says so and ends. What trains is stopped by
 * its own process, its state saved, when this one is gone. A promise whose refusal nobody heard is only reported.
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

/** Where nobody is to be told, or nobody is there any more. */
export function reportQuietly(logs: string, error: unknown): void {
  reportCrash(logs, { process: 'main', code: toErrorMessage(error).code, error })
}
