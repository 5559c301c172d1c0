/**
 * `npm run offline -- [--only terminal|window]`: the lab's way from training to evaluation where there is no network but
 * the loopback, and with every address looked at that any of its processes connects or sends to. Prints one JSON
 * document; ends with 1 where an address is not this machine's own, or anything does not work.
 */
import { spawn, spawnSync } from 'child_process'
import { once } from 'events'
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'fs'
import { networkInterfaces, tmpdir } from 'os'
import { join } from 'path'
import { setTimeout as wait } from 'timers/promises'
import { parseArgs } from 'util'
import WebSocket from 'ws'
import { PROTOCOL } from '../../src/contract/host'
import openDisplay from '../desktop/display'
import { callFrom, desktopHost } from '../desktop/electron'
import { runsIn } from '../journey/disk'
import { ended, fillInSmall, start } from '../journey/form'

const stages = ['terminal', 'window'] as const
type Stage = (typeof stages)[number]

const { values: asked } = parseArgs({
  options: {
    only: { type: 'string' },
    /** Set by this program itself, for the half that runs without a network. */
    inside: { type: 'string' },
  },
})

const program = join(__dirname, '..', '..', 'dist', 'cli.cjs')
const small = ['--set', 'source.count=600', 'target.count=600', 'adaptation.learningRate=0.001']

// What runs outside: the namespace, the trace, and what the trace says.

const tools = ['strace', 'unshare', 'ip']
const calls = 'connect,sendto,sendmsg,sendmmsg'

interface Traffic {
  readonly calls: Record<string, number>
  /** Lines of the trace with an address that is not this machine's own, or with a question for a name. */
  readonly strangers: string[]
}

/** Sorts a trace's calls by where they lead. Calls without an address go where their socket was connected to. */
function trafficIn(trace: string): Traffic {
  const counts: Record<string, number> = {}
  const strangers: string[] = []
  for (const line of trace.split('\n')) {
    const family = /sa_family=(AF_\w+)/.exec(line)?.[1]
    if (family === undefined) continue
    const address = /(?:inet_addr\("|inet_pton\(AF_INET6, ")([^"]*)"/.exec(line)?.[1] ?? ''
    const port = /sin6?_port=htons\((\d+)\)/.exec(line)?.[1]
    const isOwn = /^127\./.test(address) || address === '::1' || address === '::ffff:127.0.0.1'
    const isInternet = family === 'AF_INET' || family === 'AF_INET6'
    const isQuiet =
      ['AF_UNIX', 'AF_NETLINK', 'AF_UNSPEC'].includes(family) || (isInternet && isOwn && port !== '53')
    const where = isInternet && isOwn ? 'loopback' : family
    counts[where] = (counts[where] ?? 0) + 1
    if (!isQuiet) strangers.push(line)
  }
  return { calls: counts, strangers }
}

const withLoopback = 'ip link set lo up && exec "$@"'

/** Runs a command in a network of its own, traced; what it says goes to stderr. */
function traced(command: readonly string[]): { readonly status: number | null; readonly trace: string } {
  const folder = mkdtempSync(join(tmpdir(), 'dalab-trace-'))
  const asRoot = process.getuid?.() === 0 ? [] : ['--map-root-user']
  const { status } = spawnSync(
    'unshare',
    // One file a process: in one for all, lines of several would run into each other.
    [
      ...asRoot,
      '--net',
      'sh',
      '-c',
      withLoopback,
      'sh',
      'strace',
      '-ff',
      '-qq',
      '-e',
      `trace=${calls}`,
      '-o',
      join(folder, 'trace'),
      ...command,
    ],
    { stdio: ['ignore', 2, 2] },
  )
  const trace = readdirSync(folder)
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n')
  rmSync(folder, { recursive: true })
  return { status, trace }
}

/** A connection and a name asked for on purpose: a trace that does not show them would show nothing. */
function isSeen(): boolean {
  const deed = `require('net').connect(9, '192.0.2.1').on('error', () => 0); require('dns').lookup('example.org', () => 0)`
  const { strangers } = trafficIn(traced([process.execPath, '-e', deed]).trace)
  return strangers.some((line) => line.includes('192.0.2.1'))
}

function outside(): number {
  const missing = tools.filter(
    (tool) => spawnSync(tool, ['--version'], { stdio: 'ignore' }).error !== undefined,
  )
  if (missing.length > 0) {
    process.stderr.write(
      `Not run: this machine has no ${missing.join(', ')} (apt-get install strace util-linux iproute2).\n`,
    )
    return 2
  }
  const faults: string[] = []
  if (!isSeen()) faults.push('the trace does not show a connection that was made on purpose')
  const found = stages
    .filter((stage) => asked.only === undefined || asked.only === stage)
    .map((stage) => {
      const { status, trace } = traced([process.execPath, __filename, '--inside', stage])
      const { calls: counts, strangers } = trafficIn(trace)
      if (status !== 0) faults.push(`${stage}: ended with ${String(status)}`)
      for (const line of strangers.slice(0, 20)) faults.push(`${stage}: ${line}`)
      return { stage, addresses: counts, elsewhere: strangers.length }
    })
  process.stdout.write(`${JSON.stringify({ stages: found, faults }, null, 2)}\n`)
  return faults.length === 0 ? 0 : 1
}

// What runs inside.

interface Ran {
  readonly stdout: string
}

async function lab(dataFolder: string, ...words: string[]): Promise<Ran> {
  const child = spawn(process.execPath, [program, '--data-folder', dataFolder, '--json', ...words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let stdout = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text))
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${words[0] ?? ''} ended with ${String(code)}`)
  return { stdout }
}

/** Trains, evaluates, serves, and asks the server for its page, a command and its events. */
async function inTerminal(dataFolder: string): Promise<void> {
  const trained = await lab(dataFolder, 'run', '--preset', 'published', '--rounds', '1', ...small)
  const { checkpoints } = JSON.parse(trained.stdout) as { checkpoints: string[] }
  await lab(dataFolder, 'evaluate', checkpoints[1] ?? '')
  await lab(dataFolder, 'datasets')
  await lab(dataFolder, 'doctor')

  const server = spawn(process.execPath, [program, '--data-folder', dataFolder, 'serve'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  server.stdout.setEncoding('utf8').on('data', (text: string) => (said += text))
  const address = () => /(http:\/\/127\.0\.0\.1:\d+)\/#token=([\w-]+)/.exec(said)
  while (address() === null) await wait(50)
  const [, origin = '', token = ''] = address() ?? []
  if (!(await (await fetch(`${origin}/`)).text()).includes('<div')) throw new Error('the page did not come')
  const reply = await fetch(`${origin}/api/call/runs`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}` },
    body: '{}',
  })
  if (((await reply.json()) as { ok: unknown[] }).ok.length !== 1) throw new Error('the run is not listed')
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/api/events`, [PROTOCOL, `token.${token}`])
  await once(socket, 'open')
  socket.terminate()
  server.kill('SIGTERM')
  await once(server, 'close')
}

/** Starts the desktop window, trains a round in it, evaluates its checkpoint and closes it. */
async function inWindow(dataFolder: string): Promise<void> {
  const closeDisplay = await openDisplay()
  const desktop = await desktopHost(dataFolder).open()
  const { page } = desktop
  await page.getByTestId('start').waitFor()
  await page.getByTestId('preset').selectOption('published')
  await fillInSmall(page, { count: 600, rounds: 1, seed: 0 })
  const run = await start(page, dataFolder)
  await ended(page, dataFolder, run)
  const listed = await callFrom(page, 'checkpoints', { run })
  if ('error' in listed) throw new Error(`checkpoints: ${JSON.stringify(listed)}`)
  const [, second] = listed.ok as { path: string }[]
  const evaluated = await callFrom(page, 'evaluate', { checkpoint: second?.path })
  if (!('ok' in evaluated)) throw new Error(`evaluate: ${JSON.stringify(evaluated)}`)
  if (runsIn(dataFolder).length !== 1) throw new Error('there is not one run')
  if (desktop.problems.length > 0) throw new Error(desktop.problems.join('\n'))
  await desktop.close()
  closeDisplay?.()
}

async function inside(stage: Stage): Promise<number> {
  const others = Object.values(networkInterfaces()).flatMap((all) =>
    (all ?? []).filter(({ internal }) => !internal),
  )
  if (others.length > 0) throw new Error('there is a network')
  const dataFolder = mkdtempSync(join(tmpdir(), 'dalab-offline-'))
  await (stage === 'terminal' ? inTerminal(dataFolder) : inWindow(dataFolder))
  rmSync(dataFolder, { recursive: true, force: true })
  return 0
}

const stage = stages.find((one) => one === asked.inside)
void (stage === undefined ? Promise.resolve(outside()) : inside(stage)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  },
)
