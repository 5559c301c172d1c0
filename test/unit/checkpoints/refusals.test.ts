/** Errors of the system: a full disk and missing permissions, as root and as another user. */
import { spawn, spawnSync } from 'child_process'
import { once } from 'events'
import { promises as fs } from 'fs'
import { join } from 'path'
import { fileURLToPath } from 'url'
import { build } from 'esbuild'
import { describe, expect, it } from 'vitest'
import { writeAtomic } from '../../../src/files/atomic'
import { readCheckpoint, writeCheckpoint } from '../../../src/checkpoints/checkpoint'
import { roundsOnDisk } from '../../../src/checkpoints/checkpoint-list'
import { appendLine } from '../../../src/checkpoints/metrics'
import { checkpointPath, checkpointsFolder } from '../../../src/checkpoints/run-folder'
import { readRecord } from '../../../src/checkpoints/run-record'
import { createRun, listRuns, lockRun } from '../../../src/checkpoints/runs'
import { summarise } from '../../../src/checkpoints/summary'
import { withoutRights } from '../../without-rights'
import { emptyFolder, errorOf, experiment, facts, tensor } from './samples'

interface Outcome {
  refused: { round: number; error: { code: string; params: Record<string, string> } } | null
  refusedPath: string
  whole: number[]
  files: number
  recorded: number
  state: string
}

/** The program that fills a disk, bundled for the oldest Node that the lab supports. */
async function bundled(folder: string): Promise<string> {
  const outfile = join(folder, 'fill-disk.cjs')
  const entryPoints = [fileURLToPath(new URL('./fill-disk.ts', import.meta.url))]
  await build({ entryPoints, outfile, bundle: true, platform: 'node', format: 'cjs', target: 'node12' })
  return outfile
}

/** A command that runs a program with little space; the script's parameters are folder, node and node's argument. */
type Room = readonly [command: string, ...parameters: string[]]

/** A disk of one megabyte, if the system lets this user mount one. */
const smallDisk: Room = [
  'unshare',
  '-rm',
  'sh',
  '-c',
  'mount -t tmpfs -o size=1m none "$1" && "$2" "$3" "$1"',
  'sh',
]
/** For users who cannot mount: no file above 256 blocks of 512 or 1024 bytes. */
const smallFiles: Room = ['sh', '-c', 'ulimit -f 256 && "$2" "$3" "$1"', 'sh']

function run([command, ...parameters]: Room, folder: string, program: string) {
  return spawnSync(command, [...parameters, folder, process.execPath, program], { encoding: 'utf8' })
}

function outcomeOf(room: Room, folder: string, program: string): Outcome {
  const { stdout, stderr } = run(room, folder, program)
  expect(stderr).toBe('')
  return JSON.parse(stdout) as Outcome
}

/** Tested with a program that does nothing. */
function mayMount(folder: string): boolean {
  return run(smallDisk, folder, '--version').status === 0
}

/** Wherever the writing stopped, only that round is lost; the earlier ones are complete. */
function expectOnlyLastLost({ refused, refusedPath, whole, files, recorded, state }: Outcome): void {
  expect(refused?.error).toEqual({ code: 'disk-full', params: { path: refusedPath } })
  expect(whole).toEqual(Array.from({ length: (refused?.round ?? 0) - 1 }, (_, index) => index + 1))
  expect(whole.length).toBeGreaterThan(1)
  expect(files).toBe(whole.length)
  expect(recorded).toBe(whole.length)
  expect(state).toBe('running')
}

describe('a full disk', () => {
  it('loses the round in progress and none before it', async () => {
    const folder = await emptyFolder()
    const program = await bundled(folder)
    const disk = join(folder, 'disk')
    await fs.mkdir(disk)
    expectOnlyLastLost(outcomeOf(mayMount(disk) ? smallDisk : smallFiles, disk, program))
  })

  it('under a limit on files loses the round in progress and none before it', async () => {
    const folder = await emptyFolder()
    expectOnlyLastLost(outcomeOf(smallFiles, folder, await bundled(folder)))
  })

  it.runIf(process.platform === 'linux')('is named when an event cannot be appended', async () => {
    const error = await errorOf(() => appendLine('/dev/full', '{}'))
    expect(error).toMatchObject({ code: 'disk-full', params: { path: '/dev/full' } })
  })
})

describe('without permission to write', () => {
  /** A folder that everyone can read and nobody can write. */
  async function readOnlyFolder(): Promise<string> {
    const folder = await emptyFolder()
    await fs.writeFile(join(folder, 'kept.json'), 'before')
    await fs.chmod(folder, 0o555)
    return folder
  }

  it('a file is refused by its own name and the old one stays', async () => {
    const folder = await readOnlyFolder()
    const path = join(folder, 'kept.json')
    const error = await errorOf(() => withoutRights(() => writeAtomic(path, 'after')))
    expect(error).toMatchObject({ code: 'no-permission', params: { path } })
    expect(await fs.readFile(path, 'utf8')).toBe('before')
    expect(await fs.readdir(folder)).toEqual(['kept.json'])
  })

  it('a checkpoint and an event are refused', async () => {
    const folder = await readOnlyFolder()
    const path = join(folder, 'a.safetensors')
    const checkpoint = () => writeCheckpoint(path, facts, [tensor('x', 2)])
    expect(await errorOf(() => withoutRights(checkpoint))).toMatchObject({ params: { path } })
    const event = () => appendLine(join(folder, 'metrics.jsonl'), '{}')
    expect(await errorOf(() => withoutRights(event))).toMatchObject({ code: 'no-permission' })
  })

  it('a run is refused before anything is made', async () => {
    const folder = await readOnlyFolder()
    const run = { experiment, machinery: null, parent: null, state: 'running' as const }
    const error = await errorOf(() => withoutRights(() => createRun(folder, run)))
    expect(error).toMatchObject({ code: 'no-permission', params: { path: join(folder, 'runs') } })
    expect(await fs.readdir(folder)).toEqual(['kept.json'])
  })

  it('or to read, a checkpoint is refused', async () => {
    const path = join(await readOnlyFolder(), 'kept.json')
    await fs.chmod(path, 0o000)
    const error = await errorOf(() => withoutRights(() => readCheckpoint(path)))
    expect(error).toMatchObject({ code: 'no-permission', params: { path } })
  })
})

describe('a writer that is killed', () => {
  it('leaves whole rounds, a stale lock and nothing that stays half-written', async () => {
    const folder = await emptyFolder()
    const child = spawn(process.execPath, [await bundled(folder), folder])
    const ended = once(child, 'exit')
    const run = await waitForRounds(folder, 3)
    child.kill('SIGKILL')
    await ended
    expect((await readRecord(run)).state).toBe('running')
    expect((await summarise(run)).state).toBe('interrupted')
    for (const round of await roundsOnDisk(run)) {
      expect((await readCheckpoint(checkpointPath(run, round))).origin).toBe('verified')
    }
    await fs.writeFile(join(checkpointsFolder(run), '.round-0099.dalab.safetensors.7-1.tmp'), 'half')
    const release = await lockRun(run)
    const names = await fs.readdir(checkpointsFolder(run))
    expect(names.filter((name) => name.startsWith('.'))).toEqual([])
    await release()
  })
})

/** Waits for this number of complete rounds; returns the folder of the only run. */
async function waitForRounds(dataFolder: string, count: number): Promise<string> {
  for (;;) {
    const [run] = await listRuns(dataFolder)
    if (run !== undefined && (await roundsOnDisk(run.folder)).length >= count) return run.folder
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
