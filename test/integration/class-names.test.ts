/** Classes by name: in experiments, evaluations and galleries, and in what the terminal prints of them. */
import { writeFileSync } from 'fs'
import { join } from 'path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { domainSchema } from '../../src/contract/experiment'
import { createLab, type OpenLab } from '../../src/lab/create-lab'
import { openCommandLine, type CommandLine } from './command-line'
import { temporaryFolder, useProgramsInFile } from './programs'
import { writeStripes } from './striped'
import { documentOf, type Said } from './terminal'

const programs = useProgramsInFile()

let commandLine: CommandLine
let data = ''

const run = (...argv: string[]): Promise<Said> => commandLine.run('en_GB.UTF-8', ...argv)

interface Trained {
  readonly checkpoints: readonly string[]
  readonly targetAccuracy: number
  readonly targetAccuracyBestPairing: number
}

async function answerOf<T>(...argv: string[]): Promise<T> {
  const said = await run(...argv, '--json')
  expect(said.code, said.stderr).toBe(0)
  return documentOf(said) as T
}

async function importStripes(name: string, classes: Parameters<typeof writeStripes>[1]): Promise<void> {
  const path = writeStripes(join(temporaryFolder(), name), classes, 30)
  expect(await run('datasets', '--import', path, '--name', name)).toMatchObject({ code: 0 })
}

const wave = (degrees: number, length = 9) => ({ degrees, length })
const turned = (classes: Record<string, ReturnType<typeof wave>>) =>
  Object.fromEntries(
    Object.entries(classes).map(([name, { degrees, length }]) => [
      name,
      { degrees: degrees + 12, length, inverted: true },
    ]),
  )

/** Every folder is named by a number that is not its position. */
const numbered = Object.fromEntries(
  Array.from({ length: 9 }, (_, index) => [String(index + 1), wave(20 * index)]),
)
/** "é" in two ways, with a space and a comma. */
const composed = 'caf\u00e9, bar'
const decomposed = composed.normalize('NFD')
const cafes = { [composed]: wave(0), 'a house': wave(90) }

beforeAll(async () => {
  data = temporaryFolder()
  writeFileSync(join(data, 'settings.json'), JSON.stringify({ threads: 1 }))
  commandLine = openCommandLine(data)
  await importStripes('numbered', numbered)
  await importStripes('turned', turned(numbered))
  await importStripes('cafes', cafes)
  await importStripes('houses', turned({ [decomposed]: wave(0), 'a house': wave(90) }))
})
afterAll(() => commandLine.close())

/** Quick settings, and the source stage as in the other tests of stripes. */
const quick = [
  ...['sourceStage.epochs=10', 'sourceStage.batch=10', 'sourceStage.learningRate=0.05'],
  ...['source.count=all', 'target.count=all', 'adaptation.method=source-only'],
]
const experiment = (source: string, target: string, ...settings: string[]) => [
  ...['run', '--preset', 'published', '--set', `source.dataset=${source}`, `target.dataset=${target}`],
  ...quick,
  ...settings,
]

describe('folders named by numbers', () => {
  let checkpoint = ''

  it('are chosen by these names', async () => {
    const trained = await answerOf<Trained>(
      ...experiment('numbered', 'turned', 'source.classes=1,5', 'target.classes=5,1'),
    )
    expect(trained.targetAccuracy).toBe(1)
    checkpoint = trained.checkpoints[0] ?? ''
    const { domain, accuracy, pairing } = await answerOf<{
      domain: { dataset: string; split: string; classes: string[] }
      accuracy: number
      pairing: number[]
    }>('evaluate', checkpoint, '--dataset', 'numbered', '--classes', '1,5')
    // The dataset has no test split.
    expect(domain).toMatchObject({ dataset: 'numbered', split: 'train', classes: ['1', '5'] })
    expect({ accuracy, pairing }).toEqual({ accuracy: 1, pairing: [0, 1] })
    const text = await run('evaluate', checkpoint, '--classes', '5,1')
    expect(text.stdout).toMatch(/^turned, train, classes 5, 1\nTraining used these samples, without their/)
    expect(text.stdout).toMatch(/\n +1 +5 *\n.*\n?5 +0 +30 *\n1 +30 +0/)
  })

  it('that the dataset does not have are refused with the nearest and with those that it has', async () => {
    const refused = await run('evaluate', checkpoint, '--classes', '0,5', '--json')
    expect(documentOf(refused)).toMatchObject({ error: { code: 'unknown-class', params: { class: '0' } } })
    expect(refused.stderr).toContain('1, 2, 3, 4, 5, 6, 7, 8, 9')
  })

  it('are those of the images in a gallery', async () => {
    const lab: OpenLab = await createLab({ dataFolder: data, workers: programs })
    const gallery = (classes: string[]) =>
      lab.call('gallery', { domain: domainSchema.parse({ dataset: 'numbered', classes }), count: 6 })
    const [first, again, other] = [await gallery(['2']), await gallery(['2']), await gallery(['1'])]
    expect(first.pixels).toBe(again.pixels)
    expect(first.pixels).not.toBe(other.pixels)
    await lab.close()
  })

  it('are named in the text of a checkpoint, and in the comparison of two', async () => {
    expect((await run('show', checkpoint)).stdout).toMatch(/source +numbered, train, classes 1, 5/)
    const swapped = await answerOf<Trained>(
      ...experiment('numbered', 'turned', 'source.classes=1,5', 'target.classes=5,1', 'pairing=positions'),
    )
    expect(swapped.targetAccuracyBestPairing).toBe(1)
    expect(swapped.targetAccuracy).toBe(0)
    const compared = await run('evaluate', checkpoint, '--against', swapped.checkpoints[0] ?? '')
    expect(compared.stdout).toContain('5 → 5, 1 → 1')
    expect(compared.stdout).toContain('5 → 1, 1 → 5')
  })
})

describe('names with a comma, a space and an accent', () => {
  it('are all the classes where a preset had others, and meet however they are composed', async () => {
    const trained = await answerOf<Trained & { id: string }>(...experiment('cafes', 'houses'))
    expect(trained.targetAccuracy).toBe(1)
    const { experiment: card } = await answerOf<{ experiment: Record<string, unknown> }>('card', trained.id)
    expect(card).toMatchObject({
      source: { classes: ['a house', composed] },
      target: { classes: ['a house', composed] },
      pairing: [0, 1],
    })
    const list = JSON.stringify([decomposed, 'a house'])
    const found = await answerOf<{ accuracy: number; domain: { classes: string[] } }>(
      ...['evaluate', trained.checkpoints[0] ?? '', '--classes', list],
    )
    expect(found).toMatchObject({ accuracy: 1, domain: { classes: [composed, 'a house'] } })
  })

  it('are chosen as a JSON list', async () => {
    const list = JSON.stringify(['a house', decomposed])
    const { targetAccuracy } = await answerOf<Trained>(
      ...experiment('cafes', 'houses', `source.classes=${list}`, `target.classes=${list}`),
      ...['pairing=names'],
    )
    expect(targetAccuracy).toBe(1)
  })
})

describe('another dataset in place of that of a preset', () => {
  it('keeps the chosen classes if it has the same ones', async () => {
    const said = await run(...experiment('usps', 'usps', 'target.count=99999', 'pairing=0,0'), '--json')
    expect(documentOf(said)).toMatchObject({ error: { code: 'count-too-large' } })
    expect(said.stderr).toContain('only 1389')
  })

  it('is refused before the start if its classes do not meet those of the source', async () => {
    const said = await run(...experiment('numbered', 'cafes'), '--json')
    expect(documentOf(said)).toMatchObject({
      error: { code: 'classes-do-not-meet', params: { class: 'a house', strange: 2 } },
    })
  })

  it('has all its classes unless they are set with it, whatever the preset chose', async () => {
    const said = await run(...experiment('numbered', 'turned', 'source.classes=1,2'), '--json')
    expect(documentOf(said)).toMatchObject({
      error: { code: 'classes-do-not-meet', params: { class: '3', strange: 7 } },
    })
  })
})
