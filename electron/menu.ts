/** The application menu, which also lists the shortcuts. */
import { Menu, type MenuItemConstructorOptions } from 'electron'
import { pages, type HostRequest, type Page } from '../src/contract/host'
import type { HostWords } from './words'

type Send = (request: HostRequest) => void

const pageWord: Readonly<Record<Page, keyof HostWords>> = {
  experiment: 'pageExperiment',
  checkpoints: 'pageCheckpoints',
  compare: 'pageCompare',
  data: 'pageData',
  learn: 'pageLearn',
  settings: 'pageSettings',
}

function pageItems(words: HostWords, send: Send): MenuItemConstructorOptions[] {
  return pages.map((page, index) => ({
    label: words[pageWord[page]],
    accelerator: page === 'settings' ? 'CmdOrCtrl+,' : `CmdOrCtrl+${index + 1}`,
    click: () => send({ type: 'page', page }),
  }))
}

/** Menu actions that the host performs itself. */
interface HostDeeds {
  openCheckpoint(): void
  saveReport(): void
}

export function setMenu(words: HostWords, send: Send, { openCheckpoint, saveReport }: HostDeeds): void {
  const file: MenuItemConstructorOptions[] = [
    { label: words.openCheckpoint, accelerator: 'CmdOrCtrl+O', click: openCheckpoint },
    { type: 'separator' },
    { label: words.quit, role: 'quit' },
  ]
  const edit: MenuItemConstructorOptions[] = [
    { label: words.undo, role: 'undo' },
    { label: words.redo, role: 'redo' },
    { type: 'separator' },
    { label: words.cut, role: 'cut' },
    { label: words.copy, role: 'copy' },
    { label: words.paste, role: 'paste' },
    { label: words.selectAll, role: 'selectAll' },
  ]
  const experiment: MenuItemConstructorOptions[] = [
    {
      label: words.start,
      accelerator: 'CmdOrCtrl+Return',
      click: () => send({ type: 'control', action: 'start' }),
    },
    {
      label: words.pause,
      accelerator: 'CmdOrCtrl+P',
      click: () => send({ type: 'control', action: 'pause' }),
    },
    { label: words.stop, accelerator: 'CmdOrCtrl+.', click: () => send({ type: 'control', action: 'stop' }) },
  ]
  const view: MenuItemConstructorOptions[] = [
    { label: words.larger, role: 'zoomIn' },
    { label: words.smaller, role: 'zoomOut' },
    { label: words.actualSize, role: 'resetZoom' },
    { type: 'separator' },
    { label: words.fullScreen, role: 'togglefullscreen' },
  ]
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      { label: words.file, submenu: file },
      { label: words.edit, submenu: edit },
      { label: words.experiment, submenu: experiment },
      { label: words.go, submenu: pageItems(words, send) },
      { label: words.view, submenu: view },
      { label: words.help, submenu: [{ label: words.saveReport, click: saveReport }] },
    ]),
  )
}
