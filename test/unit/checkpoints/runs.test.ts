import { promises as fs } from 'fs'
import { join } from 'path'
import { setTimeout as wait } from 'timers/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { annotate, readAnnotations } from '../../../src/checkpoints/annotations'
import { writeCheckpoint } from '../../../src/checkpoints/checkpoint'
import { listCheckpoints } from '../../../src/checkpoints/checkpoint-list'
import { lockHolder } from '../../../src/checkpoints/lock'
import { appendEvent, readHistory } from '../../../src/checkpoints/metrics'
import { clearPause, hasPause, readPause, writePause } from '../../../src/checkpoints/pause'
import {
  annotationsPath,
  checkpointPath,
  lockPath,
  metricsPath,
  pausePath,
  recordPath,
  viewPath,
} from '../../../src/checkpoints/run-folder'
import { newRunId } from '../../../src/checkpoints/run-id'
import { readRecord, updateRecord } from '../../../src/checkpoints/run-record'
import { createRun, findRun, listRuns, withdrawRun, type LockedRun } from '../../../src/checkpoints/runs'
import { summarise } from '../../../src/checkpoints/summary'
import { bytesIn } from '../../../src/checkpoints/usage'
import { readView, writeView } from '../../../src/checkpoints/views'
import { labError, type ErrorMessage } from '../../../src/contract/errors'
import type { RoundView, RunSummary } from '../../../src/contract/run'
import { removeFolder } from '../../../src/files/folder'
import { isPending } from '../../pending'
import { bits, codeOf, emptyFolder, errorOf, experiment, facts, roundEvent, tensor } from './samples'

let data: string

const broken = (file: string): ErrorMessage => ({ code: 'run-file-broken', params: { file } })
const misfit = (file: string, setting: string): ErrorMessage => ({
  code: 'run-file-misfit',
  params: { file, setting },
})
const newer: ErrorMessage = {
  code: 'run-file-newer',
  params: { file: 'run.json', found: 3, supported: 2 },
}
const unreadable = (count: number, lines: string): ErrorMessage => ({
  code: 'run-lines-unreadable',
  params: { file: 'metrics.jsonl', count, lines },
})

beforeEach(async () => {
  data = await emptyFolder()
})

function newRun(name = experiment.name): Promise<LockedRun> {
  const named = { ...experiment, name }
  return createRun(data, { experiment: named, machinery: null, parent: null, state: 'running' })
}

describe('the id of a run', () => {
  it.each([
    ['Published', '2026-11-23-published-'],
    ['域适应 实验', '2026-11-23-域适应-实验-'],
    ['../../etc/passwd', '2026-11-23-etc-passwd-'],
    ['a:b*c?"<>|\\', '2026-11-23-a-b-c-'],
    ['???', '2026-11-23-'],
    ['x'.repeat(120), `2026-11-23-${'x'.repeat(40)}-`],
  ])('of %j says day and name', (name, start) => {
    const id = newRunId(name, new Date('2026-11-23T10:00:00Z'))
    expect(id.slice(0, -4)).toBe(start)
    expect(id.slice(-4)).toMatch(/^[2-9b-df-hj-np-tv-xz]{4}$/)
  })
})

describe('a run', () => {
  it('begins with its record, locked by its maker', async () => {
    const { record, folder, release } = await newRun()
    expect(await readRecord(folder)).toEqual(record)
    expect(record).toMatchObject({ state: 'running', rounds: 0, failure: null, experiment })
    expect((await lockHolder(folder))?.pid).toBe(process.pid)
    expect((await summarise(folder)).state).toBe('running')
    await release()
    expect((await summarise(folder)).state).toBe('interrupted')
  })

  it('is never listed in parts, neither while it is made nor while it is taken away', async () => {
    const listed: RunSummary[] = []
    const comingAndGoing = Promise.all(
      Array.from({ length: 20 }, async (_, place) => {
        const { folder } = await newRun()
        await wait(10 * place)
        await withdrawRun(folder)
      }),
    )
    while (await isPending(comingAndGoing)) listed.push(...(await listRuns(data)))
    await comingAndGoing
    expect(listed.map(({ state, damage }) => ({ state, damage }))).toEqual(
      listed.map(() => ({ state: 'running', damage: [] })),
    )
    expect(listed.length).toBeGreaterThan(0)
    expect(await fs.readdir(join(data, 'runs'))).toEqual([])
  })

  it('is seen with all that it begins with, and not before', async () => {
    const run = { experiment, machinery: null, parent: null, rounds: 3, state: 'finished' } as const
    const { folder } = await createRun(data, run, async (making) => {
      await writeCheckpoint(checkpointPath(making, 3), facts, [tensor('x', 4)])
      expect(await listRuns(data)).toEqual([])
    })
    expect(await readRecord(folder)).toMatchObject({ rounds: 3 })
    expect((await listCheckpoints(folder)).map(({ round }) => round)).toEqual([3])
  })

  it('that cannot be given what it begins with leaves nothing, and is named as it would have been', async () => {
    const run = { experiment, machinery: null, parent: null, state: 'finished' } as const
    let id = ''
    const error = await errorOf(() =>
      createRun(data, run, (making, record) => {
        id = record.id
        throw labError('disk-full', { path: checkpointPath(making, 3) })
      }),
    )
    expect(error.params).toEqual({ path: checkpointPath(join(data, 'runs', id), 3) })
    expect(await fs.readdir(join(data, 'runs'))).toEqual([])
  })

  it('whose maker was killed is swept away later, and not while it may still be made', async () => {
    const hidden = (id: string) => join(data, 'runs', `.${id}.unfinished`)
    for (const id of ['old', 'new']) await fs.mkdir(hidden(id), { recursive: true })
    await fs.utimes(hidden('old'), new Date('2026-01-01'), new Date('2026-01-01'))
    const { record } = await newRun()
    expect((await fs.readdir(join(data, 'runs'))).sort()).toEqual(['.new.unfinished', record.id])
  })

  it('is found by its id alone', async () => {
    const { record, folder } = await newRun()
    expect(await findRun(data, record.id)).toBe(folder)
    const params = { name: record.id.slice(0, -1), nearest: record.id }
    expect(await errorOf(() => findRun(data, params.name))).toMatchObject({ code: 'unknown-run', params })
    for (const path of ['..', '.', '', `../runs/${record.id}`]) {
      expect(await codeOf(() => findRun(data, path))).toBe('unknown-run')
    }
  })

  it('is found by either way of composing its id, and its names and tags are composed', async () => {
    const { record, folder } = await newRun('caf\u00e9')
    expect(record.id).toContain('caf\u00e9')
    expect(await findRun(data, record.id.normalize('NFD'))).toBe(folder)
    const changed = await annotate(folder, { name: 'zoe\u0308', tags: ['u\u0308'] })
    expect(changed).toMatchObject({ name: 'zo\u00eb', tags: ['\u00fc'] })
  })

  it('changes its record in part', async () => {
    const { record, folder } = await newRun()
    await updateRecord(folder, { rounds: 3, state: 'stopped' })
    expect(await readRecord(folder)).toEqual({ ...record, rounds: 3, state: 'stopped' })
  })

  it('is summed up from its small files', async () => {
    const { record, folder } = await newRun()
    for (const [round, accuracy] of [0.584, 0.7, 0.9, 0.8].entries()) {
      await appendEvent(folder, roundEvent(round, accuracy))
    }
    await annotate(folder, { name: 'Mine', tags: ['a'], note: 'n' })
    expect(await summarise(folder)).toEqual({
      id: record.id,
      folder,
      name: 'Mine',
      created: record.created,
      state: 'running',
      heldBy: null,
      method: 'adda',
      rounds: 3,
      epochs: 40,
      bytes: await bytesIn(folder),
      tags: ['a'],
      note: 'n',
      sourceAccuracy: 0.9985,
      sourceAccuracyBefore: 0.9985,
      sourceJudge: 'MS',
      targetAccuracyBefore: 0.584,
      targetAccuracy: 0.8,
      targetAccuracyBestPairing: 0.8,
      unseenTargetAccuracy: 0.4,
      estimatedAccuracy: null,
      estimatedAccuracyBefore: null,
      damage: [],
    })
  })

  it.each<[string, (folder: string) => string, string, ErrorMessage]>([
    ['with an empty run.json', recordPath, '', broken('run.json')],
    ['with a run.json cut short', recordPath, '{"schema":1,"id"', broken('run.json')],
    ['with a run.json that is a list', recordPath, '[]', broken('run.json')],
    ['with a run.json of a newer lab', recordPath, '{"schema":3}', newer],
    ['with damaged annotations', annotationsPath, '{"tags":3}', misfit('annotations.json', 'tags')],
    ['with unknown annotations', annotationsPath, '{"stars":3}', misfit('annotations.json', 'stars')],
    ['with damaged metrics', metricsPath, 'x\ny\n', unreadable(2, '1, 2')],
    ['with many damaged lines', metricsPath, 'x\n'.repeat(9), unreadable(9, '1, 2, 3, 4, 5, …')],
  ])('%s is listed with what is wrong', async (_, path, content, { code, params }) => {
    const { folder, record } = await newRun()
    await fs.writeFile(path(folder), content)
    const [listed] = await listRuns(data)
    expect(listed?.damage).toEqual([{ code, params: { ...params, run: record.id } }])
    expect(listed?.state).toBe(path === recordPath ? 'damaged' : 'running')
  })

  it('with more metrics than are read is listed with what is wrong', async () => {
    const { folder } = await newRun()
    const file = metricsPath(folder)
    await fs.writeFile(file, '')
    await fs.truncate(file, 2 ** 28 + 1)
    const params = { file, megabytes: 257, most: 256 }
    const [listed] = await listRuns(data)
    expect(listed).toMatchObject({ state: 'running', damage: [{ code: 'file-too-large', params }] })
    expect(await errorOf(() => readHistory(folder))).toMatchObject({ code: 'file-too-large', params })
  })

  it.each([
    ['lock', lockPath, 'interrupted'],
    ['metrics.jsonl', metricsPath, 'running'],
  ] as const)(
    'whose %s cannot be read is listed with what is wrong, and hides no other',
    async (_, path, state) => {
      const { folder, record } = await newRun()
      const other = await newRun()
      await removeFolder(path(folder))
      await fs.mkdir(path(folder))
      const listed = new Map((await listRuns(data)).map((run) => [run.id, run]))
      const damage = [{ code: 'not-a-file', params: { path: path(folder) } }]
      expect(listed.get(record.id)).toMatchObject({ state, heldBy: null, damage })
      expect(listed.get(other.record.id)).toMatchObject({ state: 'running', damage: [] })
    },
  )

  it('is listed among others, the newest first, foreign folders too', async () => {
    const first = await newRun()
    await updateRecord(first.folder, { created: '2026-01-01T00:00:00.000Z' })
    const second = await newRun()
    await fs.mkdir(join(data, 'runs', 'holiday pictures'))
    await fs.writeFile(join(data, 'runs', 'notes.txt'), '')
    const listed = await listRuns(data)
    const foreign = listed.filter(({ state }) => state === 'damaged')
    expect(foreign.map(({ id, damage }) => [id, damage])).toEqual([
      [
        'holiday pictures',
        [{ code: 'run-file-missing', params: { run: 'holiday pictures', file: 'run.json' } }],
      ],
    ])
    const ids = listed.filter(({ state }) => state !== 'damaged').map(({ id }) => id)
    expect(ids).toEqual([second.record.id, first.record.id])
  })

  it('is not listed where there is no data folder yet', async () => {
    expect(await listRuns(join(data, 'nowhere'))).toEqual([])
  })
})

describe('the size of a run', () => {
  it('follows its checkpoints as they come and go', async () => {
    const { folder } = await newRun()
    const before = await bytesIn(folder)
    const path = checkpointPath(folder, 1)
    for (const length of [10, 1000, 10]) {
      await writeCheckpoint(path, facts, [tensor('x', length)])
      expect((await summarise(folder)).bytes).toBe(before + (await fs.stat(path)).size)
    }
    const longAgo = new Date('2026-01-01')
    await fs.utimes(join(folder, 'checkpoints'), longAgo, longAgo)
    expect((await summarise(folder)).bytes).toBe(await bytesIn(folder))
    await fs.unlink(path)
    expect((await summarise(folder)).bytes).toBe(before)
  })
})

describe('annotations', () => {
  it('keep what is not changed', async () => {
    const { folder } = await newRun()
    expect(await readAnnotations(folder)).toEqual({ name: null, tags: [], note: '', pinned: [] })
    await annotate(folder, { tags: ['a'], pinned: [2] })
    await annotate(folder, { note: 'n' })
    expect(await readAnnotations(folder)).toEqual({ name: null, tags: ['a'], note: 'n', pinned: [2] })
  })
})

describe('the checkpoints of a run', () => {
  it('are listed with measures, marks and sizes', async () => {
    const { folder, record } = await newRun()
    for (const round of [null, 1, 2, 12]) {
      await writeCheckpoint(checkpointPath(folder, round), { ...facts, round }, [tensor('x', 4)])
    }
    for (const [round, accuracy] of [0.5, 0.7, 0.6].entries()) {
      await appendEvent(folder, roundEvent(round, accuracy))
    }
    await annotate(folder, { pinned: [2] })
    await fs.writeFile(join(folder, 'checkpoints', 'notes.txt'), '')
    const list = await listCheckpoints(folder)
    expect(
      list.map(({ round, best, pinned, measures }) => [round, best, pinned, measures?.target?.accuracy]),
    ).toEqual([
      [null, false, false, 0.5],
      [1, true, false, 0.7],
      [2, false, true, 0.6],
      [12, false, false, undefined],
    ])
    const path = join(folder, 'checkpoints', 'round-0012.dalab.safetensors')
    const { size } = await fs.stat(path)
    expect(list[3]).toMatchObject({ path, run: record.id, runName: 'Published', bytes: size, damage: null })
  })
})

describe('checkpoints of which not everything can be read', () => {
  beforeEach(async () => {
    const { folder } = await newRun()
    for (const round of [1, 2, 3])
      await writeCheckpoint(checkpointPath(folder, round), facts, [tensor('x', 4)])
  })

  async function listed() {
    const [run] = await listRuns(data)
    return (await listCheckpoints(run?.folder ?? '')).map(({ round, damage }) => [
      round,
      damage?.code ?? null,
    ])
  }
  const inRun = async (path: (folder: string) => string) => path((await listRuns(data))[0]?.folder ?? '')

  it('are listed without their measures where metrics.jsonl is what cannot be read', async () => {
    await fs.mkdir(await inRun(metricsPath))
    expect(await listed()).toEqual([
      [1, null],
      [2, null],
      [3, null],
    ])
  })

  it('are listed without the one that was taken away meanwhile', async () => {
    // A dangling link is listed but cannot be opened, like a file that was just deleted.
    const path = await inRun((folder) => checkpointPath(folder, 2))
    await fs.unlink(path)
    await fs.symlink('nowhere', path)
    expect(await listed()).toEqual([
      [1, null],
      [3, null],
    ])
  })

  it('are listed with what the system says of one', async () => {
    const path = await inRun((folder) => checkpointPath(folder, 2))
    await fs.unlink(path)
    await fs.symlink(path, path)
    expect(await listed()).toEqual([
      [1, null],
      [2, 'links-in-a-circle'],
      [3, null],
    ])
  })
})

describe('a checkpoint without content', () => {
  it('is listed as damaged, by the name of its file', async () => {
    const { folder } = await newRun()
    await fs.writeFile(checkpointPath(folder, 3), '')
    const [listed] = await listCheckpoints(folder)
    const params = { file: 'round-0003.dalab.safetensors' }
    expect(listed?.damage).toEqual({ code: 'checkpoint-empty', params })
  })
})

describe('a view', () => {
  const view: RoundView = {
    round: 2,
    sourcePoints: 'AAAAAAAAAAA=',
    targetPoints: 'AAAAAAAAAAA=',
    sourceLabels: [0],
    targetLabels: [1],
    sourcePredictions: [0],
    targetPredictions: [0],
    sourceVerdicts: null,
    targetVerdicts: null,
  }

  it('comes back for its round', async () => {
    const { folder } = await newRun()
    await writeView(folder, view)
    expect(await readView(folder, 2)).toEqual(view)
    expect(await readView(folder, 1)).toBeNull()
  })

  it('that is damaged is said', async () => {
    const { folder, record } = await newRun()
    await writeView(folder, view)
    await fs.truncate(viewPath(folder, 2), 20)
    const params = { run: record.id, file: 'round-0002.json' }
    expect(await errorOf(() => readView(folder, 2))).toMatchObject({ code: 'run-file-broken', params })
  })
})

describe('a pause', () => {
  const state = { phase: 'adaptation', round: 3, step: 57, lossSums: { D: 12.5 }, verdicts: null } as const
  const tensors = [tensor('target_encoder.fc.weight', 4, 3), tensor('target_encoder.updates')]

  it('comes back whole, and is gone when cleared', async () => {
    const { folder } = await newRun()
    expect([await hasPause(folder), await readPause(folder)]).toEqual([false, null])
    await writePause(folder, { state, tensors })
    const read = await readPause(folder)
    expect(read?.state).toEqual(state)
    expect(bits(read?.tensors ?? [])).toEqual(bits(tensors))
    await clearPause(folder)
    await clearPause(folder)
    expect(await hasPause(folder)).toBe(false)
  })

  it('that is damaged is not resumed from', async () => {
    const { folder } = await newRun()
    await writePause(folder, { state, tensors })
    const bytes = await fs.readFile(pausePath(folder))
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] ?? 0) ^ 1
    await fs.writeFile(pausePath(folder), bytes)
    expect(await codeOf(() => readPause(folder))).toBe('checkpoint-damaged')
  })
})
