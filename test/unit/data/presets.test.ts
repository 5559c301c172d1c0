import { promises as fs } from 'fs'
import { join } from 'path'
import { describe, expect, it } from 'vitest'
import { presetSchema } from '../../../src/contract/experiment'
import { checkDomains } from '../../../src/data/check-domain'
import { listDatasets } from '../../../src/data/open-dataset'
import { assetsFolder } from '../../../src/data/bundled'
import { listPresets, readPreset } from '../../../src/data/presets'
import { refusalOf } from './support'

const files = await fs.readdir(join(assetsFolder(), 'presets'))

describe('presets', () => {
  it.each(files)('%s is one, under its own id, whole, in both languages, and can be run', async (file) => {
    const content: unknown = JSON.parse(await fs.readFile(join(assetsFolder(), 'presets', file), 'utf8'))
    const preset = presetSchema.parse(content)
    expect(`${preset.id}.json`).toBe(file)
    for (const words of [preset.title, preset.about, ...preset.choices]) {
      expect(words.en).toMatch(/^[^\u4e00-\u9fff]+$/)
      expect(words.zh).toMatch(/[\u4e00-\u9fff]/)
    }
    // `photos` takes datasets of the user.
    if (preset.id !== 'photos') checkDomains(preset.experiment, await listDatasets('nowhere'))
  })

  it('are listed', async () => {
    expect((await listPresets()).map(({ id }) => `${id}.json`).sort()).toEqual([...files].sort())
  })

  it('hold the published recipe to the letter', async () => {
    const { experiment } = await readPreset('published')
    const { source, target, sourceStage, adaptation, pairing } = experiment
    for (const domain of [source, target]) {
      expect(domain).toMatchObject({ dataset: 'mnist', split: 'train', count: 10_000, shifts: [] })
    }
    expect([source.classes, target.classes, pairing]).toEqual([
      ['0', '1'],
      ['2', '3'],
      [0, 1],
    ])
    const sgd = { kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 }
    expect(sourceStage).toMatchObject({ epochs: 1, learningRate: 0.03, optimiser: sgd, schedule: 'constant' })
    expect(adaptation).toMatchObject({
      method: 'adda',
      epochs: 40,
      learningRate: 1e-5,
      optimiser: sgd,
      schedule: 'constant',
      parameters: { discriminatorLearningRate: 1e-5, discriminatorActivation: 'none' },
    })
  })

  it('hold it with the pairing turned round, and nothing else', async () => {
    const published = (await readPreset('published')).experiment
    const swapped = (await readPreset('published-swapped')).experiment
    expect(swapped).toEqual({ ...published, name: swapped.name, pairing: [1, 0] })
  })

  it.each(['one-shot', 'five-shot'])('hold %s under either pairing, and nothing else apart', async (id) => {
    const { experiment } = await readPreset(id)
    const turned = (await readPreset(`${id}-swapped`)).experiment
    expect(turned).toEqual({ ...experiment, name: turned.name, pairing: [1, 0] })
    expect(experiment.adaptation.shots).toBe(id === 'one-shot' ? 1 : 5)
  })

  it('are refused by an unknown id, with the nearest', async () => {
    expect(await refusalOf(() => readPreset('publishd'))).toEqual({
      code: 'unknown-preset',
      params: { name: 'publishd', nearest: 'published' },
    })
  })
})
