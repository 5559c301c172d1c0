import { promises as fs } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { beforeEach, describe, expect, it } from 'vitest'
import { labError } from '../../../src/contract/errors'
import { writeAtomic, writeFolder } from '../../../src/files/atomic'

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
