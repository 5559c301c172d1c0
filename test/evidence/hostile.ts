/**
 * `npm run hostile -- [--count N] [--seed S] [--rounds N]`: sends hostile requests to the server of `serve` while a
 * run trains in it. The run's weights and figures must equal those of the same experiment trained without requests.
 * Prints one JSON document; the exit code is 1 on any fault.
 */
import { spawn } from 'child_process'
import { mkdtempSync, readFileSync, rmSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { setTimeout as wait } from 'timers/promises'
import { isDeepStrictEqual, parseArgs } from 'util'
import { readCheckpoint } from '../../src/checkpoints/checkpoint'
import { parseHistory } from '../../src/checkpoints/metrics'
import { checkpointPath, metricsPath } from '../../src/checkpoints/run-folder'
import type { CommandInput, CommandName, CommandOutput } from '../../src/contract/lab'
import { sendHostile } from '../survival/hostile'
import { tinyExperiment } from '../survival/tiny-experiment'

const { values: asked } = parseArgs({
  options: {
    count: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    rounds: { type: 'string', default: '300' },
  },
})
const maxMs = 1000
const rounds = Number(asked.rounds)

const experiment = tinyExperiment('under fire', rounds)

interface Server {
  readonly port: number
  readonly token: string
  call<K extends CommandName>(name: K, input: CommandInput<K>): Promise<CommandOutput<K>>
  close(): Promise<void>
}

async function openServer(dataFolder: string): Promise<Server> {
  const program = join(__dirname, '..', '..', 'dist', 'cli.cjs')
  const child = spawn(process.execPath, [program, '--data-folder', dataFolder, 'serve', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (said += text))
  const address = () => /http:\/\/127\.0\.0\.1:(\d+)\/#token=([\w-]+)/.exec(said)
  while (address() === null) await wait(50)
  const [, port = '', token = ''] = address() ?? []
  return {
    port: Number(port),
    token,
    async call(name, input) {
      const response = await fetch(`http://127.0.0.1:${port}/api/call/${name}`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${token}` },
        body: JSON.stringify(input),
      })
      const reply = (await response.json()) as { ok?: unknown; error?: unknown }
      if (reply.error !== undefined) throw new Error(JSON.stringify(reply.error))
      return reply.ok as never
    },
    close() {
      child.kill('SIGTERM')
      return ended
    },
  }
}

async function ended({ call }: Server, run: string): Promise<void> {
  while ((await call('run', { run })).summary.state === 'running') await wait(200)
  // The trainer is about to end; until then the lab starts no other run.
  await wait(3000)
}

/** The results of a run: its last weights, and its figures without times. */
async function computedBy(folder: string) {
  const { tensors } = await readCheckpoint(checkpointPath(folder, rounds))
  const weights = tensors.map(({ name, data }) => [name, Buffer.from(data.buffer).toString('base64')])
  const { events } = parseHistory(readFileSync(metricsPath(folder), 'utf8'))
  const figures = events.flatMap((event) => {
    if (event.type === 'loss') return [[event.round, event.step, event.losses]]
    return event.type === 'round' ? [[event.round, event.losses, event.measures]] : []
  })
  return { weights, figures }
}

async function main(): Promise<number> {
  const dataFolder = mkdtempSync(join(tmpdir(), 'dalab-hostile-'))
  const server = await openServer(dataFolder)
  const train = async () => {
    const began = Date.now()
    const { run, folder } = await server.call('start', { experiment })
    return { run, folder, over: ended(server, run).then(() => (Date.now() - began) / 1000 - 3) }
  }
  const inPeace = await train()
  const secondsInPeace = await inPeace.over
  process.stderr.write(`in peace: ${secondsInPeace} s\n`)

  const underFire = await train()
  const honest: number[] = []
  const fire = new AbortController()
  const asking = (async () => {
    while (!fire.signal.aborted) {
      const began = Date.now()
      await server.call('methods', {})
      honest.push(Date.now() - began)
      await wait(500)
    }
  })()
  const began = Date.now()
  const report = await sendHostile(
    { port: server.port, token: server.token, secrets: [dataFolder, underFire.run] },
    {
      count: Number(asked.count),
      seed: Number(asked.seed),
      most: maxMs,
      note: (done) => process.stderr.write(`${done} requests\n`),
    },
  )
  const seconds = (Date.now() - began) / 1000
  const faults = [...report.faults]
  const { state } = (await server.call('run', { run: underFire.run })).summary
  if (state !== 'running') faults.push('the run ended before the requests did: more --rounds')
  fire.abort()
  await asking
  const secondsUnderFire = await underFire.over
  const [peaceful, fired] = [await computedBy(inPeace.folder), await computedBy(underFire.folder)]
  const sameWeights = isDeepStrictEqual(peaceful.weights, fired.weights)
  const sameFigures = isDeepStrictEqual(peaceful.figures, fired.figures)
  if (!sameWeights) faults.push('the weights differ')
  if (!sameFigures) faults.push('the figures differ')
  await server.close()
  const slowestHonestMs = Math.max(...honest)
  const outcome = { ...report, faults, seconds, secondsInPeace, secondsUnderFire, sameWeights, sameFigures }
  process.stdout.write(`${JSON.stringify({ ...outcome, honest: honest.length, slowestHonestMs }, null, 2)}\n`)
  if (faults.length === 0) rmSync(dataFolder, { recursive: true, force: true })
  return faults.length === 0 ? 0 : 1
}

void main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  },
)
