import { promises as fs } from 'fs'
import { join } from 'path'
import { describe, expect, it } from 'vitest'
import { writeCheckpoint } from '../../../src/checkpoints/checkpoint'
import { appendEvent } from '../../../src/checkpoints/metrics'
import { attemptPath, checkpointPath } from '../../../src/checkpoints/run-folder'
import { createRun } from '../../../src/checkpoints/runs'
import { isElsewhere, pathsToAllow, targetToOpen } from '../../../src/lab/named-paths'
import { emptyFolder, experiment, facts, tensor } from '../checkpoints/samples'

const path = '/home/me/faces.npz'
const named = { ...experiment, target: { ...experiment.target, dataset: path } }
const time = '2026-11-28T00:00:00.000Z'

async function runWith(state: 'finished' | 'stopped', imported?: { allowed: string[] }) {
  const data = await emptyFolder()
  const facets = { experiment: named, machinery: null, parent: null, state, ...(imported && { imported }) }
  const run = await createRun(data, facets, (making) =>
    writeCheckpoint(checkpointPath(making, 1), { ...facts, experiment: named }, [tensor('x', 4)]),
  )
  return { data, ...run, asked: () => pathsToAllow(run.folder, run.record) }
}
const started = (resumedFrom: { round: number; step: number } | null) =>
  ({ type: 'started', time, resumedFrom }) as const

describe('a place on the network or a device', () => {
  it.each([
    '\\\\host\\share\\set.npz',
    '//host/share/set.npz',
    '\\/host/share',
    '/\\host\\share',
    '\\\\.\\PhysicalDrive0',
    '\\\\?\\C:\\set.npz',
    '\\??\\C:\\set.npz',
    '/dev/zero',
    '/dev',
    '/tmp/../dev/zero',
    '/./proc/self/environ',
    '/sys/kernel',
    `${'../'.repeat(40)}dev/zero`,
  ])('is %s', (text) => {
    expect(isElsewhere(text)).toBe(true)
  })

  it.each([
    '/home/me/dev/set.npz',
    './dev/set.npz',
    'C:\\data\\set.npz',
    '/devices/set.npz',
    '/data/x//y.npz',
  ])('is not %s', (text) => {
    expect(isElsewhere(text)).toBe(false)
  })
})

describe('the path of a run', () => {
  it('is opened again where the run was started here', async () => {
    const { folder, asked } = await runWith('stopped')
    expect(await asked()).toEqual([])
    await appendEvent(folder, started(null))
    expect(await asked()).toEqual([])
  })

  it('is asked for where the run was imported, as long as it was not allowed', async () => {
    expect(await (await runWith('finished', { allowed: [] })).asked()).toEqual([path])
    expect(await (await runWith('finished', { allowed: ['/another.npz'] })).asked()).toEqual([path])
    expect(await (await runWith('finished', { allowed: [path] })).asked()).toEqual([])
  })

  it('is asked for where an earlier version imported the run and did not write that down', async () => {
    const untouched = await runWith('finished')
    expect(await untouched.asked()).toEqual([path])
    await appendEvent(untouched.folder, started({ round: 2, step: 0 }))
    expect(await untouched.asked()).toEqual([path])
  })
})

describe('the target that a checkpoint is evaluated on', () => {
  const open = (data: string, checkpoint: string, given?: string) =>
    targetToOpen(
      { folders: () => ({ data, datasets: data, backbones: data, logs: data }) },
      checkpoint,
      { target: named.target },
      given,
    )

  it('is its own where it lies in a run that was started here, by any path to it', async () => {
    const { data, folder } = await runWith('stopped')
    expect((await open(data, checkpointPath(folder, 1))).dataset).toBe(path)
    expect((await open(data, attemptPath(folder, 1))).dataset).toBe(path)
    const link = join(await emptyFolder(), 'link.safetensors')
    await fs.symlink(checkpointPath(folder, 1), link)
    expect((await open(data, link)).dataset).toBe(path)
  })

  it('is asked for elsewhere, and is what the user names', async () => {
    const { data, folder } = await runWith('stopped')
    const aside = join(await emptyFolder(), 'copy.safetensors')
    await fs.copyFile(checkpointPath(folder, 1), aside)
    for (const checkpoint of [
      aside,
      join(folder, 'copy.safetensors'),
      join(folder, 'pause', 'copy.safetensors'),
    ]) {
      await expect(open(data, checkpoint)).rejects.toMatchObject({
        code: 'path-not-named',
        params: { origin: checkpoint, path, option: '--dataset PATH' },
      })
      expect((await open(data, checkpoint, '/mine.npz')).dataset).toBe('/mine.npz')
    }
  })

  it('is not a path that the run’s own record does not name', async () => {
    const { data, folder } = await runWith('stopped')
    const other = { ...named.target, dataset: '/home/me/secret.npz' }
    const place = { folders: () => ({ data, datasets: data, backbones: data, logs: data }) }
    await expect(
      targetToOpen(place, checkpointPath(folder, 1), { target: other }, undefined),
    ).rejects.toMatchObject({ code: 'path-not-named', params: { path: '/home/me/secret.npz' } })
  })
})
