/** "Your images": two drops are imported, an experiment is proposed with its reasons, and errors stand where they were made. */
import { enableAutoUnmount, flushPromises, type VueWrapper } from '@vue/test-utils'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { DatasetSummary } from '../../src/contract/dataset'
import { labError } from '../../src/contract/errors'
import { choicesSchema } from '../../src/contract/reading'
import YourImages from '../../renderer/datasets/YourImages.vue'
import { useCatalogue } from '../../renderer/stores/catalogue'
import { useExperiment } from '../../renderer/stores/experiment'
import * as fixtures from './fixtures'
import { createHost, mountWith } from './host'

enableAutoUnmount(afterEach)
beforeEach(() => localStorage.clear())

const own: DatasetSummary = {
  ...fixtures.dataset,
  channels: 3,
  width: null,
  height: null,
  path: '/data/datasets/own.npz',
  classNames: ['cat', 'dog'],
  counts: { 'original/train': 100, 'pooled/train': 80, 'pooled/test': 20 },
  classCounts: { 'original/train': [50, 50], 'pooled/train': [40, 40], 'pooled/test': [10, 10] },
}
const flat: Partial<DatasetSummary> = { classNames: [], counts: { 'original/train': 30 }, classCounts: {} }

/** @param read what the lab finds at a path */
async function open(read: (path: string, skips: boolean) => Partial<DatasetSummary>) {
  const kept: DatasetSummary[] = [fixtures.dataset]
  const host = createHost({
    datasets: () => [...kept],
    importDataset: ({ path, name, choices }) => {
      const found = read(path, choicesSchema.parse(choices ?? {}).skipUndecodable)
      const dataset = { ...own, id: name, title: name, from: path, ...found }
      kept.push(dataset)
      return dataset
    },
  })
  let next = ''
  host.files.pick = () => Promise.resolve(next)
  const page = mountWith(YourImages, host) as VueWrapper
  await useCatalogue().load()
  const zone = (role: string) => page.get(`[data-testid="zone-${role}"]`)
  async function bring(role: string, path: string): Promise<void> {
    next = path
    await zone(role).get('button').trigger('click')
    await flushPromises()
    await zone(role).get('[role="menuitem"]').trigger('click')
    await flushPromises()
  }
  const problem = (role: string) => zone(role).find('[data-testid="problem"]')
  return { host, page, zone, bring, problem }
}

describe('your images', () => {
  it('two folders give an experiment, with the reasons', async () => {
    const { page, bring, zone } = await open((path) => (path.endsWith('found') ? flat : {}))
    await bring('source', '/home/ann/pets')
    expect(zone('source').text()).toContain('100 samples')
    expect(page.find('[data-testid="proposal"]').exists()).toBe(false)
    await bring('target', '/home/ann/found')
    const { draft } = useExperiment()
    expect(draft.source).toMatchObject({ dataset: 'pets', partition: 'pooled', classes: ['cat', 'dog'] })
    expect(draft.target).toMatchObject({ dataset: 'found', classes: [], unlabelled: true })
    expect(draft.adaptation.method).toBe('mcc')
    expect(page.get('[data-testid="proposal"]').text()).toContain('takes the 2 classes of the source')
    draft.target.dataset = 'mnist'
    await flushPromises()
    expect(page.find('[data-testid="proposal"]').exists()).toBe(false)
  })

  it('a source without labels is refused at the source; another one mends it', async () => {
    const { bring, problem } = await open((path) => (path.endsWith('found') ? flat : {}))
    await bring('source', '/home/ann/found')
    expect(problem('source').text()).toContain('no labels')
    await bring('source', '/home/ann/pets')
    expect(problem('source').exists()).toBe(false)
  })

  it('a target that does not fit is refused at the target, and mended by another source', async () => {
    const { bring, problem } = await open((path) =>
      path.endsWith('/birds') || path.endsWith('more birds')
        ? {
            classNames: ['owl', 'duck', 'gull'],
            classCounts: { 'original/train': [9, 9, 9] },
            counts: { 'original/train': 27 },
          }
        : {},
    )
    await bring('source', '/home/ann/pets')
    await bring('target', '/home/ann/birds')
    expect(problem('target').text()).toContain('owl')
    expect(problem('source').exists()).toBe(false)
    await bring('source', '/home/ann/more birds')
    expect(problem('target').exists()).toBe(false)
  })

  it('a question of the reading is asked in its place, and its answer reads the files again', async () => {
    const { bring, zone, problem } = await open((_, skips) => {
      if (!skips) throw labError('image-undecodable', { file: '/home/ann/pets/cat/notes.txt' })
      return {}
    })
    await bring('source', '/home/ann/pets')
    expect(problem('source').text()).toContain('notes.txt')
    await zone('source').get('[data-choice="skipUndecodable"] button').trigger('click')
    await flushPromises()
    expect(problem('source').exists()).toBe(false)
    expect(zone('source').get('[data-testid="zone-source-dataset"]').text()).toContain('pets')
  })

  it('a folder that was imported before and has not changed is not imported again', async () => {
    const { host, bring } = await open(() => ({}))
    await bring('source', '/home/ann/pets')
    await bring('source', '/home/ann/pets')
    expect(host.calls.filter(({ name }) => name === 'importDataset')).toHaveLength(1)
  })
})
