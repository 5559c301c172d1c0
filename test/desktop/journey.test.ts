/** The journey in the real Electron. */
import { afterAll, describe, expect } from 'vitest'
import { openTerminal } from '../integration/terminal'
import { tellJourney } from '../journey/journey'
import { desktopHost } from './electron'

const STOP_AND_CLOSE = 0

describe('the desktop program', () => {
  const terminal = openTerminal()
  afterAll(() => terminal.remove())
  tellJourney(terminal, desktopHost(terminal.dataFolder), async (window) => {
    await window.answerQuestion(STOP_AND_CLOSE)
    await window.close()
    expect(window.app.process().exitCode).toBe(0)
  })
})
