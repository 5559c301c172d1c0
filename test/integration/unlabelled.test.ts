/** Targets whose labels are missing, all or some: they train as with labels, and what needs labels is missing or refused. */
import { readFileSync, writeFileSync } from 'fs'
import { join } from 'path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { decodeCheckpoint } from '../../src/checkpoints/checkpoint'
import type { RecordedEvent } from '../../src/contract/record'
import { usualError } from '../../src/contract/estimate'
import { encodeNpz } from '../../src/data/stored-arrays'
import { equalImages } from '../../src/data/dataset'
import { createLab } from '../../src/lab/create-lab'
import { openCommandLine, type CommandLine } from './command-line'
import { temporaryFolder, useProgramsInFile } from './programs'
import { documentOf, type Said } from './terminal'

const programs = useProgramsInFile()

const side = 16
const count = 60

/** Stripes across or down, in turn. */
function pixelsOf(inverted: boolean): Uint8Array {
  return Uint8Array.from({ length: count * side * side }, (_, place) => {
    const [index, y, x] = [Math.floor(place / side ** 2), Math.floor(place / side) % side, place % side]
    const way = (index % 2 === 0 ? x : y) + index * 1.7
    const value = 128 + Math.round(90 * Math.sin((2 * Math.PI * way) / 6))
    return inverted ? 255 - value : value
  })
}

const labelled = Int32Array.from({ length: count }, (_, index) => index % 2)

let commandLine: CommandLine
let data = ''
let files = ''

const run = (...argv: string[]): Promise<Said> => commandLine.run('en_GB.UTF-8', ...argv)

async function importArrays(name: string, inverted: boolean, labels: Int32Array): Promise<void> {
  const train = { pixels: pixelsOf(inverted), labels }
  const path = join(files, `${name}.npz`)
  writeFileSync(path, encodeNpz(equalImages({ width: side, height: side, channels: 1, train, test: null })))
  expect(await run('datasets', '--import', path, '--name', name)).toMatchObject({ code: 0 })
}

interface Trained {
  readonly id: string
  readonly run: string
  readonly checkpoints: readonly string[]
}

const settings = {
  name: 'Unlabelled',
  source: { dataset: 'source' },
  target: { dataset: 'full' },
  model: { side },
  sourceStage: { epochs: 2, batch: 10 },
  adaptation: { method: 'mcd', epochs: 2, batch: 10 },
  retention: { keep: 'best-and-last' },
}

async function train(target: string, changes: object = {}): Promise<Trained> {
  const path = join(files, 'experiment.json')
  writeFileSync(path, JSON.stringify({ ...settings, target: { dataset: target }, ...changes }))
  const said = await run('run', '--config', path, '--json')
  expect(said.code, said.stderr).toBe(0)
  return documentOf(said) as Trained
}

/** Names and values of the tensors in a run's last checkpoint. */
function weightsOf({ checkpoints }: Trained): unknown {
  const path = checkpoints[checkpoints.length - 1] ?? ''
  const { tensors } = decodeCheckpoint(readFileSync(path), path)
  return tensors.map(({ name, data: values }) => [name, Buffer.from(values.buffer).toString('base64')])
}

beforeAll(async () => {
  data = temporaryFolder()
  files = temporaryFolder()
  writeFileSync(join(data, 'settings.json'), JSON.stringify({ threads: 1 }))
  commandLine = openCommandLine(data)
  await importArrays('source', false, labelled)
  await importArrays('full', true, labelled)
  await importArrays(
    'none',
    true,
    labelled.map(() => -1),
  )
  await importArrays(
    'partly',
    true,
    labelled.map((label, index) => (index < 20 ? -1 : label)),
  )
})
afterAll(() => commandLine.close())

describe('a target without labels', () => {
  let full: Trained
  let none: Trained

  it('trains to the same weights as with labels, and its record has nulls where labels are needed', async () => {
    full = await train('full')
    none = await train('none', { restarts: { most: 1, leastInformation: 0, leastAgreement: 0 } })
    expect(weightsOf(none)).toEqual(weightsOf(full))
    expect(none).toMatchObject({
      targetAccuracyBefore: null,
      targetAccuracy: null,
      targetAccuracyBestPairing: null,
      unseenTargetAccuracy: null,
      unseenTargetAccuracyBestPairing: null,
      chosenPairingFits: null,
      attempts: [{ verdict: 'accepted' }],
      estimate: { on: 'training', usualError },
      rounds: 2,
    })
    // The source stage, the last round, and the adapted one of highest mutual information.
    const events = readFileSync(join(none.run, 'metrics.jsonl'), 'utf8').trim().split('\n')
    const [, first = 0, last = 0] = events
      .map((line) => JSON.parse(line) as RecordedEvent)
      .flatMap((event) =>
        event.type === 'round' ? [event.measures.labelFree?.mutualInformation ?? NaN] : [],
      )
    expect(none.checkpoints).toHaveLength(first >= last ? 3 : 2)
    const listed = await run('checkpoints', none.id, '--best-by', 'mutualInformation', '--json')
    const found = documentOf(listed) as { bestByScore: boolean; estimatedAccuracy: number | null }[]
    expect(found.filter((one) => one.bestByScore)).toHaveLength(1)
    expect(found.every((one) => one.estimatedAccuracy !== null)).toBe(true)
    const refused = await run('checkpoints', none.id, '--best-by', 'accuracy')
    expect(refused.code).toBe(2)
  })

  it('is shown by every command that shows runs', async () => {
    const line = (text: string) => text.split('\n').find((one) => one.includes(none.id)) ?? ''
    expect(line((await run('runs')).stdout)).toMatch(/2\/2 +[\d.]+ +- +- +- /)
    expect(line((await run('checkpoints', none.id)).stdout)).toMatch(/source stage +- +- +- +[\d.]+/)
    const compared = await run('compare', none.id, full.id)
    expect(compared.stdout).toMatch(/target\.classes +\[\] +\["0","1"\]/)
    const card = await run('card', none.id)
    expect(card.stdout).toContain('none (original; no labels) & 1 & -- & -- & -- & --')
    expect(card.stdout).not.toContain('follow the chosen pairing')
    expect((await run('validators', none.id)).stdout).toMatch(/^These runs have no round with both/)
    expect((await run('show', none.checkpoints[1] ?? '')).stdout).toMatch(
      /target +none, train, without labels/,
    )
    const report = await run('report', '--run', none.id, '--out', join(files, 'report.zip'))
    expect(report.code).toBe(0)
    const { stdout } = await run('datasets')
    expect(stdout).toMatch(/^none +none +train 60 +16x16x1 *$/m)
  })

  it('has a field without figures in the matrix of finished runs', async () => {
    const lab = await createLab({ dataFolder: data, workers: programs })
    const { cells, pairs } = await lab.call('matrix', {})
    const found = cells.find(({ pair }) => pairs[pair]?.target.dataset === 'none')
    expect(found).toMatchObject({ runs: [none.id], target: null, bestPairing: null, unseen: null })
    await lab.close()
  })

  it('is not evaluated, but labelled samples of the source classes are', async () => {
    const [, checkpoint = ''] = none.checkpoints
    const refused = await run('evaluate', checkpoint, '--json')
    expect(documentOf(refused)).toMatchObject({
      error: { code: 'none-labelled', params: { dataset: 'none', split: 'original/train' } },
    })
    const evaluated = documentOf(await run('evaluate', checkpoint, '--dataset', 'full', '--json'))
    expect(evaluated).toMatchObject({ domain: { classes: ['0', '1'], split: 'train' }, pairing: [0, 1] })
  })

  it('goes on', async () => {
    const said = await run('resume', none.id, '--rounds', '3', '--json')
    expect(documentOf(said)).toMatchObject({ rounds: 3, targetAccuracy: null, state: 'finished' })
  })
})

describe('a target with labels of some samples', () => {
  it('trains to the same weights, and is measured on those with a label', async () => {
    const partly = await train('partly')
    const { checkpoints } = await train('full')
    expect(weightsOf(partly)).toEqual(weightsOf({ ...partly, checkpoints }))
    const shown = documentOf(await run('show', partly.checkpoints[1] ?? '', '--json'))
    expect(shown).toMatchObject({
      facts: {
        experiment: { target: { classes: ['0', '1'], unlabelled: true } },
        measures: { target: { count: 40 }, unseenTarget: null },
      },
    })
  })
})

describe('what needs labels is refused, and nothing is written', () => {
  const target = (more: object) => ({ target: { dataset: 'none', ...more } })
  it.each<[object, string, string]>([
    [{ ...target({}), adaptation: { method: 'target-supervised' } }, 'needs-labels', 'target-supervised'],
    [{ ...target({}), adaptation: { shots: 1 } }, 'needs-labels', 'adaptation.shots'],
    [target({ classes: ['0', '1'] }), 'needs-labels', 'target.classes'],
    [target({ rarest: 0.5 }), 'needs-labels', 'target.rarest'],
    [target({ perClass: 3 }), 'needs-labels', 'target.perClass'],
    [{ target: { dataset: 'partly', partition: 'pooled' } }, 'needs-labels', 'target.partition'],
    [{ source: { dataset: 'none' } }, 'source-unlabelled', 'none'],
  ])('%j', async (changes, code, name) => {
    const path = join(files, 'refused.json')
    writeFileSync(path, JSON.stringify({ ...settings, ...changes }))
    const said = await run('run', '--config', path, '--json')
    expect(documentOf(said)).toMatchObject({ error: { code } })
    expect(said.stderr).toContain(name)
    expect(said.stderr).toMatch(/^[^\n]+\n$/)
    expect(said.code).toBe(2)
  })
})
