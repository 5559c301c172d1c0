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
    // Playwright no longer knows the process once it has ended.
    const program = window.app.process()
    await window.answerQuestion(STOP_AND_CLOSE)
    await window.close()
    expect(program.exitCode).toBe(0)
  })
})
