import { expect, it } from 'vitest'
import { ladderChanges } from '../../../src/cli/commands/ladder'
import type { CommandContext } from '../../../src/cli/command'
import { runVariants } from '../../../src/cli/variants'
import { eachSeed, nameWith } from '../../../src/cli/seeds'
import { experimentSchema, maxSeed } from '../../../src/contract/experiment'
import { wordsIn } from '../../../src/language/words'
import { listPresets } from '../../../src/data/presets'
import { applySettings, readExperiment } from '../../../src/contract/check'
import { methods } from '../../../src/methods/registry'
import { gapClosed } from '../../../src/statistics/gap'

const digits = { dataset: 'mnist', classes: [0, 1] }
const tiny = { name: 'tiny', source: digits, target: digits, pairing: [0, 1] }

it('the gap closed is a share of what labels would give', () => {
  expect(gapClosed(0.8, 0.95, 0.99)).toBeCloseTo(0.15 / 0.19, 12)
  expect(gapClosed(0.8, 0.7, 0.99)).toBeLessThan(0)
  expect(gapClosed(0.9, 0.95, 0.9)).toBeNull()
  expect(gapClosed(null, 0.95, 0.99)).toBeNull()
})

it('an experiment that was run to its end is not run again, whatever it was called', async () => {
  const preset = (await listPresets()).find(({ id }) => id === 'published')
  if (preset === undefined) throw new Error('no such preset')
  const { experiment } = preset
  const started: unknown[] = []
  const lab = {
    call(name: string, input: { run?: string }) {
      if (name === 'start') started.push(input)
      const answers: Record<string, unknown> = {
        runs: [
          { id: 'other', state: 'finished' },
          { id: 'same', state: 'finished' },
        ],
        run: {
          summary: { folder: '/runs', id: input.run, state: 'finished', rounds: 40 },
          record: {
            parent: null,
            labelledTarget: [],
            experiment: { ...experiment, name: 'Another name', seed: input.run === 'same' ? 0 : 1 },
          },
        },
        history: [],
        checkpoints: [],
        card: {},
      }
      return Promise.resolve(answers[name])
    },
  }
  const terminal = { say: wordsIn('en'), note: () => undefined }
  const context = { lab, terminal } as unknown as CommandContext
  const ids = async (seeds: number | undefined) =>
    (await runVariants(context, [{ label: 'adapted', experiment }], seeds)).map(({ outcomes }) =>
      outcomes.map(({ id }) => id),
    )
  expect(await ids(undefined)).toEqual([['same']])
  expect(await ids(2)).toEqual([['same', 'other']])
  expect(started).toEqual([])
})

it('seeds that there are not are refused before the first is trained', async () => {
  const last = { ...experimentSchema.parse(tiny), seed: maxSeed }
  expect(eachSeed(last, 1).map(({ seed }) => seed)).toEqual([maxSeed])
  expect(() => eachSeed(last, 2)).toThrow(
    expect.objectContaining({ code: 'seeds-beyond', params: { seed: maxSeed, count: 2, most: maxSeed } }),
  )
  // The lab is not called.
  const variants = [tiny, { ...tiny, seed: maxSeed }].map((one) => ({
    label: '',
    experiment: experimentSchema.parse(one),
  }))
  await expect(runVariants({} as CommandContext, variants, 2)).rejects.toMatchObject({ code: 'seeds-beyond' })
})

it('further seeds are named after theirs, and a long name keeps it', () => {
  const named = (name: string) =>
    eachSeed(experimentSchema.parse({ ...tiny, name }), 2).map((one) => one.name)
  expect(named('x')).toEqual(['x (0)', 'x (1)'])
  expect(named('y'.repeat(120))[1]).toBe(`${'y'.repeat(116)} (1)`)
  expect(nameWith('x', 'z'.repeat(200))).toHaveLength(120)
})

it('every step of the ladder can be trained, of every preset, and is begun again only where it adapts', async () => {
  const declarations = methods.map(({ declaration }) => declaration)
  for (const { id, experiment } of await listPresets()) {
    for (const [step, changes] of Object.entries(ladderChanges)) {
      const changed = readExperiment(applySettings(experiment, changes, declarations), declarations)
      expect(changed.restarts, `${id}, ${step}`).toEqual(step === 'adapted' ? experiment.restarts : null)
    }
  }
})
