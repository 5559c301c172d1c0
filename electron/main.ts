/**
 * The desktop program: one window on one lab. This process hosts and nothing else; training and everything
 * else that needs TensorFlow runs in the lab's worker processes.
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

/** The page asks for its own files only; whatever else would leave this machine is cancelled. */
function keepLocal(): void {
  session.defaultSession.webRequest.onBeforeRequest((details, decide) => {
    decide({ cancel: !local.some((scheme) => details.url.startsWith(scheme)) })
  })
  denyPermissions(session.defaultSession)
}

const openings = createOpenings()

/** @param folder where the command line was written */
function openNamed(argv: readonly string[], folder: string): void {
  openings.add(filesIn(argv, folder, app.getAppPath()))
}

/** macOS names files by an event, also before the program is ready. */
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
  // The system's wish, or Ctrl-C where it was started: nobody is there to be asked, and the state is kept.
  process.once('SIGTERM', leave)
  process.once('SIGINT', leave)
  // The terminal that it was started in is closed. System and shell both say so: a second one must not end it either.
  process.on('SIGHUP', leave)
}

/** Chromium asks for names by itself, ahead of any request (an address in a text will do): no name is ever looked up. */
app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND')

app.commandLine.appendSwitch('js-flags', pageEngineFlags(process.versions.v8))

protocol.registerSchemesAsPrivileged([
  { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true } },
])

/** A lab that cannot be opened (a settings file broken by hand, say) says why, and leaves. */
function refuse(error: unknown): void {
  const language = languageOfLocale(app.getLocale())
  dialog.showErrorBox(wordsIn(language).failedToOpen, sentence(toErrorMessage(error), language))
  app.exit(1)
}

/** Set in a start that takes the place of another: what the system itself adds to each must not go round in circles. */
const restarted = 'DALAB_RESTARTED'

/** Starts the program anew with these words, before Chromium has acted on any. */
function startWith(words: string[]): void {
  process.env[restarted] = '1'
  // The program of an AppImage lies in a folder that is gone with this process.
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
  // The first start takes over. Quitting in good order took old Electron 15 s now and then.
  app.exit()
}
