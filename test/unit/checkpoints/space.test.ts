import { promises as fs } from 'fs'
import { join } from 'path'
import { describe, expect, it } from 'vitest'
import { writeCheckpoint } from '../../../src/checkpoints/checkpoint'
import { baseNetworks, networkBytes, shapesOf } from '../../../src/checkpoints/shapes'
import { checkSpace, estimateBytes } from '../../../src/checkpoints/space'
import { freeByDf, freeBytes } from '../../../src/files/free-space'
import { viewPath, viewsFolder } from '../../../src/checkpoints/run-folder'
import { bytesIn, bytesOfRun } from '../../../src/checkpoints/usage'
import { modelSchema, type Experiment } from '../../../src/contract/experiment'
import { declaredD } from '../../fixtures/declared'
import { emptyFolder, errorOf, experiment, facts, tensor } from './samples'

const withD = { networks: [declaredD] }
const model = modelSchema.parse({})
const recipeNetworks = [...baseNetworks, declaredD]
const adam = { kind: 'adam', beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const

function changed(
  adaptation: Partial<Experiment['adaptation']>,
  retention: Partial<Experiment['retention']> = {},
) {
  return {
    ...experiment,
    adaptation: { ...experiment.adaptation, ...adaptation },
    retention: { ...experiment.retention, ...retention },
  }
}

describe('the estimate of a run', () => {
  it('counts 6.7 MB a round, and Adam in the pause alone', () => {
    const round = (rounds: number) => estimateBytes(changed({ epochs: rounds }), withD)
    expect((round(41) - round(40)) / 1e6).toBeCloseTo(6.7 + 0.2, 0)
    const more = estimateBytes(changed({ optimiser: adam }), withD) - estimateBytes(experiment, withD)
    expect(more / 1e6).toBeCloseTo(15.6 - 6.7, 0)
  })

  it('is no less than what a round then takes', async () => {
    const path = join(await emptyFolder(), 'a.safetensors')
    const shapes = recipeNetworks.flatMap((id) => Object.entries(shapesOf(id, model, 2)))
    const tensors = shapes.map(([name, shape]) => tensor(name, ...shape))
    await writeCheckpoint(path, facts, tensors)
    const values = recipeNetworks.reduce((sum, id) => sum + networkBytes(id, model, 2), 0)
    const { size } = await fs.stat(path)
    expect(size).toBeGreaterThan(values)
    expect(size).toBeLessThan(values + 100_000)
    const estimate =
      estimateBytes(changed({ epochs: 2 }), withD) - estimateBytes(changed({ epochs: 1 }), withD)
    expect(estimate).toBeGreaterThan(size)
  })

  it('is less where fewer rounds are kept, and where nothing is learned', () => {
    const every = estimateBytes(experiment, withD)
    const nth = estimateBytes(changed({}, { keep: 'every-nth', nth: 5 }), withD)
    const best = estimateBytes(changed({}, { keep: 'best-and-last' }), withD)
    const source = estimateBytes(changed({ epochs: 0 }), { networks: [] })
    expect([every, nth, best, source]).toEqual([every, nth, best, source].sort((a, b) => b - a))
    expect(best).toBeLessThan(50e6)
    expect(source).toBeLessThan(10e6)
  })
})

describe('free space', () => {
  it('is told of a folder that does not exist yet', async () => {
    const folder = await emptyFolder()
    expect(await freeBytes(join(folder, 'a', 'b'))).toBeGreaterThan(0)
  })

  it('is told by df as by the system call', async () => {
    const folder = await emptyFolder()
    const [called, told] = [await freeBytes(folder), await freeByDf(folder)]
    // Other processes write to the disk between the two calls.
    expect(Math.abs((told ?? 0) / (called ?? 0) - 1)).toBeLessThan(0.05)
    expect(await freeByDf(join(folder, 'nowhere'))).toBeNull()
  })

  it('that is too little is refused with both figures', async () => {
    const folder = await emptyFolder()
    await expect(checkSpace(folder, 1)).resolves.toBeUndefined()
    const error = await errorOf(() => checkSpace(folder, 5e18))
    expect(error).toMatchObject({ code: 'not-enough-space', params: { needed: '5000000 TB', path: folder } })
    expect('free' in error.params && error.params.free).toMatch(/^\d+(\.\d)? [kMGT]?B$/)
  })
})

describe('usage', () => {
  it('counts every file once, and follows no link', async () => {
    const folder = await emptyFolder()
    await fs.mkdir(join(folder, 'a'))
    await fs.writeFile(join(folder, 'a', 'b'), Buffer.alloc(300))
    await fs.writeFile(join(folder, 'c'), Buffer.alloc(20))
    expect(await bytesIn(folder)).toBe(320)
    await fs.symlink(folder, join(folder, 'a', 'loop'))
    expect(await bytesIn(folder)).toBeLessThan(320 + 200)
    expect(await bytesIn(join(folder, 'nowhere'))).toBe(0)
  })

  it('of a run is what lies in its folder, as views come one by one, go, and are counted anew', async () => {
    const folder = await emptyFolder()
    const view = (round: number) => fs.writeFile(viewPath(folder, round), Buffer.alloc(100 + round))
    const counted = async () => expect(await bytesOfRun(folder)).toBe(await bytesIn(folder))
    await fs.mkdir(viewsFolder(folder))
    await counted()
    for (const round of [0, 1, 2]) {
      await view(round)
      await counted()
    }
    await Promise.all([view(3), view(4)])
    await counted()
    await fs.unlink(viewPath(folder, 1))
    await counted()
    await view(5)
    await counted()
    await fs.rm(viewsFolder(folder), { recursive: true })
    await fs.mkdir(viewsFolder(folder))
    await view(0)
    await counted()
  })
})
