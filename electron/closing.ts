/** Closing the window while a run trains asks first; agreeing stops the run with its state kept. */
import { dialog, type BrowserWindow } from 'electron'
import type { Lab } from '../src/contract/lab'
import type { TrainingWatch } from './training-watch'
import type { HostWords } from './words'

const STOP_AND_CLOSE = 0
const STAY = 1

async function waitingIn(lab: Lab): Promise<number> {
  const queue = await lab.call('queue', {})
  return queue.reduce((sum, { items }) => sum + items.filter(({ state }) => state === 'waiting').length, 0)
}

async function askToClose(window: BrowserWindow, words: HostWords, waiting: number): Promise<boolean> {
  const queue = waiting === 0 ? [] : [words.closeQueue.replace('{count}', String(waiting))]
  const { response } = await dialog.showMessageBox(window, {
    type: 'question',
    title: words.closeTitle,
    message: words.closeTitle,
    detail: [words.closeQuestion, ...queue].join(' '),
    buttons: [words.closeStop, words.closeStay],
    defaultId: STAY,
    cancelId: STAY,
    noLink: true,
  })
  return response === STOP_AND_CLOSE
}

/** Resolves when the run has ended and its files are written. */
const ended = (watch: TrainingWatch): Promise<void> => new Promise((done) => watch.onEnding(() => done()))

export function guardClosing(
  window: BrowserWindow,
  lab: Lab,
  watch: TrainingWatch,
  words: () => HostWords,
): void {
  let asking = false
  const closeAfterAsking = async (run: string): Promise<void> => {
    if (asking) return
    asking = true
    const agreed = await askToClose(window, words(), await waitingIn(lab))
    asking = false
    if (!agreed) return
    const over = ended(watch)
    // A run that ended while the question stood needs no stopping.
    if (watch.running() === run) {
      await lab.call('control', { run, action: 'stop' })
      await over
    }
    window.destroy()
  }
  window.on('close', (event) => {
    const run = watch.running()
    if (run === null) return
    event.preventDefault()
    void closeAfterAsking(run)
  })
}
