import { promises as fs } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { beforeEach, describe, expect, it } from 'vitest'
import { labError } from '../../../src/contract/errors'
import { addToLog } from '../../../src/files/rolling-log'
import { reportCrash } from '../../../src/lab/crash-reports'
import { makeFolder, writeAtomic, writeFolder } from '../../../src/files/atomic'

let parent: string

beforeEach(async () => {
  parent = await fs.mkdtemp(join(tmpdir(), 'atomic-'))
})

describe('a folder that is written', () => {
  it('is seen when it is whole', async () => {
    const folder = join(parent, 'new', 'model')
    await writeFolder(folder, async (making) => {
      await fs.writeFile(join(making, 'a'), '1')
      expect(await fs.readdir(join(parent, 'new'))).not.toContain('model')
      await fs.writeFile(join(making, 'b'), '2')
    })
    expect(await fs.readdir(folder)).toEqual(['a', 'b'])
    expect(await fs.readdir(join(parent, 'new'))).toEqual(['model'])
  })

  it('is not there when it could not be filled, and what is said of it names it', async () => {
    const folder = join(parent, 'model')
    const filling = writeFolder(folder, async (making) => {
      await fs.writeFile(join(making, 'a'), '1')
      throw labError('disk-full', { path: join(making, 'b') })
    })
    await expect(filling).rejects.toMatchObject({ code: 'disk-full', params: { path: join(folder, 'b') } })
    expect(await fs.readdir(parent)).toEqual([])
  })

  it('takes the place of nothing', async () => {
    const folder = join(parent, 'model')
    await writeFolder(folder, (making) => writeAtomic(join(making, 'a'), 'mine'))
    const again = writeFolder(folder, (making) => writeAtomic(join(making, 'b'), 'yours'))
    await expect(again).rejects.toMatchObject({ code: 'already-there', params: { path: folder } })
    expect(await fs.readdir(parent)).toEqual(['model'])
    expect(await fs.readdir(folder)).toEqual(['a'])
  })
})

describe('who may look into a folder', () => {
  const modeOf = async (path: string) => (await fs.stat(path)).mode & 0o777

  it("is this user alone for the lab's own, whatever the umask", async () => {
    const runs = join(parent, 'data', 'runs')
    await makeFolder(runs)
    addToLog(join(parent, 'logged', 'logs', 'lab.log'), 'x')
    reportCrash(join(parent, 'crashed', 'logs'), { process: 'main', code: 'x' })
    for (const path of [runs, ...['data', 'logged', 'crashed'].map((name) => join(parent, name))]) {
      expect(await modeOf(path)).toBe(0o700)
    }
  })

  it('is for the user to say where it is an export, and where it was there before', async () => {
    const usual = join(parent, 'usual')
    await fs.mkdir(usual)
    const usualMode = await modeOf(usual)
    await writeFolder(join(parent, 'exports', 'model'), () => Promise.resolve())
    expect(await modeOf(join(parent, 'exports'))).toBe(usualMode)
    expect(await modeOf(join(parent, 'exports', 'model'))).toBe(usualMode)
    await fs.chmod(join(parent, 'exports'), 0o750)
    await makeFolder(join(parent, 'exports', 'runs'))
    expect(await modeOf(join(parent, 'exports'))).toBe(0o750)
  })
})
