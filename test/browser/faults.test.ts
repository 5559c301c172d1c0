/** What may go wrong around the page, in Chromium at the other end of `serve`. */
import { afterAll, beforeAll, describe, it } from 'vitest'
import { openTerminal } from '../integration/terminal'
import { outliveTrainer } from '../journey/killed-trainer'
import { browserHost, type ServedWindow } from './chromium'

const terminal = openTerminal()
const { dataFolder } = terminal
let window: ServedWindow

beforeAll(async () => {
  window = await browserHost(terminal).open()
  await window.page.getByTestId('start').waitFor()
})
afterAll(async () => {
  await window.close()
  await terminal.remove()
})

describe('a training in the browser page', () => {
  it('whose trainer is killed leaves the page, is said in a sentence, and goes on from the last complete round', () =>
    outliveTrainer(window, dataFolder))
})
