/**
 * Playwright's scripts run in an isolated world of the page and call functions that Chromium 83 does not have. This
 * file adds them in that world only.
 */
import type { Page } from 'playwright-core'

const playwrightsWorld = '__playwright_utility_world_'

/**
 * Runs in the page. Matches the original as far as Playwright uses it: an element that is not rendered is invisible.
 */
const additions = `
if (!Element.prototype.checkVisibility) {
  Element.prototype.checkVisibility = function () { return this.getClientRects().length > 0 }
}
if (!Array.prototype.at) {
  Array.prototype.at = function (index) { return this[index < 0 ? this.length + index : index] }
}
if (!Array.prototype.findLast) {
  Array.prototype.findLast = function (fits) { return this.slice().reverse().find(fits) }
}
if (!String.prototype.replaceAll) {
  String.prototype.replaceAll = function (part, by) {
    return typeof part === 'string' ? this.split(part).join(by) : this.replace(part, by)
  }
}
`

/** For the current document. */
export async function completeForPlaywright(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const contextId = await new Promise<number>((resolve) => {
    session.on('Runtime.executionContextCreated', ({ context }) => {
      if (context.name.startsWith(playwrightsWorld)) resolve(context.id)
    })
    void session.send('Runtime.enable')
  })
  await session.send('Runtime.evaluate', { expression: additions, contextId })
  await session.detach()
}
