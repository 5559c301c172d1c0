/** Targets whose labels are missing, all or some: they train as with labels, and what needs labels is missing or refused. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'fs'
import { join } from 'path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { unzipSync } from 'fflate'
import { parquetReadObjects } from 'hyparquet'
import { decodeCheckpoint } from '../../src/checkpoints/checkpoint'
import { encodeSafetensors } from '../../src/checkpoints/safetensors'
import { decodeNpy } from '../../src/data/codecs/npy'
import type { RecordedEvent } from '../../src/contract/record'
import { usualError } from '../../src/contract/estimate'
import { encodeNpz } from '../../src/data/stored-arrays'
import { equalImages } from '../../src/data/dataset'
import { createLab } from '../../src/lab/create-lab'
import { greyPixels } from './png'
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
  readonly targetAccuracy: number | null
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

/** Trains at the first call; later calls get the same run. */
function once(target: string): () => Promise<Trained> {
  let trained: Promise<Trained> | undefined
  return () => (trained ??= train(target))
}
const trainedFull = once('full')
const trainedNone = once('none')

const lastOf = ({ checkpoints }: Pick<Trained, 'checkpoints'>): string =>
  checkpoints[checkpoints.length - 1] ?? ''

/** Names and values of the tensors in a run's last checkpoint. */
function weightsOf(trained: Pick<Trained, 'checkpoints'>): unknown {
  const path = lastOf(trained)
  const { tensors } = decodeCheckpoint(readFileSync(path), path)
  return tensors.map(({ name, data: values }) => [name, Buffer.from(values.buffer).toString('base64')])
}

/** A run as the lab has it. */
async function recordOf(id: string) {
  const lab = await createLab({ dataFolder: data, workers: programs })
  const found = await lab.call('run', { run: id })
  await lab.close()
  return found
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
  let none: Trained

  it('trains to the same weights as with labels, and its record has nulls where labels are needed', async () => {
    none = await train('none', { restarts: { most: 1, leastInformation: 0, leastAgreement: 0 } })
    expect(weightsOf(none)).toEqual(weightsOf(await trainedFull()))
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
    const compared = await run('compare', none.id, (await trainedFull()).id)
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

describe('its predictions', () => {
  let checkpoint = ''
  let folder = ''
  const out = (name: string) => join(files, name)
  const read = (name: string) => readFileSync(out(name), 'utf8')
  const predict = (...more: string[]) => run('predict', checkpoint, ...more)
  const refusal = async (...more: string[]) => {
    const said = await predict(...more, '--json')
    expect(said.stderr).toMatch(/^[^\n]+\n$/)
    expect(said.code).toBe(2)
    return (documentOf(said) as { readonly error: object }).error
  }

  beforeAll(async () => {
    const labelled = await trainedFull()
    checkpoint = lastOf(await trainedNone())
    folder = join(files, 'images')
    mkdirSync(folder)
    const pixels = pixelsOf(true)
    for (let index = 0; index < count; index++) {
      const at = (x: number, y: number) => pixels[index * side ** 2 + y * side + x] ?? 0
      writeFileSync(join(folder, `${String(index)}.png`), greyPixels(side, at))
    }
    const order = ['--dataset', 'full', '--out', out('full.csv'), '--probabilities']
    expect(await run('predict', lastOf(labelled), ...order)).toMatchObject({ code: 0 })
    accuracy = labelled.targetAccuracy
  })
  let accuracy: number | null = null

  it('are, row by row, those of the same run with labels, and as accurate', async () => {
    const said = await predict('--dataset', 'none', '--out', out('none.csv'), '--probabilities')
    expect(said.code, said.stderr).toBe(0)
    expect(said.stdout).toContain(`Wrote the predictions of 60 samples to ${out('none.csv')}.`)
    expect(said.stdout).toMatch(
      /Probabilities are calibrated by the temperature [\d.]+, from 60 training samples/,
    )
    expect(read('none.csv')).toBe(read('full.csv'))
    const rows = read('none.csv').trimEnd().split('\n')
    expect(rows[0]).toBe('row,prediction,probability,p_0,p_1')
    const right = rows.slice(1).filter((row, index) => row.split(',')[1] === String(index % 2)).length
    expect(right / count).toBe(accuracy)
  })

  it('are the same for the images in a folder that is not imported, by name; one that does not decode has an error', async () => {
    writeFileSync(join(folder, 'broken.png'), 'no image')
    const said = await predict('--path', folder, '--out', out('path.csv'), '--probabilities')
    expect(said.code, said.stderr).toBe(3)
    expect(said.stdout).toContain(
      'Could not decode 1 images; their rows have an error and no prediction: broken.png.',
    )
    const [head, ...rows] = read('path.csv').trimEnd().split('\n')
    expect(head).toBe('file,prediction,probability,p_0,p_1,error')
    expect(rows.pop()).toBe('broken.png,,,,,image-undecodable')
    const named = read('full.csv').trimEnd().split('\n').slice(1)
    expect(rows).toEqual(named.map((row) => `${row.replace(',', '.png,')},`))
  })

  it('are written as JSON Lines, .npz and Parquet', async () => {
    for (const ending of ['jsonl', 'npz', 'parquet'])
      expect((await predict('--path', folder, '--out', out(`path.${ending}`), '--top', '2')).code).toBe(3)
    const lines = read('path.jsonl')
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines).toHaveLength(61)
    expect(lines[60]).toEqual({
      ...{ file: 'broken.png', prediction: null, probability: null, prediction_2: null, probability_2: null },
      error: 'image-undecodable',
    })
    const file = readFileSync(out('path.parquet'))
    const bytes = file.buffer.slice(file.byteOffset, file.byteOffset + file.length)
    const stored = await parquetReadObjects({ file: bytes })
    expect(stored.map((row) => ({ ...row, probability: null, probability_2: null }))).toEqual(
      lines.map((row) => ({ ...row, probability: null, probability_2: null })),
    )
    expect(stored.map((row): unknown => row['probability'])).toEqual(
      lines.map(({ probability }) => (probability === null ? null : Math.fround(Number(probability)))),
    )
    const arrays = unzipSync(readFileSync(out('path.npz')))
    expect(Object.keys(arrays).sort()).toEqual(
      ['classes', 'error', 'file', 'prediction', 'prediction_2', 'probability', 'probability_2'].map(
        (name) => `${name}.npy`,
      ),
    )
    const { type, shape, bytes: values } = decodeNpy(Buffer.from(arrays['prediction.npy'] ?? []), '', '')
    expect([type, shape]).toEqual(['<i4', [61]])
    expect(Array.from({ length: 61 }, (_, row) => values.readInt32LE(4 * row))).toEqual(
      lines.map(({ prediction }) => (prediction === null ? -1 : Number(prediction))),
    )
    expect(readdirSync(files).filter((name) => /rows|unfinished|tmp/.test(name))).toEqual([])
  })

  it('sort images into folders of their classes', async () => {
    const sorted = join(files, 'sorted')
    const said = await predict('--path', folder, '--out', out('sorted.csv'), '--sort-into', sorted)
    expect(said.code).toBe(3)
    const rows = read('sorted.csv').trimEnd().split('\n').slice(1, -1)
    for (const row of rows) {
      const [name = '', prediction = ''] = row.split(',')
      expect(readFileSync(join(sorted, prediction, name)).equals(readFileSync(join(folder, name)))).toBe(true)
    }
    expect(readdirSync(sorted).flatMap((name) => readdirSync(join(sorted, name)))).toHaveLength(60)
    const [first = ''] = rows
    const [name = '', prediction = ''] = first.split(',')
    writeFileSync(join(sorted, prediction, name), 'mine')
    expect(await refusal('--path', folder, '--out', out('again.csv'), '--sort-into', sorted)).toMatchObject({
      code: 'sort-name-taken',
    })
  })

  it('are refused with one sentence', async () => {
    const to = ['--out', out('refused.csv')]
    const images = ['--path', folder]
    expect(await refusal(...images, '--out', out('path.csv'))).toMatchObject({ code: 'predictions-exist' })
    expect(await refusal(...images, '--out', out('x.xlsx'))).toMatchObject({
      code: 'predictions-format-unknown',
    })
    expect(await refusal(...images, '--out', out('no/x.csv'))).toMatchObject({
      code: 'file-not-found',
      params: { file: out('no') },
    })
    expect(await refusal(...images, '--out', join(out('path.csv'), 'x.csv'))).toMatchObject({
      code: 'not-a-folder',
      params: { path: join(out('path.csv'), 'x.csv') },
    })
    if (existsSync('/sys/kernel')) {
      expect(await refusal(...images, '--out', '/sys/kernel/x.csv')).toMatchObject({
        code: 'no-permission',
        params: { path: '/sys/kernel/x.csv' },
      })
    }
    expect(await refusal(...to)).toMatchObject({ code: 'missing-argument' })
    expect(await refusal(...images, '--dataset', 'none', ...to)).toMatchObject({ code: 'exclusive-options' })
    expect(await refusal(...images, ...to, '--force', '--continue')).toMatchObject({
      code: 'exclusive-options',
    })
    expect(await refusal(...images, ...to, '--link')).toMatchObject({ code: 'missing-value' })
    expect(await refusal('--dataset', 'none', ...to, '--sort-into', out('s'))).toMatchObject({
      code: 'sort-needs-files',
    })
    expect(await refusal(...images, ...to, '--sort-into', join(folder, 's'))).toMatchObject({
      code: 'sort-inside-samples',
    })
    expect(await refusal(...images, ...to, '--sort-into', out('s'), '--classes', 'a/b,c')).toMatchObject({
      code: 'class-not-a-folder',
    })
    expect(await refusal(...images, ...to, '--classes', 'one')).toMatchObject({ code: 'class-names-misfit' })
    const vectors = out('vectors.csv')
    writeFileSync(vectors, 'a,b,label\n1,2,x\n3,4,y\n5,6,x\n')
    expect(await refusal('--path', vectors, ...to)).toMatchObject({
      code: 'samples-unfit-network',
      params: { found: '[2]' },
    })
    expect(existsSync(out('refused.csv'))).toBe(false)
    const continued = await predict(
      ...images,
      '--out',
      out('path.csv'),
      '--probabilities',
      '--continue',
      '--json',
    )
    expect(documentOf(continued)).toMatchObject({
      rows: 61,
      continued: 61,
      undecodable: { count: 1, names: ['broken.png'] },
    })
  })

  it('need a classifier, and names for its classes', async () => {
    const { tensors } = decodeCheckpoint(readFileSync(checkpoint), checkpoint)
    const weights = (name: string, kept: typeof tensors) => {
      const file = out(name)
      writeFileSync(file, encodeSafetensors(kept, {}))
      return file
    }
    const foreign = weights('foreign.safetensors', tensors)
    const encoder = weights(
      'encoder.safetensors',
      tensors.filter(({ name }) => name.endsWith('encoder') || name.includes('encoder.')),
    )
    const order = ['--path', folder, '--out', out('foreign.csv'), '--pixels', 'unit', '--json']
    expect(documentOf(await run('predict', foreign, ...order))).toMatchObject({
      error: { code: 'classes-unnamed', params: { count: 2 } },
    })
    expect(documentOf(await run('predict', encoder, ...order))).toMatchObject({
      error: { code: 'checkpoint-without-classifier' },
    })
    const said = await run('predict', foreign, ...order, '--classes', 'across,down')
    expect(documentOf(said)).toMatchObject({
      byClass: [{ class: 'across' }, { class: 'down' }],
      calibration: { temperature: 1, on: null },
    })
  })
})

describe('a target with labels of some samples', () => {
  it('trains to the same weights, and is measured on those with a label', async () => {
    const partly = await train('partly')
    const { checkpoints } = await trainedFull()
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

describe('a target that the user labels', () => {
  const asked = () => join(files, 'ask.csv')
  let base: Trained
  let last = ''

  beforeAll(async () => {
    base = await trainedNone()
    last = lastOf(base)
  })

  it('has none at first, and a run that asks for them is refused', async () => {
    expect(await run('labels', 'none')).toMatchObject({
      code: 0,
      stdout: 'No labels were given to none by hand.\n',
    })
    const refused = await run('resume', base.id, '--with-labels')
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toMatch(/^No labels were given to the samples of the dataset "none"/)
  })

  it('gets proposals as a table to fill in, the same each time', async () => {
    const propose = (...more: string[]) =>
      run('labels', 'none', '--propose', '6', '--checkpoint', last, ...more)
    const said = await propose('--export', asked())
    expect(said).toMatchObject({ code: 0 })
    const rows = readFileSync(asked(), 'utf8').split('\n')
    expect(rows[0]).toBe('file,label')
    const names = rows.slice(1, -1).map((row) => row.replace(/,$/, ''))
    expect(new Set(names).size).toBe(6)
    expect((await propose()).stdout.split('\n').slice(0, 6)).toEqual(names)
    expect(await propose('--export', asked())).toMatchObject({ code: 2 })
  })

  it('takes the table when it is filled, and proposes other samples then', async () => {
    const label = (row: string) => `${row}${String(Number(row.replace(',', '')) % 2)}`
    const [head = '', ...rows] = readFileSync(asked(), 'utf8').trim().split('\n')
    writeFileSync(asked(), [head, ...rows.map(label)].join('\r\n'))
    const wrong = await run('labels', 'none', '--import', asked(), '--classes', '0,2')
    expect(wrong.code).toBe(2)
    expect(wrong.stderr).toMatch(
      /names classes that do not exist \(number of them: 1; the first: 1; lines: \d\)/,
    )
    expect(await run('labels', 'none', '--import', asked())).toMatchObject({ code: 2 })
    const said = await run('labels', 'none', '--import', asked(), '--checkpoint', last, '--json')
    const { labels } = documentOf(said) as { labels: { sample: number; class: string }[] }
    expect(labels.map(({ sample }) => sample % 2)).toEqual(labels.map((one) => Number(one.class)))
    expect(labels).toHaveLength(6)
    const listed = await run('labels', 'none')
    expect(listed.stdout).toMatch(/none\.labels\.csv/)
    const again = await run('labels', 'none', '--propose', '60', '--checkpoint', last, '--json')
    const { samples } = documentOf(again) as { samples: number[] }
    expect(samples).toHaveLength(54)
    expect(labels.filter(({ sample }) => samples.includes(sample))).toEqual([])
  })

  it('refuses its own table when it is edited to a class that is none, with the line', async () => {
    const table = join(data, 'datasets', 'none.labels.csv')
    const before = readFileSync(table, 'utf8')
    writeFileSync(table, before.replace(/,[01]\n(.*),[01]\n$/, ',0\n$1,one\n'))
    const refused = await run('resume', base.id, '--with-labels')
    writeFileSync(table, before)
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toMatch(
      /none\.labels\.csv names classes that do not exist \(number of them: 1; the first: one; lines: 7\); the classes are 0, 1/,
    )
  })

  it('goes on from a finished run with its labels, in a new run for as many rounds again', async () => {
    const said = await run('resume', base.id, '--with-labels', '--json')
    expect(said.code, said.stderr).toBe(0)
    const child = documentOf(said) as Trained & object
    expect(child).toMatchObject({ labelledTarget: 6, targetAccuracy: null, rounds: 4 })
    expect(child.id).not.toBe(base.id)
    const { record } = await recordOf(child.id)
    expect(record?.parent).toEqual({ run: base.id, round: 2 })
    const given = record?.experiment.adaptation.labels ?? []
    expect(record?.labelledTarget).toEqual(
      given.map(({ sample, class: name }) => ({ image: sample, class: name })),
    )
    expect((await run('labels', 'none', '--export', join(files, 'out.csv'))).code).toBe(0)
    expect(readFileSync(join(files, 'out.csv'), 'utf8').split('\n')).toHaveLength(8)
  })

  it.each([
    [{ labels: [{ sample: 70, class: '0' }] }, 'labels-outside-target'],
    [{ labels: [{ sample: 7, class: '0' }], shots: 1 }, 'labels-and-shots'],
  ])('a run whose labels cannot be used is refused: %j', async (adaptation, code) => {
    const lab = await createLab({ dataFolder: data, workers: programs })
    const experiment = {
      ...settings,
      target: { dataset: 'full' },
      adaptation: { ...settings.adaptation, ...adaptation },
    }
    const refused = lab.call('check', { experiment }).catch((error: unknown) => error)
    expect(await refused).toMatchObject({ code })
    await lab.close()
  })
})
