/** Shows a run outside the window: progress in the task bar, and a notification when a long run ends. */
import { Notification, type BrowserWindow } from 'electron'
import { sentence } from '../src/language/sentence'
import type { Language } from '../src/language/language'
import type { Ending, TrainingWatch } from './training-watch'
import { wordsIn } from './words'

/** After a shorter run the user is assumed to be still watching. */
const LONG_SECONDS = 30
const NO_PROGRESS = -1

function noticeOf(ending: Ending, language: Language): { title: string; body: string } {
  const words = wordsIn(language)
  if (ending.failure !== null) return { title: words.failedTitle, body: sentence(ending.failure, language) }
  const accuracy = ending.targetAccuracy?.toFixed(4) ?? '–'
  const body = words.finishedBody.replace('{accuracy}', accuracy).replace('{rounds}', String(ending.rounds))
  return { title: words.finishedTitle, body }
}

export function showTraining(window: BrowserWindow, watch: TrainingWatch, language: () => Language): void {
  watch.onProgress((fraction) => {
    if (!window.isDestroyed()) window.setProgressBar(fraction ?? NO_PROGRESS)
  })
  watch.onEnding((ending) => {
    const seen = !window.isDestroyed() && window.isFocused()
    if (seen || ending.seconds < LONG_SECONDS || !Notification.isSupported()) return
    new Notification(noticeOf(ending, language())).show()
  })
}
