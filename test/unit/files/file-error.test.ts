/** Errors of the system name the file; where possible, the system itself produces the error. */
import { promises as fs } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { beforeEach, describe, expect, it } from 'vitest'
import { inspectCheckpoint } from '../../../src/checkpoints/checkpoint'
import { listRuns } from '../../../src/checkpoints/runs'
import { toErrorMessage } from '../../../src/contract/errors'
import { listDatasets } from '../../../src/data/open-dataset'
import { makeFolder } from '../../../src/files/atomic'
import { fileError } from '../../../src/files/file-error'
import { makeFolderSync } from '../../../src/files/folder'

let folder: string

beforeEach(async () => {
  folder = await fs.mkdtemp(join(await fs.realpath(tmpdir()), 'refused-'))
})

async function refusalOf(action: () => unknown) {
  try {
    await action()
  } catch (error) {
    return toErrorMessage(error)
  }
  throw new Error('nothing was refused')
}

function systemError(code: string): Error {
  return Object.assign(new Error(`${code}: refused, read`), { code, syscall: 'read' })
}

describe('a path', () => {
  it('of links in a circle', async () => {
    const path = join(folder, 'link')
    await fs.symlink(path, path)
    const refusal = { code: 'links-in-a-circle', params: { path } }
    expect(await refusalOf(() => inspectCheckpoint(path))).toEqual(refusal)
    expect(await refusalOf(() => fs.stat(path))).toEqual(refusal)
  })

  it('that is too long, of which the beginning is shown', async () => {
    const path = join(folder, 'x'.repeat(5000))
    const shown = `${path.slice(0, 200)}…`
    expect(await refusalOf(() => inspectCheckpoint(path))).toEqual({
      code: 'name-too-long',
      params: { path: shown },
    })
  })

  it('with a zero byte, whether or not whoever reads it says which it was', async () => {
    const path = join(folder, 'a\0b')
    expect(await refusalOf(() => inspectCheckpoint(path))).toEqual({
      code: 'path-with-nul',
      params: { path },
    })
    const { code, params } = await refusalOf(() => fs.stat(path))
    expect(code).toBe('path-with-nul')
    expect(params['path']).toContain(folder)
  })

  it('that is empty', async () => {
    expect(await refusalOf(() => inspectCheckpoint(''))).toEqual({ code: 'empty-path', params: { path: '' } })
  })

  it('at which there is something', async () => {
    await fs.writeFile(join(folder, 'a'), '')
    const opening = () => fs.open(join(folder, 'a'), 'wx')
    expect(await refusalOf(opening)).toEqual({ code: 'already-there', params: { path: join(folder, 'a') } })
  })

  it.each(['EIO', 'ENXIO', 'ENODEV', 'ESTALE', 'EBUSY', 'ETIMEDOUT', 'EHOSTDOWN'])(
    'on a device that fails: %s',
    async (code) => {
      const refusal = { code: 'device-failed', params: { path: 'a', problem: code } }
      expect(toErrorMessage(fileError(systemError(code), 'a'))).toEqual(refusal)
    },
  )
})

it.each([
  ['EMFILE', 'program'],
  ['ENFILE', 'system'],
])('too many open files is no matter of a path: %s', (code, limit) => {
  const refusal = { code: 'too-many-open-files', params: { limit } }
  expect(toErrorMessage(systemError(code))).toEqual(refusal)
  expect(toErrorMessage(fileError(systemError(code), 'a'))).toEqual(refusal)
})

it.runIf(process.platform === 'linux')(
  'a write, which names no path, is never said of an empty one',
  async () => {
    const full = await fs.open('/dev/full', 'w')
    const writing = full.write('x')
    const problem: unknown = await writing.catch((error: unknown) => error)
    await full.close()
    expect(toErrorMessage(fileError(problem, '/dev/full'))).toEqual({
      code: 'disk-full',
      params: { path: '/dev/full' },
    })
    const { code, params } = toErrorMessage(problem)
    expect(code).toBe('system-refused')
    expect(params['problem']).toContain('ENOSPC')
  },
)

it.each(['EXDEV', 'EINVAL', 'ENOMEM', 'EAGAIN', 'EADDRNOTAVAIL', 'Unknown system error -117'])(
  'a refusal without a sentence of its own is no defect of the lab: %s',
  (code) => {
    const refusal = { code: 'system-refused', params: { problem: `${code}: refused, read` } }
    expect(toErrorMessage(systemError(code))).toEqual(refusal)
    expect(toErrorMessage(fileError(systemError(code), 'a'))).toEqual(refusal)
  },
)

it('what is no refusal of the system is a defect as before', () => {
  expect(toErrorMessage(new TypeError('x is not a function')).code).toBe('unexpected')
  const ofNode = Object.assign(new Error('a system error occurred'), {
    code: 'ERR_SYSTEM_ERROR',
    syscall: 'uv_os_get_passwd',
  })
  expect(toErrorMessage(ofNode).code).toBe('unexpected')
})

describe('a data folder', () => {
  it('that is a file has neither runs nor datasets to list', async () => {
    const data = join(folder, 'data')
    await fs.writeFile(data, '')
    const refusal = (path: string) => ({ code: 'not-a-folder', params: { path } })
    expect(await refusalOf(() => listRuns(data))).toEqual(refusal(join(data, 'runs')))
    expect(await refusalOf(() => listDatasets(join(data, 'datasets')))).toEqual(
      refusal(join(data, 'datasets')),
    )
    expect(await refusalOf(() => makeFolder(data))).toEqual(refusal(data))
    expect(await listRuns(join(folder, 'nothing'))).toEqual([])
  })

  // Node's recursive mkdir reports "no such file" for the first path, and never returns for the second.
  it.runIf(process.platform === 'linux')(
    'that the system lets nobody make is refused by permission',
    async () => {
      const path = '/proc/dalab/data'
      expect(await refusalOf(() => makeFolder(path))).toEqual({
        code: 'no-permission',
        params: { path: '/proc/dalab' },
      })
      expect(() => makeFolderSync(path)).toThrow('ENOENT')
    },
  )

  it('is made with those above it, and may be there already', async () => {
    const path = join(folder, 'a', 'b', 'c')
    await Promise.all([makeFolder(path), makeFolder(path), makeFolder(path)])
    expect((await fs.stat(path)).isDirectory()).toBe(true)
    const other = join(folder, 'd', 'e')
    makeFolderSync(other)
    makeFolderSync(other)
    expect((await fs.stat(other)).isDirectory()).toBe(true)
  })
})
