/** The journey in Chromium, connected to `serve`. */
import { afterAll, describe } from 'vitest'
import { openTerminal } from '../integration/terminal'
import { tellJourney } from '../journey/journey'
import { isLong } from '../long'
import { browserHost } from './chromium'

describe('the page in a browser', () => {
  const terminal = openTerminal()
  afterAll(() => terminal.remove())
  // Closing a page stops nothing; stopping the server does.
  // What no host changes is told of the desktop program; `npm run long` tells all of it here, too.
  tellJourney(terminal, browserHost(terminal), (window) => window.close(), isLong ? 'whole' : 'host')
})
