/** The page of results: when a goal counts as reached, and which runs are needed. */
import { expect, it } from 'vitest'
import { doneOf, tasksSection, verdictOn } from '../../../build/results/task-page.mjs'
import { argumentsOf, nameOf, readTasks } from '../../../build/results/task-runs.mjs'
import { listPresets } from '../../../src/data/presets'
import { applySettings, readExperiment } from '../../../src/contract/check'
import { methods } from '../../../src/methods/registry'
import { gapClosed } from '../../../src/statistics/gap'
import { wilsonInterval } from '../../../src/statistics/interval'
import { spreadOf } from '../../../src/statistics/spread'

const declarations = methods.map(({ declaration }) => declaration)
const statistics = { spreadOf, wilsonInterval, gapClosed }
const task = {
  id: 'one',
  title: 'One',
  preset: 'published',
  settings: {},
  seeds: [0, 1],
  measure: 'chosenPairing' as const,
  goal: { least: 0.99 },
  published: '',
}
const resultOf = (seed: number, accuracy: number, id = 'one') => ({
  task: id,
  seed,
  seconds: 60,
  images: 2000,
  before: { chosenPairing: 0.5, bestPairing: 0.5 },
  after: { chosenPairing: accuracy, bestPairing: accuracy },
  attempts: [],
  labelFree: {
    entropy: 0.01,
    diversity: 0.69,
    mutualInformation: 0.68,
    agreement: 0.98,
    discriminatorConfusion: null,
    sourceKept: 0.99,
    density: 4,
  },
})
const verdict = (goal: object, accuracies: number[], reference: number[] = []) => {
  const done = doneOf(
    { ...task, goal },
    accuracies.map((accuracy, seed) => resultOf(seed, accuracy)),
    statistics,
  )
  const other = doneOf(
    { ...task, id: 'other' },
    reference.map((accuracy, seed) => resultOf(seed, accuracy, 'other')),
    statistics,
  )
  return verdictOn(done, () => other, statistics)
}

it('a goal is reached, reached within the error of the test images, or not', () => {
  expect(verdict({ least: 0.99 }, [0.995, 0.991])).toBe('reached')
  // Upper ends of the intervals over 2,000 images: 0.991 for 0.987, and 0.977 for 0.97.
  expect(verdict({ least: 0.99 }, [0.995, 0.987])).toBe('within error')
  expect(verdict({ least: 0.99 }, [0.995, 0.97])).toBe('not reached')
  expect(verdict({ mean: 0.98 }, [0.97, 0.99])).toBe('reached')
  expect(verdict({ mean: 0.9 }, [])).toBe('not run yet')
  expect(verdict({ mean: 0.9 }, [0.95])).toBe('reached so far, 1 of 2 seeds to come')
})

it('a goal beside a reference waits for it', () => {
  const near = { mean: 0.97, near: 'other', most: 0.004 }
  expect(verdict(near, [0.975, 0.975])).toBe('reference not run yet')
  expect(verdict(near, [0.975, 0.975], [0.978])).toBe('reached')
  expect(verdict(near, [0.975, 0.975], [0.999])).toBe('not reached')
})

it('a gap is closed between plain source-only and target-supervised, once both have run', () => {
  const ladder = { plain: 'plain', views: 'views', supervised: 'supervised' }
  const all = (accuracy: number, references: readonly string[]) => {
    const make = (id: string, value: number) =>
      doneOf(
        { ...task, id, goal: { gap: 0.5 }, ladder },
        [0, 1].map((seed) => resultOf(seed, value, id)),
        statistics,
      )
    const done = new Map([
      ['plain', make('plain', 0.6)],
      ['supervised', make('supervised', 1)],
    ])
    return verdictOn(
      make('one', accuracy),
      (id) => (references.includes(id) ? done.get(id) : undefined),
      statistics,
    )
  }
  expect(all(0.81, ['plain', 'supervised'])).toBe('reached')
  expect(all(0.799, ['plain', 'supervised'])).toBe('not reached')
  expect(all(0.9, ['plain'])).toBe('references not run yet')
})

it('the page names every task, and each seed that was run', () => {
  const page = tasksSection([task, { ...task, id: 'two' }], [resultOf(1, 0.9876)], statistics)
  expect(page).toContain('| `two` | One | chosen | 0 of 2 | – |')
  expect(page).toContain('### `one`: One')
  expect(page).toContain('| 1 | 0.5000 | 0.9876 |')
  expect(page).not.toContain('### `two`')
})

it('a preset that took more than ten minutes is named', () => {
  const pageOf = (seconds: readonly number[]) =>
    tasksSection(
      [task],
      seconds.map((taken, seed) => ({ ...resultOf(seed, 0.99), seconds: taken })),
      statistics,
    )
  expect(pageOf([600, 48])).toContain('| `published` | 2 | 48 | 600 |')
  expect(pageOf([600, 48])).not.toContain('took longer')
  expect(pageOf([48, 601])).toContain('took longer: `published`.')
})

it('a run that is made to fail shows what is known of it without labels; a goal that is missed, why', () => {
  const tried = 'It was tried.'
  const page = tasksSection([{ ...task, symptom: true, tried }], [resultOf(1, 0.9876)], statistics)
  expect(page).toContain('| 1 | 0.5000 | 0.9876 | 0.9876 | 0.9876 | 0.0100 | 0.6900 | 0.6800 | 0.9800 | – |')
  expect(page).toContain('It was tried.')
})

it('what adaptation adds is told apart from what views of the source had closed', () => {
  const ladder = { plain: 'plain', views: 'views', supervised: 'supervised' }
  const tasks = ['one', ...Object.values(ladder)].map((id) => ({ ...task, id, seeds: [0], ladder }))
  const results = [0.96, 0.6, 0.9, 1].map((accuracy, at) => resultOf(0, accuracy, tasks[at]?.id))
  expect(tasksSection(tasks, results, statistics)).toMatch(/\| `one` .*\| 0\.90 \| 0\.60 \|/)
})

it('every task is one that the lab would run, under a name of its own', async () => {
  const tasks = readTasks()
  const presets = await listPresets()
  expect(new Set(tasks.map(({ id }) => id)).size).toBe(tasks.length)
  for (const one of tasks) {
    const preset = presets.find(({ id }) => id === one.preset)
    expect(preset, one.id).toBeDefined()
    const [, , , ...settings] = argumentsOf(one, 3)
    const given = settings.map((text) => text.split(/=(.*)/s).slice(0, 2) as [string, string])
    const experiment = readExperiment(applySettings(preset?.experiment, given, declarations), declarations)
    expect(experiment.seed).toBe(3)
    expect(nameOf(one, 3)).toBe(`${one.id}.seed-3`)
  }
})
