/** Saves a bug report from the menu: asks for the file, then shows its contents or why it could not be written. */
import { dialog, shell, type BrowserWindow } from 'electron'
import { toErrorMessage } from '../src/contract/errors'
import type { CommandOutput, Lab } from '../src/contract/lab'
import { reportName } from '../src/contract/report-name'
import type { Language } from '../src/language/language'
import { sentence } from '../src/language/sentence'
import { wordsIn } from './words'

const SHOW = 0

export async function saveReport(window: BrowserWindow, lab: Lab, language: Language): Promise<void> {
  const words = wordsIn(language)
  const { canceled, filePath } = await dialog.showSaveDialog(window, { defaultPath: reportName(new Date()) })
  if (canceled || !filePath) return
  try {
    await sayWritten(window, await lab.call('report', { out: filePath }), language)
  } catch (error) {
    const message = sentence(toErrorMessage(error), language)
    await dialog.showMessageBox(window, {
      type: 'error',
      title: words.report,
      message,
      buttons: [words.close],
    })
  }
}

async function sayWritten(
  window: BrowserWindow,
  { file, contents }: CommandOutput<'report'>,
  language: Language,
): Promise<void> {
  const words = wordsIn(language)
  const { response } = await dialog.showMessageBox(window, {
    type: 'info',
    title: words.report,
    message: words.reportWritten,
    detail: [file, words.reportContents, ...contents.map(({ name }) => name)].join('\n'),
    buttons: [words.showInFolder, words.close],
    defaultId: 1,
    cancelId: 1,
    noLink: true,
  })
  if (response === SHOW) shell.showItemInFolder(file)
}
