/** The question that is shown before closing the window stops a run. */
import { dialog, type BrowserWindow } from 'electron'
import type { HostWords } from './words'

const STOP_AND_CLOSE = 0
const STAY = 1

export async function askToClose(window: BrowserWindow, words: HostWords, waiting: number): Promise<boolean> {
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
