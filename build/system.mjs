/** Finds missing Debian packages that the window and the tests need, and the command that installs them. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { MissingPart, say, step } from './progress.mjs'

/** Libraries that Electron's window loads, each with its package. */
const libraries = {
  'libgtk-3.so.0': 'libgtk-3-0',
  'libnss3.so': 'libnss3',
  'libasound.so.2': 'libasound2',
  'libXss.so.1': 'libxss1',
  'libgbm.so.1': 'libgbm1',
  'libX11-xcb.so.1': 'libx11-xcb1',
  'libXtst.so.6': 'libxtst6',
  'libatk-bridge-2.0.so.0': 'libatk-bridge2.0-0',
}

/** Programs that the tests run, each with its package. */
const programs = {
  Xvfb: 'xvfb',
  xauth: 'xauth',
  chromium: 'chromium',
  'xdg-mime': 'xdg-utils',
  'update-mime-database': 'shared-mime-info',
  'desktop-file-validate': 'desktop-file-utils',
  gio: 'libglib2.0-bin',
  'dbus-launch': 'dbus-x11',
  fakeroot: 'fakeroot',
  strace: 'strace',
  unshare: 'util-linux',
  ip: 'iproute2',
}

const font = { file: '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc', package: 'fonts-noto-cjk' }

/** @returns {string[]} packages that the window needs and that are missing; empty on systems other than Linux */
export function missingForWindow() {
  if (process.platform !== 'linux') return []
  const { stdout } = spawnSync('/sbin/ldconfig', ['-p'], { encoding: 'utf8' })
  if (!stdout) return []
  return Object.entries(libraries)
    .filter(([library]) => !stdout.includes(`${library} `))
    .map(([, name]) => name)
}

/** @returns {string[]} packages that the tests need and that are missing, in addition to the window's */
export function missingForTests() {
  if (process.platform !== 'linux') return []
  const missing = Object.entries(programs).filter(([program]) => !isOnPath(program))
  return [...missing.map(([, name]) => name), ...(existsSync(font.file) ? [] : [font.package])]
}

/** @param {string[]} packages */
export function aptLine(packages) {
  return `sudo apt-get install -y ${packages.map(nameHere).join(' ')}`
}

/**
 * Installs missing packages if run as root on a Debian system; otherwise calls `otherwise`.
 * @param {string[]} packages
 * @param {(packages: string[]) => void} otherwise called if they cannot be installed here
 */
export async function installOr(packages, otherwise) {
  if (packages.length === 0) return
  if (process.getuid?.() !== 0 || !isOnPath('apt-get')) return otherwise(packages)
  const installed = await step('installing-system', { packages: packages.join(' ') }, () => {
    apt(['update', '-qq'])
    return apt(['install', '-y', '-qq', '--no-install-recommends', ...packages.map(nameHere)])
  })
  if (!installed) otherwise(packages)
}

/** @param {string[]} packages */
export function sayMissing(packages) {
  say('system-missing', { apt: aptLine(packages) })
}

/** @param {string[]} packages */
export function refuseMissing(packages) {
  throw new MissingPart('system-missing', { apt: aptLine(packages) })
}

/** @returns {boolean} whether apt-get succeeded */
function apt(args) {
  const { status } = spawnSync('apt-get', args, {
    stdio: ['ignore', 'ignore', process.stderr.fd],
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  return status === 0
}

/** Later Debian and Ubuntu versions renamed some libraries (suffix t64) for 64-bit time. */
function nameHere(name) {
  if (!name.startsWith('lib')) return name
  const renamed = `${name}t64`
  return spawnSync('apt-cache', ['show', renamed], { stdio: 'ignore' }).status === 0 ? renamed : name
}

function isOnPath(program) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => existsSync(join(folder, program)))
}
