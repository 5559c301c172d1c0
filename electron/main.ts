/**
 * The desktop program: one window for one lab. This process only hosts them; training and everything else that needs
 * TensorFlow runs in the lab's worker processes.
 */
import { app, dialog, protocol, session, type BrowserWindow } from 'electron'
import { join } from 'path'
import { toErrorMessage } from '../src/contract/errors'
import { languageOfLocale, type Language } from '../src/language/language'
import { createLab } from '../src/lab/create-lab'
import { foldersIn } from '../src/lab/data-folder'
import { sentence } from '../src/language/sentence'
import { askToClose } from './close-question'
import { guardClosing } from './closing'
import { outliveThePage, reportDefects, reportQuietly } from './crashes'
import { carryCalls, carryEvents } from './ipc'
import { leaveBy } from './leaving'
import { setMenu } from './menu'
import { showTraining } from './notices'
import { createOpenings, filesIn } from './opening'
import { respondWith, SCHEME } from './page'
import { pageEngineFlags } from './page-engine'
import { paths } from './paths'
import { denyPermissions, launcherOptions, servePage } from './platform'
import { wordsToHeed } from './release-words'
import { saveReport } from './report'
import { bringForward, request } from './requests'
import { watchTraining } from './training-watch'
import { openWindow } from './window'
import { wordsIn } from './words'

const local = ['app:', 'blob:', 'data:', 'devtools:']

/** Cancels every request that would leave this machine; the page needs only its own files. */
function keepLocal(): void {
  session.defaultSession.webRequest.onBeforeRequest((details, decide) => {
    decide({ cancel: !local.some((scheme) => details.url.startsWith(scheme)) })
  })
  denyPermissions(session.defaultSession)
}

const openings = createOpenings()

/** @param folder the working directory of the command line */
function openNamed(argv: readonly string[], folder: string): void {
  openings.add(filesIn(argv, folder, app.getAppPath()))
}

/** macOS passes files in an event, possibly before the program is ready. */
app.on('open-file', (event, path) => {
  event.preventDefault()
  openings.add([path])
})
app.on('second-instance', (_event, argv, folder) => openNamed(argv, folder))

async function chooseCheckpoint(window: BrowserWindow, title: string): Promise<void> {
  const filters = [{ name: title, extensions: ['safetensors'] }]
  const { filePaths } = await dialog.showOpenDialog(window, { properties: ['openFile'], filters })
  const [path] = filePaths
  if (path !== undefined) request(window, { type: 'open', path })
}

async function open(): Promise<void> {
  const lab = await createLab({ workers: paths.workers })
  const watch = watchTraining(lab)
  const settings = await lab.call('settings', {})
  let chosen = settings.language
  let { logs } = foldersIn(settings.dataFolder)
  const language = (): Language => chosen ?? languageOfLocale(app.getLocale())
  const words = () => wordsIn(language())

  const reportHere = (error: unknown) => reportQuietly(logs, error)

  reportDefects(() => logs, language)
  servePage(protocol, SCHEME, (url) => respondWith(paths.page, url))
  keepLocal()
  const window = openWindow(join(app.getPath('userData'), 'window.json'))
  carryCalls(
    lab,
    window,
    words,
    () => logs,
    () => openings.pass((path) => request(window, { type: 'open', path })),
  )
  outliveThePage(window, () => logs)
  carryEvents(lab, window)
  guardClosing(window, lab, watch, {
    ask: (waiting) => askToClose(window, words(), waiting),
    failed: reportHere,
  })
  showTraining(window, watch, language)

  const showMenu = () =>
    setMenu(words(), (what) => request(window, what), {
      openCheckpoint: () => void chooseCheckpoint(window, words().checkpoints),
      saveReport: () => void saveReport(window, lab, language()).catch(reportHere),
    })
  showMenu()
  lab.subscribe((event) => {
    if (event.type !== 'settings-changed') return
    logs = foldersIn(event.settings.dataFolder).logs
    if (event.settings.language === chosen) return
    chosen = event.settings.language
    showMenu()
  })

  app.on('second-instance', () => bringForward(window))
  const leave = leaveBy(
    () => lab.close(),
    (code) => app.exit(code),
    reportHere,
  )
  app.on('window-all-closed', leave)
  // A signal of the system, or Ctrl-C in the terminal: stop without asking; the state is saved.
  process.once('SIGTERM', leave)
  process.once('SIGINT', leave)
  // The terminal was closed. The system and the shell may both send SIGHUP, so a second one must not kill the process.
  process.on('SIGHUP', leave)
}

/**
 * Chromium resolves host names before any request is made, for example for a URL in a text. This disables all lookups.
 */
app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND')

app.commandLine.appendSwitch('js-flags', pageEngineFlags(process.versions.v8))

protocol.registerSchemesAsPrivileged([
  { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
])

/** Shows why the lab could not be opened, such as a settings file with a syntax error, and exits. */
function refuse(error: unknown): void {
  const language = languageOfLocale(app.getLocale())
  dialog.showErrorBox(wordsIn(language).failedToOpen, sentence(toErrorMessage(error), language))
  app.exit(1)
}

/** Set in a restarted process, so that options which the system adds at each start cannot cause an endless loop. */
const restarted = 'DALAB_RESTARTED'

/** Restarts the program with these arguments, before Chromium has acted on the original ones. */
function startWith(words: string[]): void {
  process.env[restarted] = '1'
  // The program inside an AppImage is in a folder that is unmounted when this process ends.
  const { APPIMAGE } = process.env
  app.relaunch({ args: words, ...(APPIMAGE !== undefined && { execPath: APPIMAGE }) })
  app.exit()
}

const given = process.argv.slice(1)
const heeded = wordsToHeed(given, launcherOptions(app.commandLine))

if (app.isPackaged && heeded.length < given.length && process.env[restarted] === undefined) {
  startWith(heeded)
} else if (app.requestSingleInstanceLock()) {
  openNamed(process.argv, process.cwd())
  app.whenReady().then(open).catch(refuse)
} else {
  // The first instance takes over. Here `quit` sometimes took 15 s with old Electron versions.
  app.exit()
}
