/** The lab's page as a user sees it, on any host, with the errors that the user does not see. */
import type { Page } from 'playwright-core'

export interface LabWindow {
  readonly page: Page
  /** Errors on the console, errors that nobody caught, and refusals of the content security policy, so far. */
  readonly problems: readonly string[]
  /** Does what makes the page hand out a file, and gives its name and bytes. */
  saved(action: () => Promise<void>): Promise<SavedFile>
  /** Does what exports a checkpoint, and gives the files by their names. */
  exported(action: () => Promise<void>): Promise<ReadonlyMap<string, Buffer>>
  /** Does what lets the person choose a file, and chooses this one. */
  chosen(path: string, action: () => Promise<void>): Promise<void>
  /** Leaves the program, as a person does when nothing trains. */
  close(): Promise<void>
}

export interface SavedFile {
  readonly name: string
  readonly bytes: Buffer
}

export interface LabHost<W extends LabWindow> {
  /** `desktop` in Electron, `browser` at the other end of `serve`. */
  readonly name: string
  /** Where runs, settings and logs lie. */
  readonly dataFolder: string
  open(): Promise<W>
}

/** Begins to listen; the page is to be loaded (again) after this, so that nothing is missed. */
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
      // Electron 9 itself tries one before the page's scripts; theirs would have an address.
      if (blockedURI === 'eval' && sourceFile === '') return
      const where = `${sourceFile}:${lineNumber}:${columnNumber}`
      console.error(`content security policy: ${violatedDirective} refused ${blockedURI} (${where})`)
    })
  })
  return problems
}
