/** The lab's page as a user sees it, on any host, with the errors that the user does not see. */
import type { Locator, Page } from 'playwright-core'

export interface LabWindow {
  readonly page: Page
  /** Console errors, uncaught errors and violations of the content security policy so far. */
  readonly problems: readonly string[]
  /** Runs an action that saves a file; returns the file's name and bytes. */
  saved(action: () => Promise<void>): Promise<SavedFile>
  /** Runs an action that exports a checkpoint; returns the files by name. */
  exported(action: () => Promise<void>): Promise<ReadonlyMap<string, Buffer>>
  /** Runs an action that opens a file dialog, and chooses this path. */
  chosen(path: string, action: () => Promise<void>): Promise<void>
  /** Brings a folder into a place that takes dropped ones: by a drop where the host's tools can make one. */
  brought(path: string, place: Locator): Promise<void>
  /** Closes the program, while nothing trains. */
  close(): Promise<void>
}

export interface SavedFile {
  readonly name: string
  readonly bytes: Buffer
}

export interface LabHost<W extends LabWindow> {
  /** `desktop` for Electron, `browser` for Chromium connected to `serve`. */
  readonly name: string
  /** Folder of runs, settings and logs. */
  readonly dataFolder: string
  open(): Promise<W>
}

/** Starts listening; load the page again afterwards, so that no problem is missed. */
export async function problemsOf(page: Page): Promise<string[]> {
  const problems: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning')
      problems.push(`${message.type()}: ${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', (error) => problems.push(`uncaught: ${error.stack ?? error.message}`))
  page.on('crash', () => problems.push('the page crashed'))
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      const { violatedDirective, blockedURI, sourceFile, lineNumber, columnNumber } = event
      // Electron 9 itself calls eval before the page's scripts run; a call by the page would have a source file.
      if (blockedURI === 'eval' && sourceFile === '') return
      const where = `${sourceFile}:${lineNumber}:${columnNumber}`
      console.error(`content security policy: ${violatedDirective} refused ${blockedURI} (${where})`)
    })
  })
  return problems
}
