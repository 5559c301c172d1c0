/** A folder of many images: read by several processes, with progress, and cancelled without a trace. */
import { linkSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'fs'
import { join } from 'path'
import { expect, it } from 'vitest'
import { noChoices } from '../../src/contract/reading'
import { importDataset } from '../../src/data/import-dataset'
import { importedFolder } from '../../src/data/imported'
import { decodeImage } from '../../src/workers/decode-image'
import { openLab, temporaryFolder, useProgramsInFile } from './programs'

useProgramsInFile()
const kinds = join(__dirname, '../fixtures/kinds')
const names = ['turned-6.jpg', 'chroma-420.jpg', 'grey-16.png', 'lossy.webp', 'rgb-raw.tif']

/** A folder of one class, of links to a few images. */
function folderOf(count: number): string {
  const [folder, few] = [temporaryFolder(), temporaryFolder()]
  mkdirSync(join(folder, 'a'))
  for (const name of names) writeFileSync(join(few, name), readFileSync(join(kinds, name)))
  for (let index = 0; index < count; index++) {
    linkSync(join(few, names[index % names.length] ?? ''), join(folder, 'a', String(index)))
  }
  return folder
}

it('many images are read by other processes as by one, in order, with progress to the end', async () => {
  const count = 120
  const folder = folderOf(count)
  const data = temporaryFolder()
  const { lab, events } = await openLab(data)
  const summary = await lab.call('importDataset', { path: folder, name: 'many' })
  const progress = events.flatMap((event) =>
    event.type === 'reading' && event.path === folder ? [event.progress] : [],
  )
  await lab.close()
  expect(progress[progress.length - 1]).toMatchObject({ done: count, total: count })
  const alone = join(temporaryFolder(), 'datasets')
  const same = await importDataset(folder, 'many', alone, { decode: decodeImage, choices: noChoices })
  expect(summary.notes).toEqual(same.notes)
  expect(summary.notes).toEqual([
    { code: 'images-turned', params: { count: count / 5 } },
    { code: 'images-deep', params: { count: count / 5 } },
  ])
  const [one, other] = [join(data, 'datasets', 'many.pixels'), join(alone, 'many.pixels')]
  expect(readFileSync(one).equals(readFileSync(other))).toBe(true)
  // An archive also holds the time at which it was written.
  expect(await importedFolder('many', join(data, 'datasets'))).toEqual(await importedFolder('many', alone))
})

it('a cancelled import leaves no file behind', async () => {
  const folder = folderOf(5000)
  const data = temporaryFolder()
  const { lab, until } = await openLab(data)
  const importing = lab.call('importDataset', { path: folder, name: 'many' }).catch((error: unknown) => error)
  await until((event) => event.type === 'reading')
  expect(readdirSync(join(data, 'datasets'))).not.toEqual([])
  await lab.call('cancelReading', { path: folder })
  expect(await importing).toMatchObject({ code: 'reading-cancelled' })
  expect(readdirSync(join(data, 'datasets'))).toEqual([])
  await lab.close()
})
