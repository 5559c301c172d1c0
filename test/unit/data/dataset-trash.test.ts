import { promises as fs } from 'fs'
import { join } from 'path'
import { beforeEach, describe, expect, it } from 'vitest'
import { noChoices } from '../../../src/contract/reading'
import { encodeNpz } from '../../../src/data/stored-arrays'
import { equalImages, imagesOf } from '../../../src/data/dataset'
import { deleteTrashedDatasets, restoreDataset, trashDataset } from '../../../src/data/dataset-trash'
import { listDatasets, openDataset, summaryOf } from '../../../src/data/open-dataset'
import { importDataset } from '../../../src/data/import-dataset'
import { listTrashedDatasets } from '../../../src/data/trashed'
import { decodeBitmap, newFolder, refusalOf } from './support'

const reading = { decode: decodeBitmap, choices: noChoices }
let datasets: string

/** Imports two images of one pixel, the first with the given brightness. */
async function bring(name: string, first: number): Promise<void> {
  const file = join(await newFolder(), 'brought.npz')
  const train = { pixels: Uint8Array.of(first, 9), labels: Uint8Array.of(0, 1) }
  await fs.writeFile(file, encodeNpz(equalImages({ width: 1, height: 1, channels: 1, train, test: null })))
  await importDataset(file, name, datasets, reading)
}

beforeEach(async () => {
  datasets = await newFolder()
  await bring('形状 (photos)', 5)
})

const listed = async () => (await listDatasets(datasets)).map(({ id }) => id).slice(2)
const trashed = async () => (await listTrashedDatasets(datasets)).map(({ name }) => name)
const firstPixel = async (name: string) => imagesOf(await openDataset(name, datasets)).train.pixels[0]

describe('the trash of datasets', () => {
  it('takes a dataset whole and gives it back', async () => {
    const before = await openDataset('形状 (photos)', datasets)
    expect(await trashDataset('形状 (photos)', datasets)).toBe('形状 (photos)')
    expect([await listed(), await trashed()]).toEqual([[], ['形状 (photos)']])
    const [found] = await listTrashedDatasets(datasets)
    expect(found).toMatchObject({ dataset: { id: '形状 (photos)', classNames: ['0', '1'] } })
    expect(found?.bytes).toBeGreaterThan(100)
    expect(await restoreDataset('形状 (photos)', datasets)).toBe('形状 (photos)')
    expect([await listed(), await trashed()]).toEqual([['形状 (photos)'], []])
    expect(await openDataset('形状 (photos)', datasets)).toEqual(before)
  })

  it('passes over files that lie in it', async () => {
    await trashDataset('形状 (photos)', datasets)
    await fs.writeFile(join(datasets, 'trash', 'desktop.ini'), '')
    expect(await trashed()).toEqual(['形状 (photos)'])
  })

  it('is where a dataset is said to be that something asks for', async () => {
    await trashDataset('形状 (photos)', datasets)
    for (const ask of [openDataset, summaryOf]) {
      expect(await refusalOf(() => ask('形状 (photos)', datasets))).toEqual({
        code: 'dataset-in-trash',
        params: { name: '形状 (photos)' },
      })
    }
  })

  it('keeps two of one name apart, and overwrites nothing on the way back', async () => {
    await trashDataset('形状 (photos)', datasets)
    await bring('形状 (photos)', 7)
    expect(await refusalOf(() => restoreDataset('形状 (photos)', datasets))).toMatchObject({
      code: 'dataset-exists',
    })
    expect(await trashDataset('形状 (photos)', datasets)).toBe('形状 (photos)~2')
    await restoreDataset('形状 (photos)', datasets)
    expect(await firstPixel('形状 (photos)')).toBe(5)
    expect(await trashed()).toEqual(['形状 (photos)~2'])
  })

  it('holds a dataset whole whose move was cut short, whatever is imported meanwhile', async () => {
    await trashDataset('形状 (photos)', datasets)
    // The state after a power cut between the two renames.
    const images = '形状 (photos).npz'
    await fs.rename(join(datasets, 'trash', '形状 (photos)', images), join(datasets, images))
    await bring('形状 (photos)', 7)
    await trashDataset('形状 (photos)', datasets)
    await restoreDataset('形状 (photos)', datasets)
    expect(await firstPixel('形状 (photos)')).toBe(5)
  })

  it('takes a dataset whose images are gone, which opening it still says', async () => {
    const file = join(datasets, '形状 (photos).npz')
    await fs.unlink(file)
    await trashDataset('形状 (photos)', datasets)
    await restoreDataset('形状 (photos)', datasets)
    expect(await refusalOf(() => openDataset('形状 (photos)', datasets))).toEqual({
      code: 'file-not-found',
      params: { file },
    })
  })

  it('takes nothing that comes with the lab, and names the nearest', async () => {
    for (const [name, nearest] of [
      ['形状 (photo)', '形状 (photos)'],
      ['mnist', ''],
      ['../形状', ''],
    ] as const) {
      expect(await refusalOf(() => trashDataset(name, datasets))).toMatchObject({
        code: 'unknown-dataset',
        params: { name, nearest },
      })
    }
    await trashDataset('形状 (photos)', datasets)
    expect(await refusalOf(() => restoreDataset('形状 (photo)', datasets))).toEqual({
      code: 'dataset-not-in-trash',
      params: { name: '形状 (photo)', nearest: '形状 (photos)' },
    })
    expect((await refusalOf(() => restoreDataset('../trash', datasets))).code).toBe('dataset-not-in-trash')
  })

  it('deletes only what is named', async () => {
    await bring('kept', 1)
    for (const name of ['形状 (photos)', 'kept']) await trashDataset(name, datasets)
    expect(await deleteTrashedDatasets(['..', 'none'], datasets)).toBe(0)
    expect(await deleteTrashedDatasets(['形状 (photos)'], datasets)).toBeGreaterThan(100)
    expect(await trashed()).toEqual(['kept'])
  })
})
