import { promises as fs } from 'fs'
import { join } from 'path'
import { beforeEach, describe, expect, it } from 'vitest'
import { writeCheckpoint, readCheckpoint } from '../../../src/checkpoints/checkpoint'
import { checkpointPath } from '../../../src/checkpoints/run-folder'
import { createRun, listRuns, type LockedRun } from '../../../src/checkpoints/runs'
import { deleteTrashedRuns, listTrash, restoreRun, trashRun } from '../../../src/checkpoints/trash'
import { bytesIn } from '../../../src/checkpoints/usage'
import { emptyFolder, errorOf, experiment, facts, tensor } from './samples'

let data: string
let run: LockedRun

beforeEach(async () => {
  data = await emptyFolder()
  run = await createRun(data, { experiment, machinery: null, parent: null, state: 'finished' })
  await writeCheckpoint(checkpointPath(run.folder, 1), facts, [tensor('x', 100)])
  await run.release()
})

async function idsOf(list: typeof listRuns): Promise<string[]> {
  return (await list(data)).map(({ id }) => id)
}

describe('the trash', () => {
  it('takes a run whole and gives it back', async () => {
    const { id } = run.record
    await trashRun(data, id)
    expect([await idsOf(listRuns), await idsOf(listTrash)]).toEqual([[], [id]])
    expect(await restoreRun(data, id)).toBe(run.folder)
    expect([await idsOf(listRuns), await idsOf(listTrash)]).toEqual([[id], []])
    expect((await readCheckpoint(checkpointPath(run.folder, 1))).facts).toEqual(facts)
  })

  it('takes no run that is being written', async () => {
    const { id } = run.record
    await fs.writeFile(join(run.folder, 'lock'), JSON.stringify({ pid: process.pid, started: null }))
    expect(await errorOf(() => trashRun(data, id))).toMatchObject({
      code: 'run-running',
      params: { run: id },
    })
    expect(await idsOf(listRuns)).toEqual([id])
  })

  it('names the nearest where there is no such run', async () => {
    const { id } = run.record
    expect(await errorOf(() => trashRun(data, `${id}x`))).toMatchObject({
      code: 'unknown-run',
      params: { nearest: id },
    })
    await trashRun(data, id)
    expect(await errorOf(() => restoreRun(data, `${id}x`))).toMatchObject({
      code: 'not-in-trash',
      params: { nearest: id },
    })
    expect((await errorOf(() => restoreRun(data, '../runs'))).code).toBe('not-in-trash')
  })

  it('keeps two of one name apart, and overwrites nothing on the way back', async () => {
    const { id } = run.record
    await fs.mkdir(join(data, 'copy'))
    await fs.rename(run.folder, join(data, 'copy', id))
    await fs.mkdir(run.folder)
    await fs.writeFile(join(run.folder, 'first'), '')
    await trashRun(data, id)
    await fs.rename(join(data, 'copy', id), run.folder)
    await trashRun(data, id)
    expect((await idsOf(listTrash)).sort()).toEqual([id, `${id}~2`])
    await restoreRun(data, `${id}~2`)
    expect(await fs.readdir(run.folder)).toContain('run.json')
    const params = { path: run.folder }
    expect(await errorOf(() => restoreRun(data, id))).toMatchObject({ code: 'already-there', params })
    expect(await idsOf(listTrash)).toEqual([id])
  })

  it('is emptied for good of what was named, and says what that freed', async () => {
    const bytes = await bytesIn(run.folder)
    const { id } = run.record
    await trashRun(data, id)
    expect(await deleteTrashedRuns([], data)).toBe(0)
    expect(await deleteTrashedRuns([`${id}~2`, '../runs'], data)).toBe(0)
    expect(await idsOf(listTrash)).toEqual([id])
    expect(await deleteTrashedRuns([id], data)).toBe(bytes)
    expect(await idsOf(listTrash)).toEqual([])
    expect(await deleteTrashedRuns([id], data)).toBe(0)
  })
})
