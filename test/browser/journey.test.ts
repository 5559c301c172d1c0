/** The journey in Chromium, connected to `serve`. */
import { afterAll, describe } from 'vitest'
import { openTerminal } from '../integration/terminal'
import { tellJourney } from '../journey/journey'
import { browserHost } from './chromium'

describe('the page in a browser', () => {
  const terminal = openTerminal()
  afterAll(() => terminal.remove())
  // Closing a page stops nothing; stopping the server does.
  tellJourney(terminal, browserHost(terminal), (window) => window.close())
})
