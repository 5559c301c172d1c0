/** A seed that was trained twice counts once everywhere, and the runs left out are named. */
import { promises as fs } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { describe, expect, it } from 'vitest'
import { appendEvent } from '../../../src/checkpoints/metrics'
import { createRun } from '../../../src/checkpoints/runs'
import { experimentSchema, type ExperimentInput } from '../../../src/contract/experiment'
import type { Machinery, Measures, RunRecord } from '../../../src/contract/record'
import { cardOf } from '../../../src/lab/card'
import { compare } from '../../../src/lab/compare'
import { matrixOf } from '../../../src/lab/matrix'
import type { LabContext } from '../../../src/lab/context'
import { countEachSeedOnce } from '../../../src/lab/repeats'
import type { ReadRun } from '../../../src/lab/seeds'
import { validate } from '../../../src/lab/validate'
import { repeatSentence } from '../../../src/language/repeats'
import { labelFree } from '../../label-free'

const base: ExperimentInput = {
  name: 'x',
  source: { dataset: 'mnist', classes: [0, 1] },
  target: { dataset: 'usps', classes: [0, 1] },
  pairing: [0, 1],
  adaptation: { method: 'dann' },
}
const machinery: Machinery = {
  lab: '1.0.0',
  backend: 'tensorflow',
  tensorflow: '2.9.1',
  tfjsNode: '4.22.0',
  oneDnn: true,
  threads: 2,
  node: '20',
  platform: 'linux',
}

interface Told {
  readonly seed?: number
  readonly day?: number
  readonly accuracy?: number
  readonly changes?: Partial<ExperimentInput>
  readonly record?: Partial<RunRecord>
}

const measuresWith = (accuracy: number): Measures => {
  const found = {
    accuracy,
    accuracyBestPairing: accuracy,
    bestPairing: [0, 1],
    perClass: [accuracy, accuracy],
    confusion: [
      [1, 0],
      [0, 1],
    ],
    count: 100,
  }
  return {
    source: found,
    target: found,
    unseenTarget: found,
    discriminatorAccuracy: null,
    sourceCalledSource: null,
    targetCalledSource: null,
    histogram: null,
    proxyADistance: 1,
    mmd: 0.1,
    labelFree,
  }
}

const roundWith = (accuracy: number) => ({
  type: 'round' as const,
  time: '',
  round: 1,
  losses: {},
  measures: measuresWith(accuracy),
  verdicts: null,
  verdictsOnSource: null,
  seconds: 1,
  pairsPerSecond: 1,
})

function run(id: string, { seed = 0, day = 1, accuracy = 0.9, changes = {}, record = {} }: Told): ReadRun {
  return {
    record: {
      schema: 2,
      id,
      created: `2026-01-0${String(day)}`,
      experiment: experimentSchema.parse({ ...base, name: id, seed, ...changes }),
      machinery,
      parent: null,
      state: 'finished',
      rounds: 1,
      labelledTarget: [],
      failure: null,
      ...record,
    },
    figures: { first: null, last: roundWith(accuracy), unreadable: { count: 0, lines: [] }, obstacles: [] },
  }
}

const ids = (runs: readonly ReadRun[]) => runs.map(({ record }) => record.id)

describe('runs of one experiment and seed', () => {
  it('are counted once, by the latest that finished, in the order of the seeds', () => {
    const { runs, repeats } = countEachSeedOnce([
      run('a', {}),
      run('b', { day: 2 }),
      run('c', { seed: 1 }),
      run('d', { day: 3, record: { state: 'stopped' } }),
    ])
    expect(ids(runs)).toEqual(['b', 'c'])
    expect(repeats).toEqual([
      { run: 'a', counted: 'b', seed: '0', outcome: 'same', machinery: [] },
      { run: 'd', counted: 'b', seed: '0', outcome: 'unfinished', machinery: [] },
    ])
  })

  it.each<[string, Told, Told]>([
    ['other images are drawn', {}, { changes: { target: { ...base.target, seed: 1 } } }],
    ['a setting differs', {}, { changes: { adaptation: { method: 'dann', epochs: 3 } } }],
  ])('are two where %s', (_, first, second) => {
    const { runs, repeats } = countEachSeedOnce([run('a', first), run('b', second)])
    expect([ids(runs), repeats]).toEqual([['a', 'b'], []])
  })

  it.each<[string, Told, Partial<ReturnType<typeof countEachSeedOnce>['repeats'][number]>]>([
    [
      'other machinery',
      { record: { machinery: { ...machinery, threads: 8, platform: 'darwin' } } },
      { run: 'a', outcome: 'machinery', machinery: ['threads', 'platform'] },
    ],
    // The later run, but part of its training came from another run.
    ['a branch', { day: 9, record: { parent: { run: 'z', round: 1 } } }, { run: 'a', outcome: 'branch' }],
    ['nothing that is recorded', {}, { run: 'a', outcome: 'unexplained', machinery: [] }],
  ])('that came to other accuracies by %s say so', (_, told, repeat) => {
    const { repeats } = countEachSeedOnce([run('a', { accuracy: 0.8, ...told }), run('b', { day: 2 })])
    expect(repeats).toEqual([expect.objectContaining({ counted: 'b', ...repeat })])
  })
})

it('each outcome has a sentence in both languages that names the seed and both runs', () => {
  for (const outcome of ['same', 'unfinished', 'branch', 'machinery', 'unexplained'] as const)
    for (const language of ['en', 'zh'] as const) {
      const repeat = { run: 'a1', counted: 'b2', seed: '7', outcome, machinery: ['threads', 'oneDnn'] }
      const said = repeatSentence(repeat, language)
      for (const part of ['7', 'a1', 'b2']) expect(said).toContain(part)
      expect(said.includes('oneDNN')).toBe(outcome === 'machinery')
    }
  const repeat = { run: 'a', counted: 'b', seed: '0', outcome: 'same', machinery: [] } as const
  expect(repeatSentence({ ...repeat, machinery: [] }, 'en', (id) => id.toUpperCase())).toBe(
    'Seed 0 counts once: A repeats B, with the same accuracies, and is left out.',
  )
})

describe('seeds 0, 0, 1 and 2 in a data folder', () => {
  async function dataFolder() {
    const data = await fs.mkdtemp(join(tmpdir(), 'repeats-'))
    const made: string[] = []
    for (const [index, seed] of [0, 0, 1, 2].entries()) {
      const experiment = experimentSchema.parse({ ...base, seed })
      const { record, folder, release } = await createRun(data, {
        experiment,
        machinery,
        parent: null,
        state: 'finished',
      })
      await appendEvent(folder, { ...roundWith([0.9, 0.9, 0.6, 0.3][index] ?? 0), time: record.created })
      await release()
      made.push(record.id)
    }
    const folders = () => ({ data, datasets: join(data, 'datasets'), logs: join(data, 'logs') })
    return { place: { folders, methods: [] } as never as LabContext, made }
  }

  it('are three seeds: in the card and its LaTeX row, the table of methods, the validators and side by side', async () => {
    const { place, made } = await dataFolder()
    const [first, second] = made
    const left = [expect.objectContaining({ run: first, counted: second, seed: '0', outcome: 'same' })]

    const card = await cardOf(place, made)
    expect(card.runs.map(({ seed }) => seed)).toEqual(['0', '1', '2'])
    expect(card.target).toMatchObject({ mean: expect.closeTo(0.6, 12) as number })
    expect(card.target?.deviation).toBeCloseTo(0.3, 12)
    expect(card.camps).toEqual({ chosen: 3, other: 0 })
    expect(card.repeats).toEqual(left)
    expect(card.latex.split('\n')[1]?.split(' & ')[2]).toBe('3')

    const { cells } = await matrixOf(place)
    expect(cells.map(({ runs, repeats }) => [runs.length, repeats.length])).toEqual([[3, 1]])
    expect(cells[0]?.target?.mean).toBeCloseTo(0.6, 12)

    const { checkpoints, repeats } = await validate(place, { runs: made, pairing: 'chosen' })
    expect(checkpoints.map(({ run: id }) => id)).toEqual(made.slice(1))
    expect(repeats).toEqual(left)

    const compared = await compare(place, made)
    expect(compared.runs).toHaveLength(4)
    expect(compared.repeats).toEqual(left)
  })
})
