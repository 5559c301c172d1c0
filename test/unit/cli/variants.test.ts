import { expect, it } from 'vitest'
import { ladderChanges } from '../../../src/cli/commands/ladder'
import { cellsOf } from '../../../src/cli/commands/matrix'
import type { Room } from '../../../src/cli/command'
import { runVariants } from '../../../src/cli/variants'
import { wordsIn } from '../../../src/language/words'
import { listPresets } from '../../../src/data/presets'
import { applySettings, readExperiment } from '../../../src/contract/check'
import { methods } from '../../../src/methods/registry'
import { gapClosed } from '../../../src/statistics/gap'

it('the gap closed is a share of what labels would give', () => {
  expect(gapClosed(0.8, 0.95, 0.99)).toBeCloseTo(0.15 / 0.19, 12)
  expect(gapClosed(0.8, 0.7, 0.99)).toBeLessThan(0)
  expect(gapClosed(0.9, 0.95, 0.9)).toBeNull()
  expect(gapClosed(null, 0.95, 0.99)).toBeNull()
})

it('a matrix has every method on every ordered pair of different datasets', () => {
  const cells = cellsOf(['dann', 'mcc'], ['mnist', 'usps'])
  expect(cells.map(({ label }) => label)).toEqual([
    'dann, mnist → usps',
    'mcc, mnist → usps',
    'dann, usps → mnist',
    'mcc, usps → mnist',
  ])
})

it('an experiment that was run to its end is not run again, whatever it was called', async () => {
  const preset = (await listPresets()).find(({ id }) => id === 'published')
  const experiment = preset?.experiment
  const started: unknown[] = []
  const lab = {
    call(name: string, input: { run?: string }) {
      if (name === 'start') started.push(input)
      const answers: Record<string, unknown> = {
        methods: [{ id: 'adda', parameters: {} }],
        check: experiment,
        runs: [
          { id: 'other', state: 'finished' },
          { id: 'same', state: 'finished' },
        ],
        run: {
          summary: { folder: '/runs', id: input.run, state: 'finished', rounds: 40 },
          record: {
            parent: null,
            experiment: { ...experiment, name: 'Another name', seed: input.run === 'same' ? 0 : 1 },
          },
        },
        history: [],
        checkpoints: [],
      }
      return Promise.resolve(answers[name])
    },
  }
  const terminal = { say: wordsIn('en'), note: () => undefined }
  const room = { lab, terminal } as unknown as Room
  const outcomes = await runVariants(room, experiment, [{ label: 'adapted', settings: [] }])
  expect(outcomes.map(({ outcome }) => outcome.id)).toEqual(['same'])
  expect(started).toEqual([])
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
