/**
 * `node build/package-journey.mjs deb|tar`, as root: tests a package of `npm run package` as a new user would use it,
 * from installation to removal. Needs useradd, runuser, Xvfb, dbus-run-session, gio, xdg-mime, and a package with the
 * old Electron, whose window can be controlled from outside. Prints each step, and exits with 1 if one fails.
 */
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { command, openSession } from './package/session.mjs'
import { holdWindow, until } from './package/window.mjs'
import { checkout } from './machine.mjs'

const name = 'domain-adaptation-lab'
const type = 'application/x-dalab-checkpoint'
const user = 'dalab-newcomer'
const kind = process.argv[2]
const pictures = process.env.PICTURES
const begun = Date.now()

function check(what, isSo, seen = '') {
  const seconds = ((Date.now() - begun) / 1000).toFixed(0).padStart(4)
  console.log(`${seconds} s  ${isSo ? 'ok    ' : 'FAILED'}  ${what}${seen === '' ? '' : `: ${seen}`}`)
  if (!isSo) throw new Error(`failed: ${what}`)
}

function packageFile(ending) {
  const release = join(checkout, 'release')
  const file = existsSync(release) ? readdirSync(release).find((one) => one.endsWith(ending)) : undefined
  if (file === undefined) throw new Error(`no ${ending} in release/: npm run package`)
  return join(release, file)
}

/** The ways of installing: how each installs, where the files go, and how it is undone. */
const ways = {
  deb: (session) => ({
    folder: `/opt/${name}`,
    entry: `/usr/share/applications/${name}.desktop`,
    terminal: name,
    install() {
      const file = packageFile('.deb')
      cpSync(file, '/tmp/newcomer.deb')
      command('apt-get', 'install', '-y', '--no-install-recommends', '/tmp/newcomer.deb')
      rmSync('/tmp/newcomer.deb')
      session.findPrograms()
      return `apt-get install ./${file.split('/').pop()}`
    },
    remove() {
      command('apt-get', 'remove', '-y', name)
      return `apt-get remove ${name}`
    },
  }),
  tar(session) {
    const place = join(session.home, '程序 and more')
    const archive = packageFile('.tar.gz')
    const folder = join(place, archive.split('/').pop().replace('.tar.gz', ''))
    return {
      folder,
      entry: join(session.home, `.local/share/applications/${name}.desktop`),
      terminal: join(folder, name),
      install() {
        session.run('mkdir', place)
        session.run('tar', '--extract', '--file', archive, '--directory', place)
        check(
          'the archive is unpacked, and registered by its install-desktop',
          true,
          session.run(join(folder, 'install-desktop')).said,
        )
        return 'tar, install-desktop'
      },
      remove() {
        check(
          'its install-desktop --remove',
          true,
          session.run(join(folder, 'install-desktop'), '--remove').said,
        )
        session.run('rm', '-r', folder)
        return 'install-desktop --remove, and the folder deleted'
      },
    }
  },
}

async function main() {
  if (!(kind in ways) || process.getuid?.() !== 0) {
    console.error('As root: node build/package-journey.mjs deb|tar')
    return 2
  }
  const session = await openSession(user)
  try {
    await journey(session, ways[kind](session))
  } catch (error) {
    console.log(error.stack)
    return 1
  } finally {
    await session.end()
  }
  console.log('The whole way was gone.')
  return 0
}

async function journey(session, way) {
  const data = join(session.home, `.local/share/${name}`)
  const nodes = session.run('sh', '-c', 'command -v node nodejs npm npx; id -un; id -u')
  check(
    'a new user, not root, no Node on the PATH',
    /^dalab-newcomer\n\d+$/.test(nodes.said),
    nodes.said.replace('\n', ', uid '),
  )
  check('installed', true, way.install())
  check('nothing was written for the user before the first start', !existsSync(data))

  const first = await startFromEntry(session, way)
  const run = await trainTwoRounds(first, session, way, data)
  await leave(first, session)

  await opensToNoOther(session, way)
  const checkpoints = join(data, 'runs', run, 'checkpoints')
  const window = await doubleClickCold(
    session,
    way,
    join(checkpoints, 'round-0002.dalab.safetensors'),
    measured(data, run, 2),
  )
  await openWhileOpen(session, way, window, checkpoints)
  await plainStaysPlain(session, way, window)
  await leave(window, session)

  const before = digest(data)
  check('removed', true, way.remove())
  check('the program is gone', !existsSync(way.folder) && !existsSync(way.entry))
  check(
    'and its file type',
    !typeOf(session, join(checkpoints, 'round-0002.dalab.safetensors')).includes('dalab'),
  )
  check(
    'the data are as they were',
    digest(data) === before,
    `${before.slice(0, 16)}, ${sizeOf(data)} MB in ${data}`,
  )
}

async function startFromEntry(session, way) {
  const validated = session.run('desktop-file-validate', way.entry)
  check('the desktop entry is valid', validated.status === 0, validated.said || way.entry)
  const started = session.launch('gio', 'launch', way.entry)
  check('started from its desktop entry', started === 0, 'gio launch')
  const window = await holdWindow(await until(session.program))
  await window.text('[data-testid="start"]')
  check('the window is open', true)
  return window
}

async function trainTwoRounds(window, session, way, data) {
  await window.fill('[data-path="adaptation.epochs"]', '2')
  await window.click('[data-testid="start"]')
  const run = await until(() => readdirSync(join(data, 'runs')).find((name) => !name.startsWith('.')))
  check('training', true, run)
  const library = await until(() => libraryOf(session))
  check(
    'with the library of the package',
    library.startsWith(join(way.folder, 'resources/node_modules')),
    library,
  )
  const record = await until(() => recordOf(data, run).state !== 'running' && recordOf(data, run))
  check(
    'two rounds are done',
    record.state === 'finished' && record.rounds === 2,
    `tensorflow ${record.machinery.tensorflow}`,
  )
  keep('trained', await window.picture())
  return run
}

async function leave(window, session) {
  await window.close()
  await until(() => session.program() === null)
  check('left', true)
}

/** Checks that debugging options on the command line do not open the program to others. */
async function opensToNoOther(session, way) {
  const ports = [9555, 9556]
  const options = [`--remote-debugging-port=${ports[0]}`, `--inspect=${ports[1]}`]
  session.launch('sh', '-c', '"$@" > /dev/null 2>&1 &', 'sh', way.terminal, ...options)
  const window = await holdWindow(await until(session.program))
  await window.text('[data-testid="start"]')
  const answers = await Promise.all(
    ports.map((port) => fetch(`http://127.0.0.1:${port}/json`).catch(() => null)),
  )
  check(
    'started with options for debugging, it listens to nobody',
    answers.every((answer) => answer === null),
    options.join(' '),
  )
  await leave(window, session)
}

async function doubleClickCold(session, way, checkpoint, expected) {
  check('the file has the type of the lab', typeOf(session, checkpoint) === type, type)
  const registered = session.run('xdg-mime', 'query', 'default', type).said
  check('which opens in the lab', registered === `${name}.desktop`, registered)
  const opened = session.launch('gio', 'open', checkpoint)
  check('double-clicked while the program is closed', opened === 0, 'gio open')
  const window = await holdWindow(await until(session.program))
  const ready = await window.says('[data-testid="run-evaluation"]', 'round 2')
  check('the window stands on it, ready to evaluate', true, ready)
  await window.click('[data-testid="run-evaluation"]')
  const shown = await window.text('[data-testid="evaluation"]')
  check('evaluated, to the figure that was recorded', shown === expected, shown)
  keep('evaluated', await window.picture())
  return window
}

async function openWhileOpen(session, way, window, checkpoints) {
  const folder = join(session.home, '下载 的')
  session.run('mkdir', folder)
  session.run(
    'cp',
    join(checkpoints, 'round-0001.dalab.safetensors'),
    join(folder, '第 1 轮.dalab.safetensors'),
  )
  session.launch('gio', 'open', join(folder, '第 1 轮.dalab.safetensors'))
  await window.says('[data-testid="run-evaluation"]', 'round 1')
  check('double-clicked while it is open, with spaces and Chinese in the name', true)
  session.launch('sh', '-c', 'cd "$1" && "$2" ../round.dalab.safetensors', 'sh', folder, way.terminal)
  check(
    'a missing file, from the terminal',
    true,
    await window.says('[data-testid="notice"]', `${session.home}/round.dalab`),
  )
  session.launch(
    'sh',
    '-c',
    'cd "$1" && "$2" "file://$3/source.dalab.safetensors"',
    'sh',
    folder,
    way.terminal,
    checkpoints,
  )
  await window.says('[data-testid="run-evaluation"]', 'source')
  check('an address, from the terminal', true)
  check('none of them was imported again', readdirSync(join(checkpoints, '../..')).length === 1)
}

/** A safetensors file of another program, with the usual file ending. */
async function plainStaysPlain(session, way, window) {
  const header = JSON.stringify({ 'model.weight': { dtype: 'F32', shape: [1], data_offsets: [0, 4] } })
  const length = Buffer.alloc(8)
  length.writeUInt32LE(header.length)
  const plain = join(session.home, 'plain.safetensors')
  writeFileSync(plain, Buffer.concat([length, Buffer.from(header), Buffer.alloc(4)]))
  const other = typeOf(session, plain)
  const byDefault = session.run('xdg-mime', 'query', 'default', other).said
  check(
    'plain .safetensors do not open in the lab by themselves',
    !byDefault.includes(name),
    `${other} opens in ${byDefault || 'nothing'}`,
  )
  session.launch('gio', 'launch', way.entry, plain)
  check(
    '"open with" the lab says what they are',
    true,
    await window.says('[data-testid="notice"]:last-child', 'another program'),
  )
  keep('refused', await window.picture())
}

function typeOf(session, file) {
  const [, found = ''] =
    /standard::content-type: (\S+)/.exec(
      session.run('gio', 'info', '-a', 'standard::content-type', file).said,
    ) ?? []
  return found
}

const recordOf = (data, run) => JSON.parse(readFileSync(join(data, 'runs', run, 'run.json'), 'utf8'))

/** The measures of a round on the unseen images in metrics.jsonl, formatted as on the page. */
function measured(data, run, round) {
  const lines = readFileSync(join(data, 'runs', run, 'metrics.jsonl'), 'utf8')
    .trim()
    .split('\n')
  const event = lines
    .map((line) => JSON.parse(line))
    .find((one) => one.type === 'round' && one.round === round)
  return event.measures.unseenTarget.accuracy.toFixed(4)
}

/** Path of TensorFlow's library in the user's process that has loaded it. */
function libraryOf(session) {
  const pids = session.run('ps', '-u', user, '-o', 'pid=').said.split('\n').map(Number)
  for (const pid of pids) {
    if (!existsSync(`/proc/${pid}/maps`)) continue
    const [, path] = /(\/.*libtensorflow_cc\S*)/.exec(readFileSync(`/proc/${pid}/maps`, 'utf8')) ?? []
    if (path) return path
  }
  return null
}

const filesIn = (folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .sort()
    .filter((file) => statSync(join(folder, file)).isFile())

function digest(folder) {
  const hash = createHash('sha256')
  for (const file of filesIn(folder)) hash.update(file).update(readFileSync(join(folder, file)))
  return hash.digest('hex')
}

const sizeOf = (folder) =>
  (filesIn(folder).reduce((sum, file) => sum + statSync(join(folder, file)).size, 0) / 1e6).toFixed(0)

function keep(scene, png) {
  if (pictures === undefined) return
  mkdirSync(pictures, { recursive: true })
  writeFileSync(join(pictures, `${kind}-${scene}.png`), png)
}

process.exitCode = await main()
