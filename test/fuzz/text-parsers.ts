/** The parsers of text files: an experiment's file, and the files of a run's folder. */
import { mkdtempSync, rmSync, writeFileSync } from 'fs'
import { mkdir } from 'fs/promises'
import { tmpdir } from 'os'
import { join } from 'path'
import { readAnnotations } from '../../src/checkpoints/annotations'
import { listCheckpoints } from '../../src/checkpoints/checkpoint-list'
import { parseHistory, readHistory } from '../../src/checkpoints/metrics'
import { readPause } from '../../src/checkpoints/pause'
import { readRecord } from '../../src/checkpoints/run-record'
import {
  annotationsPath,
  metricsPath,
  pausePath,
  recordPath,
  viewPath,
} from '../../src/checkpoints/run-folder'
import { seal } from '../../src/checkpoints/sealed'
import { summarise } from '../../src/checkpoints/summary'
import { readView } from '../../src/checkpoints/views'
import { readConfig } from '../../src/cli/config'
import { applySettings, readExperiment } from '../../src/contract/check'
import { withoutSuperseded } from '../../src/lab/history'
import { openSettings } from '../../src/lab/settings'
import { methods } from '../../src/methods/registry'
import { experiment, roundEvent, tensor } from '../unit/checkpoints/samples'
import type { Random } from '../../src/data/random'
import type { Hostile, Parser } from './fuzz'
import { mutateBytes, mutateJson, mutateText, pick } from './mutations'

const declarations = methods.map(({ declaration }) => declaration)
const time = '2026-11-23T10:00:00.000Z'

const record = JSON.stringify({
  schema: 2,
  id: 'run',
  created: time,
  experiment,
  machinery: null,
  parent: null,
  state: 'finished',
  rounds: 2,
  failure: null,
})
const metrics = [
  { type: 'started', time, resumedFrom: null },
  { type: 'loss', time, round: 1, step: 1, steps: 2, losses: { D: 0.5 } },
  roundEvent(0, 0.5),
  roundEvent(1, 0.6),
  { type: 'finished', time, seconds: 3 },
].map((event) => JSON.stringify(event))
const annotations = JSON.stringify({ name: 'a', tags: ['b'], note: 'c', pinned: [1] })
const view = JSON.stringify({
  round: 1,
  sourcePoints: 'AAAA',
  targetPoints: 'AAAA',
  sourceLabels: [0],
  targetLabels: [1],
  sourcePredictions: [0],
  targetPredictions: [1],
  sourceVerdicts: null,
  targetVerdicts: null,
})
const pause = Buffer.concat(
  seal({
    kind: 'pause',
    facts: { phase: 'adaptation', round: 1, step: 2 },
    tensors: [tensor('a', 2)],
  }),
)

const mutatedJson = (json: string, random: Random) =>
  Buffer.from(random.integer(3) === 0 ? mutateText(json, random) : mutateJson(json, random))

const hostileJson: readonly Hostile[] = [
  ...['', 'null', '[]', '{}', '1', '"x"', '{"a":', '\ufeff{}', '{"__proto__":{"polluted":true}}'].map(
    (text) => ({
      what: JSON.stringify(text),
      bytes: Buffer.from(text),
    }),
  ),
  { what: 'zeros', bytes: Buffer.alloc(1000) },
  { what: 'no text', bytes: Buffer.alloc(1000, 0xff) },
  { what: 'deep lists', bytes: Buffer.from('['.repeat(500_000)) },
  { what: 'deep lists that close', bytes: Buffer.from('['.repeat(400_000) + ']'.repeat(400_000)) },
  {
    what: 'deep objects that close',
    bytes: Buffer.from('{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000)),
  },
  {
    what: 'an experiment as deep',
    bytes: Buffer.from(`{"experiment":${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`),
  },
  { what: 'a setting as deep', bytes: Buffer.from(`{"name":${'['.repeat(100_000)}${']'.repeat(100_000)}}`) },
  { what: 'a number of a megabyte', bytes: Buffer.from('9'.repeat(1_000_000)) },
  { what: '40 MB of spaces', bytes: Buffer.alloc(40_000_000, 0x20) },
]

/** A folder for one parser's file. */
function folderFor(name: string): { readonly path: string; remove(): Promise<void> } {
  const path = mkdtempSync(join(tmpdir(), `dalab-fuzz-${name}-`))
  return { path, remove: async () => rmSync(path, { recursive: true, force: true }) }
}

function config(): Parser {
  const folder = folderFor('config')
  const path = join(folder.path, 'experiment.json')
  return {
    name: 'config',
    usual: 2000,
    hostile: () => hostileJson,
    mutated: (random) =>
      mutatedJson(pick(random, [JSON.stringify(experiment), JSON.stringify({ experiment })]), random),
    async read(bytes) {
      writeFileSync(path, bytes)
      const read = readExperiment(await readConfig(path), declarations)
      return applySettings(read, [['adaptation.epochs', '3']], declarations)
    },
    close: folder.remove,
  }
}

/**
 * A run's folder with one file changed. Damage must be reported, not hidden: the run is listed whatever its files
 * contain, and each file gives a result or an error.
 */
async function runFile(
  name: string,
  original: Uint8Array,
  place: (folder: string) => string,
): Promise<Parser> {
  const folder = folderFor(name)
  const path = place(folder.path)
  await mkdir(join(path, '..'), { recursive: true })
  writeFileSync(recordPath(folder.path), record)
  writeFileSync(metricsPath(folder.path), `${metrics.join('\n')}\n`)
  const json = Buffer.from(original).toString('utf8')
  return {
    name,
    usual: 2000,
    hostile: () => hostileJson,
    mutated: (random) => (name === 'pause' ? mutateBytes(original, random) : mutatedJson(json, random)),
    async read(bytes) {
      writeFileSync(path, bytes)
      const summary = await summarise(folder.path)
      if (summary.id === '') throw new Error('the run has no name')
      await listCheckpoints(folder.path)
      withoutSuperseded((await readHistory(folder.path)).events)
      await Promise.all([readRecord(folder.path), readAnnotations(folder.path)])
      await readView(folder.path, 1)
      return readPause(folder.path)
    },
    close: folder.remove,
  }
}

function lines(): Parser {
  const text = `${metrics.join('\n')}\n`
  const damaged = (random: Random) =>
    Buffer.from(
      metrics
        .map((line) => (random.integer(2) === 0 ? line : mutatedJson(line, random).toString('utf8')))
        .join('\n') + '\n',
    )
  return {
    name: 'metrics',
    usual: 2000,
    hostile: () => [...hostileJson, { what: 'a million empty lines', bytes: Buffer.alloc(1_000_000, 0x0a) }],
    mutated: (random) => (random.integer(2) === 0 ? mutateBytes(Buffer.from(text), random) : damaged(random)),
    read: (bytes) => withoutSuperseded(parseHistory(Buffer.from(bytes).toString('utf8')).events),
  }
}

function settings(): Parser {
  const folder = folderFor('settings')
  const path = join(folder.path, 'settings.json')
  const stored = JSON.stringify({ dataFolder: '/data', threads: 2, language: 'en', theme: null })
  return {
    name: 'settings',
    usual: 2000,
    hostile: () => hostileJson,
    mutated: (random) => mutatedJson(stored, random),
    async read(bytes) {
      writeFileSync(path, bytes)
      return (await openSettings(path, folder.path)).current()
    },
    close: folder.remove,
  }
}

export async function textParsers(): Promise<readonly Parser[]> {
  return [
    config(),
    await runFile('run', Buffer.from(record), recordPath),
    lines(),
    await runFile('annotations', Buffer.from(annotations), annotationsPath),
    await runFile('view', Buffer.from(view), (folder) => viewPath(folder, 1)),
    await runFile('pause', pause, pausePath),
    settings(),
  ]
}
