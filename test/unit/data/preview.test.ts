import { promises as fs } from 'fs'
import { join } from 'path'
import { describe, expect, it } from 'vitest'
import { noChoices } from '../../../src/contract/reading'
import { previewOf } from '../../../src/data/preview'
import { bitmap, decodeBitmap, newFolder } from './support'

const filled = (width: number, height: number) =>
  bitmap(width, height, new Array<number>(width * height).fill(9))

describe('a preview', () => {
  it('says format, range of sizes and progress, and names files from the folder on', async () => {
    const folder = await newFolder()
    const files = {
      'train/a/1.bmp': filled(4, 30),
      'train/a/broken.bmp': Buffer.from('no image'),
      'train/b/1.bmp': filled(16, 8),
      'test/a/1.bmp': filled(2, 10),
      'test/b/1.bmp': filled(4, 10),
    }
    for (const [name, bytes] of Object.entries(files)) {
      await fs.mkdir(join(folder, name, '..'), { recursive: true })
      await fs.writeFile(join(folder, name), bytes)
    }
    const progress: unknown[] = []
    const { format, sizes, summary, sample } = await previewOf(folder, 9, {
      decode: decodeBitmap,
      choices: { ...noChoices, skipUndecodable: true },
      progress: (...done) => progress.push(done),
    })
    expect(format).toBe('image-folder')
    expect(sizes).toEqual({ width: { least: 2, most: 16 }, height: { least: 8, most: 30 } })
    expect(summary.counts).toMatchObject({ 'original/train': 2, 'original/test': 2 })
    expect(sample.labels).toHaveLength(4)
    const skipped = summary.notes.find(({ code }) => code === 'files-skipped')
    expect(skipped?.params).toMatchObject({ count: 1, names: ['train/a/broken.bmp'] })
    expect(progress).toEqual([1, 2, 3, 4].map((done) => [done, 4]))
  })
})
