/**
 * `npm run offline -- [--only terminal|window]`: the workflow from training to evaluation with no network but the
 * loopback, checking every address that any of the processes connects or sends to. Prints one JSON document; the exit
 * code is 1 if an address is not the machine's own or anything fails.
 */
import { spawn, spawnSync } from 'child_process'
import { once } from 'events'
import { mkdtempSync, rmSync } from 'fs'
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
import { isSeen, traced, trafficIn } from '../survival/offline'

const stages = ['terminal', 'window'] as const
type Stage = (typeof stages)[number]

const { values: asked } = parseArgs({
  options: {
    only: { type: 'string' },
    /** Set by this program itself for the part that runs without a network. */
    inside: { type: 'string' },
  },
})

const program = join(__dirname, '..', '..', 'dist', 'cli.cjs')
const small = ['--set', 'source.count=600', 'target.count=600', 'adaptation.learningRate=0.001']

// Outside the namespace: creates it, runs the trace and evaluates it.

const tools = ['strace', 'unshare', 'ip']

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
  if (!isSeen('without a network'))
    faults.push('the trace does not show a connection that was made on purpose')
  const found = stages
    .filter((stage) => asked.only === undefined || asked.only === stage)
    .map((stage) => {
      const { status, trace } = traced([process.execPath, __filename, '--inside', stage], 'without a network')
      const { calls: counts, strangers } = trafficIn(trace)
      if (status !== 0) faults.push(`${stage}: ended with ${String(status)}`)
      for (const line of strangers.slice(0, 20)) faults.push(`${stage}: ${line}`)
      return { stage, addresses: counts, elsewhere: strangers.length }
    })
  process.stdout.write(`${JSON.stringify({ stages: found, faults }, null, 2)}\n`)
  return faults.length === 0 ? 0 : 1
}

// Inside the namespace.

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

/** Trains, evaluates, serves, and requests the page, a command and events from the server. */
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
