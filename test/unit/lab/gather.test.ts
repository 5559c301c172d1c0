import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { basename, join } from 'path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { toErrorMessage } from '../../../src/contract/errors'
import { createGathering, type Gathering } from '../../../src/lab/gather'

const canLink = process.platform !== 'win32'

let folder: string
let gathering: Gathering
const own = (name: string) => join(folder, name)

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dalab-gather-test-'))
  for (const name of ['a.npy', 'b.npy']) writeFileSync(own(name), name)
  gathering = createGathering()
})
afterEach(async () => {
  await gathering.close()
  rmSync(folder, { recursive: true })
})

describe('files that were dropped together', () => {
  it('are in one folder, under their names, until the lab closes', async () => {
    const files = [
      { path: own('a.npy'), name: 'images.npy' },
      { path: own('b.npy'), name: 'more/labels.npy' },
    ]
    const { path } = await gathering.gather({ name: 'digits', files })
    expect(basename(path)).toBe('digits')
    expect(readFileSync(join(path, 'images.npy'), 'utf8')).toBe('a.npy')
    expect(readFileSync(join(path, 'more/labels.npy'), 'utf8')).toBe('b.npy')
    await gathering.close()
    expect(existsSync(path)).toBe(false)
    expect(statSync(own('a.npy')).size).toBe(5)
  })

  it.each([
    ['digits', '../outside.npy'],
    ['..', 'a.npy'],
    ['digits', 'a/../../b.npy'],
  ])('cannot leave their folder: %s, %s', async (name, inside) => {
    const order = { name, files: [{ path: own('a.npy'), name: inside }] }
    const error = await gathering.gather(order).catch(toErrorMessage)
    expect(error).toMatchObject({ code: 'upload-name-unusable' })
  })

  it('of one name are refused, and stay as they are', async () => {
    const files = ['a.npy', 'b.npy'].map((name) => ({ path: own(name), name: 'images.npy' }))
    const error = await gathering.gather({ name: 'digits', files }).catch(toErrorMessage)
    expect(error).toMatchObject({ code: 'upload-name-twice', params: { file: 'images.npy' } })
    expect(readFileSync(own('a.npy'), 'utf8')).toBe('a.npy')
  })

  it.runIf(canLink)('are the files to which links lead', async () => {
    symlinkSync('a.npy', own('link.npy'))
    const { path } = await gathering.gather({
      name: 'x',
      files: [{ path: own('link.npy'), name: 'images.npy' }],
    })
    expect(readFileSync(join(path, 'images.npy'), 'utf8')).toBe('a.npy')
  })

  it.runIf(canLink)('are no devices', async () => {
    const error = await gathering
      .gather({ name: 'x', files: [{ path: '/dev/zero', name: 'zero' }] })
      .catch(toErrorMessage)
    expect(error).toMatchObject({ code: 'file-unreadable' })
  })

  it('that do not exist are an error', async () => {
    const order = { name: 'x', files: [{ path: own('none'), name: 'none' }] }
    expect(await gathering.gather(order).catch(toErrorMessage)).toMatchObject({ code: 'file-not-found' })
  })
})
