/**
 * Runs of earlier versions, whose records name classes by position. The records in test/fixtures/records were written
 * by commit c1aae42 (schema 1); the weights for them are trained here, with the settings in these records, because a
 * checkpoint takes 2 to 7 MB.
 */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'fs'
import { join } from 'path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readCheckpoint } from '../../src/checkpoints/checkpoint'
import { checkpointPath, metricsPath, recordPath } from '../../src/checkpoints/run-folder'
import { seal } from '../../src/checkpoints/sealed'
import { leftSeries } from '../../src/checkpoints/series'
import { openCommandLine, type CommandLine } from './command-line'
import { temporaryFolder, useProgramsInFile } from './programs'
import { writeStripes } from './striped'
import { documentOf, type Said } from './terminal'

useProgramsInFile()

const fixture = (name: string) => join(__dirname, '../fixtures/records', name)
const stored = (name: string): object => JSON.parse(readFileSync(fixture(name), 'utf8')) as object
/** The run in the fixtures. */
const id = '2026-11-28-stripes-dqns'

const [newt, dog, owl] = [
  { degrees: 45, length: 14 },
  { degrees: 0, length: 9 },
  { degrees: 90, length: 9 },
]
const turned = (wave: typeof dog) => ({ ...wave, degrees: wave.degrees + 12, inverted: true })
const inverted = { ant: turned(newt), bat: turned(newt), dog: turned(dog), owl: turned(owl) }

let data = ''
let commandLine: CommandLine
let folder = ''

const run = (...argv: string[]): Promise<Said> => commandLine.run('en_GB.UTF-8', ...argv)

async function answerOf<T = Record<string, unknown>>(...argv: string[]): Promise<T> {
  const said = await run(...argv, '--json')
  expect(said.code, said.stderr).toBe(0)
  return documentOf(said) as T
}

async function importStripes(name: string, classes: Parameters<typeof writeStripes>[1]): Promise<void> {
  const path = writeStripes(join(temporaryFolder(), name), classes, 30)
  expect(await run('datasets', '--import', path, '--name', name, '--replace')).toMatchObject({ code: 0 })
}

/** Gives a checkpoint the facts that the earlier version wrote. */
async function sealAgain(round: number | null, facts: object): Promise<void> {
  const { tensors } = await readCheckpoint(checkpointPath(folder, round))
  writeFileSync(checkpointPath(folder, round), Buffer.concat(seal({ kind: 'checkpoint', facts, tensors })))
}

beforeAll(async () => {
  data = temporaryFolder()
  writeFileSync(join(data, 'settings.json'), JSON.stringify({ threads: 1 }))
  commandLine = openCommandLine(data)
  await importStripes('drawn', { cat: newt, dog, owl })
  await importStripes('inverted', inverted)
  const trained = await answerOf<{ run: string }>('run', '--config', fixture('stripes.run.json'))
  folder = join(data, 'runs', id)
  renameSync(trained.run, folder)
  writeFileSync(recordPath(folder), readFileSync(fixture('stripes.run.json')))
  writeFileSync(metricsPath(folder), readFileSync(fixture('stripes.metrics.jsonl')))
  await sealAgain(null, stored('stripes.source.facts.json'))
  await sealAgain(1, stored('stripes.round-0001.facts.json'))
})
afterAll(() => commandLine.close())

interface Evaluated {
  readonly accuracy: number
  readonly confusion: readonly (readonly number[])[]
  readonly domain: { readonly classes: readonly string[] }
}
const evaluated = (...more: string[]) => answerOf<Evaluated>('evaluate', checkpointPath(folder, 1), ...more)

describe('a run of schema 1', () => {
  it('is listed whole, with its figures', async () => {
    const [listed] = await answerOf<{ id: string; targetAccuracy: number; damage: unknown[] }[]>('runs')
    expect(listed).toMatchObject({ id, targetAccuracy: 1, damage: [] })
    const checkpoints = await answerOf<{ round: number | null; damage: unknown }[]>('checkpoints', id)
    expect(checkpoints.map(({ round, damage }) => [round, damage])).toEqual([
      [null, null],
      [1, null],
    ])
  })

  it('names its classes in its card and in its checkpoints', async () => {
    const { experiment, latex } = await answerOf<{ experiment: unknown; latex: string }>('card', id)
    const named = {
      source: { classes: ['dog', 'owl'] },
      target: { classes: ['owl', 'dog'] },
      pairing: [1, 0],
    }
    expect(experiment).toMatchObject(named)
    expect(latex).toContain('dog')
    const { facts } = await answerOf<{ facts: unknown }>('show', checkpointPath(folder, 1))
    expect(facts).toMatchObject({ schema: 2, experiment: named })
  })

  it('is evaluated to its recorded figures, also after its dataset was imported with a class in front', async () => {
    const recorded = stored('stripes.round-0001.facts.json') as { measures: { target: object } }
    const before = await evaluated()
    expect(before).toMatchObject(recorded.measures.target)
    expect(before.domain.classes).toEqual(['owl', 'dog'])
    const text = await run('evaluate', checkpointPath(folder, 1))
    expect(text.stdout).toMatch(/classes owl, dog/)
    expect(text.stdout).toMatch(/dog +owl *\n.*\n?owl +0 +30\s*\ndog +30 +0/)
    // Positions 3 and 2, which the record holds, are now "dog" and "bat".
    await importStripes('inverted', { aardvark: turned(newt), ...inverted })
    expect(await evaluated()).toEqual(before)
    expect((await evaluated('--classes', 'dog,owl')).accuracy).toBe(1)
    const wrong = await evaluated('--classes', '#3,#2', '--pairing', '1,0')
    expect(wrong.accuracy).toBeLessThan(1)
  })

  it('goes on, and its record is then one of this version', async () => {
    const outcome = await answerOf<{ id: string; rounds: number }>('resume', id, '--rounds', '2')
    expect(outcome).toMatchObject({ id, rounds: 2, state: 'finished' })
    expect(JSON.parse(readFileSync(recordPath(folder), 'utf8'))).toMatchObject({
      schema: 2,
      experiment: { source: { classes: ['dog', 'owl'] }, target: { classes: ['owl', 'dog'] } },
    })
    const branch = await answerOf('resume', id, '--round', '1', '--set', 'adaptation.learningRate=0.002')
    expect(branch).toMatchObject({ rounds: 2, state: 'finished', targetAccuracy: 1 })
  })
})

describe('a record without the names', () => {
  const withoutNames = () => {
    const { classNames: _, ...rest } = stored('stripes.run.json') as { classNames: unknown }
    return rest
  }

  it('names classes by position in datasets of the user, and by digit in those of the lab', async () => {
    await importStripes('inverted', inverted)
    writeFileSync(recordPath(folder), JSON.stringify(withoutNames()))
    await sealAgain(1, stored('stripes.round-0001.facts.json'))
    const { domain, accuracy } = await evaluated()
    expect(domain.classes).toEqual(['#3', '#2'])
    expect(accuracy).toBe(1)
    const { experiment } = await answerOf<{ experiment: object }>('card', id)
    expect(experiment).toMatchObject({ source: { classes: ['#1', '#2'] } })
  })
})

it('a series of schema 1 that was left behind is offered with its experiments', async () => {
  const queue = join(temporaryFolder(), 'queue', '2026-11-28-left-behind-k3f9')
  mkdirSync(queue, { recursive: true })
  writeFileSync(join(queue, 'series.json'), readFileSync(fixture('series.json')))
  const problems: unknown[] = []
  const [left] = await leftSeries(join(queue, '../..'), (problem) => problems.push(problem))
  expect(problems).toEqual([])
  expect(left?.items.map(({ experiment }) => experiment.source.classes)).toEqual([
    ['0', '1'],
    ['#1', '#2'],
  ])
})

describe('a record of a version that is newer than this one', () => {
  it('is refused by its schema, in the terminal and in the list', async () => {
    writeFileSync(recordPath(folder), JSON.stringify({ ...stored('stripes.run.json'), schema: 3 }))
    const said = await run('resume', id, '--rounds', '3', '--json')
    expect(said.code).toBe(2)
    expect(documentOf(said)).toMatchObject({
      error: { code: 'run-file-newer', params: { found: 3, supported: 2 } },
    })
    const listed = await answerOf<{ id: string; state: string; damage: { code: string }[] }[]>('runs')
    expect(listed.find((one) => one.id === id)).toMatchObject({
      state: 'damaged',
      damage: [{ code: 'run-file-newer' }],
    })
  })

  it('is refused in a checkpoint too', async () => {
    await sealAgain(1, { ...stored('stripes.round-0001.facts.json'), schema: 3 })
    for (const command of ['show', 'evaluate', 'import']) {
      const said = await run(command, checkpointPath(folder, 1), '--json')
      expect(said.code).toBe(2)
      expect(documentOf(said)).toMatchObject({ error: { code: 'checkpoint-newer' } })
    }
  })

  it('is refused as a file of settings', async () => {
    const path = join(data, 'newer.json')
    writeFileSync(path, JSON.stringify({ ...stored('stripes.run.json'), schema: 3 }))
    const said = await run('run', '--config', path, '--json')
    expect(said.code).toBe(2)
    expect(documentOf(said)).toMatchObject({ error: { code: 'run-file-newer' } })
  })
})
