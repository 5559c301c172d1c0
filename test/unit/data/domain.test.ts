import { promises as fs } from 'fs'
import { join } from 'path'
import { describe, expect, it } from 'vitest'
import { domainSchema, modelSchema, type Domain } from '../../../src/contract/experiment'
import { openDataset, summaryOf } from '../../../src/data/open-dataset'
import { imagesOf } from '../../../src/data/dataset'
import { loadDomain, unseenDomain, type DomainImages } from '../../../src/data/domain'
import { loadDomains } from '../../../src/data/experiment-samples'
import { encodeIdx } from '../../../src/data/codecs/idx'
import { areStored, valuesBetween } from '../../../src/data/pixels'
import { picturesOf } from '../../../src/data/pictures'
import type { FloatImages } from '../../fixtures/samples'
import { newFolder, refusalOf } from './support'
import { sampleTable } from './tables'

const where = { datasets: 'nowhere' }
const grey = modelSchema.parse({})
const domain = (settings: Partial<Domain>): Domain =>
  domainSchema.parse({ dataset: 'usps', classes: ['3', '1'], ...settings })
const loadAs = async (settings: Partial<Domain>, model = grey) =>
  (await loadDomain(domain(settings), model, where)) as DomainImages

/** The domain with its pixels in float32. */
async function load(settings: Partial<Domain>, model = grey): Promise<FloatImages> {
  const images = await loadAs(settings, model)
  const length = images.count * images.size ** 2 * images.channels
  if (areStored(images.pixels)) throw new Error('these are stored')
  return { ...images, pixels: valuesBetween(images.pixels, 0, length) }
}

const imageAt = ({ pixels, channels }: FloatImages, i: number) =>
  pixels.subarray(i * 784 * channels, (i + 1) * 784 * channels)

function correlation(a: Float32Array, b: Float32Array): number {
  const product = (x: Float32Array, y: Float32Array) =>
    x.reduce((sum, value, i) => sum + value * (y[i] ?? 0), 0)
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b))
}

describe('a domain', () => {
  it('is bytes where every image is one of the dataset as it is, and the floats say the same', async () => {
    const mnist = { dataset: 'mnist', classes: ['0', '1'], count: 20 }
    const unshifted: Domain['shifts'] = [{ kind: 'translation', right: 0, down: 0 }]
    for (const pixels of ['unit', 'symmetric'] as const) {
      for (const channels of [1, 3] as const) {
        const model = modelSchema.parse({ pixels, channels })
        const { pixels: found } = await loadAs(mnist, model)
        if (found instanceof Float32Array || areStored(found)) throw new Error('these are no bytes')
        const floats = await loadAs({ ...mnist, shifts: unshifted }, model)
        expect(floats.pixels).toBeInstanceOf(Float32Array)
        expect((await load(mnist, model)).pixels).toEqual(floats.pixels)
        expect(found.bytes).toHaveLength(20 * 784 * channels)
      }
    }
    expect((await loadAs(mnist, modelSchema.parse({ side: 14 }))).pixels).toBeInstanceOf(Float32Array)
    expect((await loadAs({})).pixels).toBeInstanceOf(Float32Array)
  })

  it('of MNIST is its images to the last digit: byte / 255', async () => {
    const images = imagesOf(await openDataset('mnist', 'nowhere'))
    const loaded = await load({ dataset: 'mnist', classes: ['0', '1'], count: 50 })
    expect([loaded.count, loaded.size, loaded.channels, loaded.pixels.length]).toEqual([50, 28, 1, 50 * 784])
    loaded.indices.forEach((index, i) => {
      expect(images.train.labels[index]).toBe(loaded.labels[i])
      const bytes = images.train.pixels.subarray(index * 784, (index + 1) * 784)
      expect(imageAt(loaded, i)).toEqual(Float32Array.from(bytes, (byte) => byte / 255))
    })
  })

  it("numbers labels by the domain's classes", async () => {
    const images = imagesOf(await openDataset('usps', 'nowhere'))
    const { labels, indices } = await load({ classes: ['7', '2'], count: 40 })
    indices.forEach((index, i) => expect(images.train.labels[index]).toBe([7, 2][labels[i] ?? NaN]))
    expect(new Set(labels)).toEqual(new Set([0, 1]))
  })

  it('takes all images of its classes, each once', async () => {
    const { indices, count } = await load({})
    expect(count).toBe(1005 + 658)
    expect(new Set(indices).size).toBe(count)
  })

  it('makes later classes rarer by equal factors, and takes of each a part of what it has', async () => {
    const all = await load({ classes: ['3', '1', '2'] })
    const rare = await load({ classes: ['3', '1', '2'], rarest: 0.25 })
    const counts = [0, 1, 2].map((label) => rare.labels.filter((one) => one === label).length)
    expect(counts).toEqual([658, Math.round(1005 * 0.5), Math.round(731 * 0.25)])
    expect(Array.from(all.indices)).toEqual(expect.arrayContaining(Array.from(rare.indices)))
    const few = await load({ classes: ['3', '1', '2'], rarest: 0.25, count: 30 })
    expect(few.indices).toEqual(rare.indices.slice(0, 30))
  })

  it('takes a part of what a larger count takes, another with another seed', async () => {
    const many = await load({ count: 300 })
    const few = await load({ count: 100 })
    const other = await load({ count: 100, seed: 1 })
    expect(few.indices).toEqual(many.indices.slice(0, 100))
    expect(few.pixels).toEqual(many.pixels.slice(0, few.pixels.length))
    expect(other.indices).not.toEqual(few.indices)
  })

  it('takes the same images whatever the shifts and the order of classes', async () => {
    const plain = await load({ count: 20 })
    const shifted = await load({
      count: 20,
      classes: ['1', '3'],
      shifts: [{ kind: 'noise', deviation: 0.3 }],
    })
    expect(shifted.indices).toEqual(plain.indices)
    expect(shifted.labels).toEqual(plain.labels.map((label) => 1 - label))
  })

  it('of the test split has none of the training images', async () => {
    const train = await load({ partition: 'pooled' })
    const test = await load({ partition: 'pooled', split: 'test' })
    expect(Array.from(test.indices).filter((index) => train.indices.includes(index))).toEqual([])
    expect(train.count + test.count).toBe(1005 + 264 + 658 + 166)
  })

  it('shows an image alike in whatever selection it is', async () => {
    const shifts: Domain['shifts'] = [
      { kind: 'noise', deviation: 0.2 },
      { kind: 'noise', deviation: 0.2 },
      { kind: 'coloured-background' },
    ]
    const rgb = modelSchema.parse({ channels: 3 })
    const all = await load({ shifts, classes: ['3'], count: 60 }, rgb)
    const pooled = await load({ shifts, classes: ['3', '5'], partition: 'pooled' }, rgb)
    const shared = Array.from(all.indices).filter((index) => pooled.indices.includes(index))
    expect(shared.length).toBeGreaterThan(20)
    for (const index of shared) {
      const [here, there] = [all.indices.indexOf(index), pooled.indices.indexOf(index)]
      expect(imageAt(all, here)).toEqual(imageAt(pooled, there))
    }
  })

  it('draws the noise of two images, two shifts and two seeds anew', async () => {
    const flat = { kind: 'contrast', factor: 0 } as const
    const noise = { kind: 'noise', deviation: 0.05 } as const
    const first = async (shifts: Domain['shifts'], seed = 0) =>
      (await load({ dataset: 'mnist', classes: ['1'], count: 2, shifts, seed })).pixels
    const [even, once, twice] = [
      await first([flat]),
      await first([flat, noise]),
      await first([flat, noise, noise]),
    ]
    const added = (from: Float32Array, to: Float32Array, image: number) =>
      to.slice(image * 784, (image + 1) * 784).map((value, i) => value - (from[image * 784 + i] ?? NaN))
    const draws = [
      added(even, once, 0),
      added(even, once, 1),
      added(once, twice, 0),
      added(await first([flat], 1), await first([flat, noise], 1), 0),
    ]
    for (const [i, here] of draws.entries()) {
      for (const there of draws.slice(0, i)) expect(Math.abs(correlation(here, there))).toBeLessThan(0.2)
    }
  })

  it('applies its shifts in the order listed', async () => {
    const [first, second] = [{ kind: 'inversion' }, { kind: 'translation', right: 4, down: 0 }] as const
    const before = await load({ count: 1, shifts: [first, second] })
    const after = await load({ count: 1, shifts: [second, first] })
    expect([before.pixels[0], after.pixels[0]]).toEqual([0, 1])
  })

  it('is grey or RGB, in [0, 1] or [-1, 1], as the model asks', async () => {
    const plain = await load({ count: 3 })
    const rgb = await load({ count: 3 }, modelSchema.parse({ channels: 3, pixels: 'symmetric' }))
    expect([rgb.channels, rgb.pixels.length]).toEqual([3, 3 * 784 * 3])
    rgb.pixels.forEach((value, i) =>
      expect(value).toBeCloseTo(2 * (plain.pixels[Math.floor(i / 3)] ?? NaN) - 1, 6),
    )
    const shifts: Domain['shifts'] = [{ kind: 'coloured-background' }]
    const coloured = await load({ count: 3, shifts }, modelSchema.parse({ channels: 3 }))
    const luma = await load({ count: 3, shifts })
    const [red = NaN, green = NaN, blue = NaN] = coloured.pixels
    expect(luma.pixels[0]).toBeCloseTo(0.299 * red + 0.587 * green + 0.114 * blue, 5)
  })

  it('comes from a dataset of floats as from one of bytes', async () => {
    const folder = await newFolder()
    const [bytes, floats] = [join(folder, 'bytes.npz'), join(folder, 'floats.npz')]
    await fs.writeFile(bytes, sampleTable('bytes'))
    await fs.writeFile(floats, sampleTable('floats'))
    const from = (dataset: string) => load({ dataset, classes: ['0', '1'] })
    expect((await from(floats)).pixels).toEqual((await from(bytes)).pixels)
  })

  it('is refused with more images than there are, and says how many', async () => {
    expect(await refusalOf(() => load({ classes: ['3'], count: 659 }))).toEqual({
      code: 'count-too-large',
      params: { domain: 'usps', asked: 659, available: 658 },
    })
  })

  it('is refused with a class that the dataset does not have', async () => {
    expect(await refusalOf(() => load({ classes: ['3', '12'] }))).toEqual({
      code: 'unknown-class',
      params: { dataset: 'usps', class: '12', nearest: '1', known: '0, 1, 2, 3, 4, 5, 6, 7, 8, 9' },
    })
  })
})

describe('the unseen images of a domain', () => {
  it('are all of the test split, of the same classes and shifts', async () => {
    const seen = domain({ count: 100, shifts: [{ kind: 'inversion' }] })
    const unseen = unseenDomain(seen, await summaryOf('usps', 'nowhere'))
    expect(unseen).toEqual({ ...seen, split: 'test', count: 'all' })
  })

  it('are none where training uses the test split, or the files hold one set only', async () => {
    expect(unseenDomain(domain({ split: 'test' }), await summaryOf('usps', 'nowhere'))).toBeNull()
    const folder = await newFolder()
    await fs.writeFile(join(folder, 'x-images-idx3-ubyte'), encodeIdx([10, 1, 1], new Uint8Array(10)))
    await fs.writeFile(join(folder, 'x-labels-idx1-ubyte'), encodeIdx([10], new Uint8Array(10)))
    const own = domain({ dataset: folder, classes: ['0'] })
    const summary = await summaryOf(folder, 'nowhere')
    expect(unseenDomain(own, summary)).toBeNull()
    expect(unseenDomain({ ...own, partition: 'pooled' }, summary)).toMatchObject({ split: 'test' })
    expect(await refusalOf(() => loadDomain({ ...own, split: 'test' }, grey, where))).toEqual({
      code: 'no-such-split',
      params: { dataset: folder, split: 'original/test' },
    })
  })

  it('come with the images of an experiment', async () => {
    const experiment = {
      source: domain({ classes: ['0', '1'], count: 30 }),
      target: domain({ count: 20 }),
      model: grey,
    }
    const { source, target, unseenTarget } = await loadDomains(experiment, where)
    expect([source.count, target.count, unseenTarget?.count]).toEqual([30, 20, 264 + 166])
    expect(target).toEqual(await loadDomain(experiment.target, grey, where))
    const held = { ...experiment, target: domain({ split: 'test' }) }
    expect((await loadDomains(held, where)).unseenTarget).toBeNull()
  })
})

describe('pictures of a domain', () => {
  it('are the bytes that the files hold, whatever the scaling', async () => {
    const images = imagesOf(await openDataset('mnist', 'nowhere'))
    for (const scaling of ['unit', 'symmetric'] as const) {
      const model = modelSchema.parse({ pixels: scaling })
      const loaded = await load({ dataset: 'mnist', classes: ['4', '9'], count: 10 }, model)
      const pictures = picturesOf(loaded, scaling, [7, 2])
      expect(pictures.labels).toEqual([loaded.labels[7], loaded.labels[2]])
      const index = loaded.indices[2] ?? NaN
      const bytes = Buffer.from(pictures.pixels, 'base64').subarray(784)
      expect([...bytes]).toEqual([...images.train.pixels.subarray(index * 784, (index + 1) * 784)])
    }
  })
})
