/** Temporary files of uploads and downloads are removed after use. */
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { basename, dirname, join } from 'path'
import { expect, it, onTestFinished } from 'vitest'
import { createTransfers, type Transfers } from '../../../src/server/transfers'

async function opened(): Promise<Transfers> {
  const transfers = await createTransfers()
  onTestFinished(() => transfers.close())
  return transfers
}

it('an upload goes when it was used, with everything of its group', async () => {
  const transfers = await opened()
  const one = await transfers.reserve('digits.npz', null)
  const cat = await transfers.reserve('cats/1.png', 'animals')
  const dog = await transfers.reserve('dogs/1.png', 'animals')
  for (const { file } of [one, cat, dog]) writeFileSync(file, 'x')
  await transfers.used(one.path)
  expect(existsSync(dirname(one.file))).toBe(false)
  expect(existsSync(cat.file)).toBe(true)
  await transfers.used(cat.path)
  expect(existsSync(dog.path)).toBe(false)
})

it('a folder that comes file by file has its own name, and several have the folder above them', async () => {
  const transfers = await opened()
  const last = async (...names: string[]) => {
    let path = ''
    for (const name of names) ({ path } = await transfers.reserve(name, names.length.toString()))
    return basename(path)
  }
  expect(await last('形状 (studio)/circle/1.png', '形状 (studio)/square/1.png')).toBe('形状 (studio)')
  expect(await last('cats/1.png', 'cats/2.png', 'dogs/1.png')).toBe('3')
  expect(await last('cats/1.png', 'cats/2.png', 'cats/3.png', 'notes.txt')).toBe('4')
  expect(await last('a.npy', 'b.npy', 'c.npy', 'd.npy', 'e.npy')).toBe('5')
})

it('nothing is removed for a path that is no upload', async () => {
  const transfers = await opened()
  const { file, path } = await transfers.reserve('animals/cats/1.png', 'g')
  writeFileSync(file, 'x')
  for (const other of [dirname(path), dirname(dirname(path)), dirname(file), file, '/', ''])
    await transfers.used(other)
  expect(existsSync(file)).toBe(true)
})

it('a name that another system would not take, or that leads elsewhere, is refused by name', async () => {
  const transfers = await opened()
  const names = ['a:b.png', 'shapes/what?.png', '../out.png', 'shapes/./1.png', '', `${'x'.repeat(201)}.png`]
  for (const file of names)
    await expect(transfers.reserve(file, 'g')).rejects.toMatchObject({
      code: 'upload-name-unusable',
      params: { file },
    })
  const deep = '1/2/3/4/5/6/7/8/9.png'
  await expect(transfers.reserve(deep, 'g')).rejects.toMatchObject({
    code: 'upload-too-deep',
    params: { file: deep, max: 8 },
  })
})

it('what a killed server left goes when the next one starts', async () => {
  const temporary = mkdtempSync(join(tmpdir(), 'dalab-elsewhere-'))
  onTestFinished(() => rmSync(temporary, { recursive: true }))
  const killed = await createTransfers(temporary)
  const { file } = await killed.reserve('digits.npz', null)
  writeFileSync(file, 'x')
  const [folder = ''] = readdirSync(temporary)
  // Of a process that has ended: no system assigns this id.
  writeFileSync(join(temporary, folder, 'lock'), JSON.stringify({ pid: 2 ** 30, started: null }))
  const next = await createTransfers(temporary)
  expect(existsSync(file)).toBe(false)
  const living = (await next.reserve('digits.npz', null)).file
  writeFileSync(living, 'x')
  const third = await createTransfers(temporary)
  expect(existsSync(living)).toBe(true)
  for (const transfers of [next, third]) await transfers.close()
  expect(readdirSync(temporary)).toEqual([])
})

it('a download goes when it was fetched, the parts of an archive when it is made', async () => {
  const transfers = await opened()
  const folder = await transfers.outFolder()
  const parts = ['a.npy', 'b.npy'].map((name) => join(folder, name))
  for (const part of parts) writeFileSync(part, 'x')
  const [id = ''] = await transfers.offer(parts, 'weights')
  expect(existsSync(folder)).toBe(false)
  const offered = transfers.take(id)
  expect(existsSync(offered?.path ?? '')).toBe(true)
  await transfers.fetched(id)
  expect(transfers.take(id)).toBeNull()
  expect(existsSync(offered?.path ?? '')).toBe(false)
})

it('a download that lies elsewhere is fetched and stays', async () => {
  const transfers = await opened()
  const elsewhere = mkdtempSync(join(tmpdir(), 'dalab-elsewhere-'))
  onTestFinished(() => rmSync(elsewhere, { recursive: true }))
  const file = join(elsewhere, 'a.npy')
  writeFileSync(file, 'x')
  const [id = ''] = await transfers.offer([file], 'weights')
  await transfers.fetched(id)
  expect(existsSync(file)).toBe(true)
})
