/** Creates a user with a display and a session bus, and without Node on the PATH. Needs root. */
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'

/** Programs left out of the PATH, so that a package cannot use a Node that it does not contain. */
const node = /^(node|nodejs|npm|npx|corepack)$/

/**
 * @typedef {{
 *   home: string,
 *   run: (command: string, ...args: string[]) => { status: number | null, said: string },
 *   launch: (command: string, ...args: string[]) => number | null,
 *   findPrograms: () => void,
 *   program: () => number | null,
 *   end: () => Promise<void>,
 * }} Session
 */

/**
 * @param {string} name of the user, who must not exist yet
 * @returns {Promise<Session>}
 */
export async function openSession(name) {
  command('useradd', '--create-home', '--shell', '/bin/sh', name)
  const home = join('/home', name)
  const programs = pathWithoutNode()
  const display = await startDisplay()
  const environment = {
    HOME: home,
    USER: name,
    LOGNAME: name,
    PATH: programs,
    LANG: 'C.UTF-8',
    DISPLAY: display.name,
  }
  const as = (variables) => [
    ...['-u', name, '--', 'env', '-i', `--chdir=${home}`],
    ...Object.entries(variables).map(([key, value]) => `${key}=${value}`),
  ]
  const bus = await startBus(as(environment))
  const inSession = as({ ...environment, DBUS_SESSION_BUS_ADDRESS: bus.address })
  return {
    home,
    run(...line) {
      const { status, stdout, stderr } = spawnSync('runuser', [...inSession, ...line], { encoding: 'utf8' })
      return { status, said: `${stdout}${stderr}`.trim() }
    },
    launch(...line) {
      return spawnSync('runuser', [...inSession, ...line], { stdio: 'ignore' }).status
    },
    findPrograms: () => linkPrograms(programs),
    program: () => programOf(name),
    async end() {
      bus.process.kill()
      display.process.kill()
      await Promise.all([once(bus.process, 'exit'), once(display.process, 'exit')])
      rmSync(programs, { recursive: true })
      for (const pid of processesOf(name)) process.kill(pid, 'SIGKILL')
      await gone(name)
      command('userdel', '--remove', name)
    },
  }
}

/** Runs a command as root and throws if it fails. */
export function command(program, ...args) {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`)
  return stdout
}

function pathWithoutNode() {
  const folder = mkdtempSync(join(tmpdir(), 'path-'))
  command('chmod', '755', folder)
  linkPrograms(folder)
  return folder
}

/** Links every program of the system except Node's. A later call adds programs installed since. */
function linkPrograms(folder) {
  const programs = ['/usr/sbin', '/usr/bin', '/usr/local/bin'].flatMap((place) =>
    readdirSync(place).map((program) => [program, join(place, program)]),
  )
  const linked = new Set(readdirSync(folder))
  for (const [program, path] of new Map(programs)) {
    if (!node.test(program) && !linked.has(program)) symlinkSync(path, join(folder, program))
  }
}

async function startDisplay() {
  const server = spawn(
    'Xvfb',
    ['-displayfd', '3', '-screen', '0', '1600x1000x24', '-nolisten', 'tcp', '-ac'],
    { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] },
  )
  const [number] = await once(server.stdio[3], 'data')
  return { name: `:${String(number).trim()}`, process: server }
}

/** A session bus. It ends with the shell that runs in it. */
async function startBus(as) {
  const shell = 'echo "$DBUS_SESSION_BUS_ADDRESS"; exec cat'
  const bus = spawn('runuser', [...as, 'dbus-run-session', '--', 'sh', '-c', shell], {
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  const [address] = await once(bus.stdout, 'data')
  return { address: String(address).trim(), process: bus }
}

function processesOf(name) {
  const { stdout } = spawnSync('ps', ['-u', name, '-o', 'pid='], { encoding: 'utf8' })
  return stdout.split('\n').map(Number).filter(Boolean)
}

/** The main process: runs Electron without `--type` (Chromium's child processes) and without a .cjs file (workers). */
function programOf(name) {
  const mains = processesOf(name).filter((pid) => {
    try {
      const words = readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
      const isElectron = basename(readlinkSync(`/proc/${pid}/exe`)).startsWith('electron')
      return isElectron && !words.some((word) => word.startsWith('--type=') || word.endsWith('.cjs'))
    } catch {
      return false
    }
  })
  return mains[0] ?? null
}

async function gone(name) {
  while (processesOf(name).length > 0) await new Promise((resolve) => setTimeout(resolve, 100))
}
