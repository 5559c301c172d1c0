/** Images sorted into folders of their classes: nothing is overwritten, and equal names stay apart. */
import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  symlinkSync,
  writeFileSync,
} from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { describe, expect, it } from 'vitest'
import { requireFolderNames, requireOutside, sortInto } from '../../../../src/data/predictions/sorting'

const own = mkdtempSync(join(tmpdir(), 'predictions-'))
const folder = (): string => own
let made = 0

function images(): { readonly from: string; readonly to: string } {
  const from = join(folder(), `from-${String(++made)}`)
  mkdirSync(join(from, 'a'), { recursive: true })
  writeFileSync(join(from, '1.png'), 'one')
  writeFileSync(join(from, 'a', '1.png'), 'two')
  return { from, to: join(folder(), `to-${String(made)}`) }
}

describe('sortInto', () => {
  it('copies each file below the folder of its class, by its own path', async () => {
    const { from, to } = images()
    for (const name of ['1.png', 'a/1.png']) {
      await sortInto({ folder: to, by: 'copy' }, 'cat', { file: join(from, name), name })
      // An interrupted call comes again.
      await sortInto({ folder: to, by: 'copy' }, 'cat', { file: join(from, name), name })
    }
    expect(readFileSync(join(to, 'cat', '1.png'), 'utf8')).toBe('one')
    expect(readFileSync(join(to, 'cat', 'a', '1.png'), 'utf8')).toBe('two')
    await sortInto({ folder: to, by: 'copy' }, 'cat', { file: join(from, '1.png'), name: '../up.png' })
    expect(readFileSync(join(to, 'cat', 'up.png'), 'utf8')).toBe('one')
  })

  it.runIf(process.platform !== 'win32')('links to the file itself', async () => {
    const { from, to } = images()
    const sample = { file: join(from, '1.png'), name: '1.png' }
    await sortInto({ folder: to, by: 'link' }, 'cat', sample)
    await sortInto({ folder: to, by: 'link' }, 'cat', sample)
    expect(lstatSync(join(to, 'cat', '1.png')).isSymbolicLink()).toBe(true)
    expect(readlinkSync(join(to, 'cat', '1.png'))).toBe(join(from, '1.png'))
  })

  it('overwrites nothing', async () => {
    const { from, to } = images()
    mkdirSync(join(to, 'cat'), { recursive: true })
    writeFileSync(join(to, 'cat', '1.png'), 'own')
    const sample = { file: join(from, '1.png'), name: '1.png' }
    const taken = { code: 'sort-name-taken', params: { file: join(to, 'cat', '1.png') } }
    await expect(sortInto({ folder: to, by: 'copy' }, 'cat', sample)).rejects.toMatchObject(taken)
    await expect(sortInto({ folder: to, by: 'link' }, 'cat', sample)).rejects.toMatchObject(taken)
    expect(readFileSync(join(to, 'cat', '1.png'), 'utf8')).toBe('own')
  })
})

describe('a copy', () => {
  it('may have the longest name that a system allows, and leaves nothing beside it', async () => {
    const { from, to } = images()
    const name = `${'x'.repeat(251)}.png`
    writeFileSync(join(from, name), 'long')
    await sortInto({ folder: to, by: 'copy' }, 'cat', { file: join(from, name), name })
    expect(readdirSync(join(to, 'cat'))).toEqual([name])
  })

  it('of an image that is gone is refused with the image, not with its place', async () => {
    const { from, to } = images()
    const sample = { file: join(from, 'gone.png'), name: 'gone.png' }
    await expect(sortInto({ folder: to, by: 'copy' }, 'cat', sample)).rejects.toMatchObject({
      params: { file: join(from, 'gone.png') },
    })
  })
})

describe('the folder', () => {
  it('lies outside of the one that is read, also by a link', async () => {
    const { from, to } = images()
    const inside = { code: 'sort-inside-samples' }
    await expect(requireOutside(join(from, 'sorted', 'deep'), from)).rejects.toMatchObject(inside)
    await expect(requireOutside(from, from)).rejects.toMatchObject(inside)
    await requireOutside(`${from}-sorted`, from)
    await requireOutside(join(from, '..', 'beside'), from)
    if (process.platform === 'win32') return
    symlinkSync(from, to)
    await expect(requireOutside(join(to, 'sorted'), from)).rejects.toMatchObject(inside)
  })

  it.each(['a/b', '..', 'con', 'x:y', 'dot.', ' blank', 'line\nfeed', ''])('is not named %j', (name) => {
    expect(() => requireFolderNames(['cat', name])).toThrow('class-not-a-folder')
  })

  it('is not named with more bytes than a system allows', () => {
    requireFolderNames(['类'.repeat(66)])
    expect(() => requireFolderNames(['类'.repeat(67)])).toThrow('class-not-a-folder')
  })

  it.each([
    ['Cat', 'cat'],
    ['caf\u00e9', 'cafe\u0301'],
  ])('is not that of two classes on a system that takes %j and %j for one', (first, second) => {
    expect(() => requireFolderNames([first, 'dog', second])).toThrow('classes-one-folder')
  })

  it('is named like any other class', () => {
    requireFolderNames(['cat', '类别 一', '0', 'don’t', 'x.y'])
  })
})
