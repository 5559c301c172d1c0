/**
 * Writes predictions row after row. CSV and JSON Lines grow in the file that the user named. An .npz or Parquet file is
 * made at the end, of rows that grow in `<file>.rows.jsonl` and are removed then.
 */
import { createHash } from 'crypto'
import { promises as fs } from 'fs'
import { resolve } from 'path'
import { readBytes } from '../checkpoints/checkpoint'
import { labError } from '../contract/errors'
import type { PredictionFormat, WrittenPredictions } from '../contract/prediction'
import type { AnalystOrder, AnalystOutput } from '../contract/worker'
import { type ColumnOptions, columnsOf, failedRow, type Row, rowOf } from '../data/predictions/columns'
import { csv, jsonLines, type Lines } from '../data/predictions/lines'
import { type RowsSource, writeNpz } from '../data/predictions/npz'
import { openOutput, type Output, refuseExisting, removePlan, writingAlone } from '../data/predictions/output'
import { writeParquet } from '../data/predictions/parquet'
import { chosenPath } from '../data/formats/read'
import { isPath } from '../data/open-dataset'
import { requireFolderNames, requireOutside, sortInto } from '../data/predictions/sorting'
import { writtenLines } from '../data/predictions/written-lines'
import { predictPass } from '../training/predict'
import { calibrationFor } from './calibration'
import { openPredictedSamples, type PredictedSamples, type SamplePass } from './predicted-samples'
import { disposePredictor, readPredictor, type StoredPredictor } from './predictor'
import type { Report } from './reading-report'

type Order = AnalystOrder<'writePredictions'>

/** Makes a file of the finished rows; null: the rows are the file. */
const converters: Readonly<
  Record<PredictionFormat, ((path: string, rows: RowsSource) => Promise<void>) | null>
> = { csv: null, jsonl: null, npz: writeNpz, parquet: writeParquet }

/** Names of files that are reported. */
const mostNamed = 3

function tally(classes: readonly string[], predictionAt: number) {
  const counts = new Map(classes.map((name) => [name, 0]))
  const failed: string[] = []
  let rows = 0
  let undecodable = 0
  return {
    add(row: Row): void {
      rows++
      const prediction = row[predictionAt]
      if (typeof prediction === 'string') counts.set(prediction, (counts.get(prediction) ?? 0) + 1)
      else if (undecodable++ < mostNamed) failed.push(String(row[0]))
    },
    end: () => ({
      rows,
      byClass: [...counts].map(([name, count]) => ({ class: name, count })),
      undecodable: { count: undecodable, names: failed },
    }),
  }
}

/** The checks that need no sample. Throws `class-not-a-folder`, `sort-needs-files`, `sort-inside-samples`. */
async function requireSortable({ sortInto: sort, classes }: Order, samples: PredictedSamples): Promise<void> {
  if (sort === null) return
  requireFolderNames(classes)
  const { folder } = samples
  const isFolder = folder !== null && (await fs.stat(folder).catch(() => null))?.isDirectory() === true
  if (!isFolder) throw labError('sort-needs-files', { samples: String(folder ?? samples.nameOf(0)) })
  await requireOutside(sort.folder, folder)
}

/** Throws `predictions-over-samples`. */
async function refuseOverSamples({ samples, out }: Order): Promise<void> {
  const real = (path: string) => fs.realpath(path).catch(() => resolve(path))
  const named = 'path' in samples ? chosenPath(samples.path, samples.choices) : samples.dataset
  const isPathGiven = 'path' in samples || isPath(named)
  if (isPathGiven && (await real(named)) === (await real(out))) {
    throw labError('predictions-over-samples', { file: out })
  }
}

/**
 * @throws `predictions-exist`, `predictions-unfinished`, `predictions-differ`, `predictions-busy`,
 * `predictions-over-samples`, `sort-name-taken`, what reading the checkpoint and the samples throws, and what the system
 * refuses
 */
export async function writePredictions(
  order: Order,
  report: Report,
): Promise<AnalystOutput<'writePredictions'>> {
  await refuseOverSamples(order)
  return writingAlone(order.out, () => writeTo(order, report))
}

async function writeTo(
  order: Order,
  { reading, progress }: Report,
): Promise<AnalystOutput<'writePredictions'>> {
  const { checkpoint, out, format, existing, encoder, classes } = order
  const convert = converters[format]
  const lines: Lines = format === 'csv' ? csv : jsonLines
  const target = { rows: convert === null ? out : `${out}.rows.jsonl`, out, lines, existing }
  await refuseExisting(target)
  const stored = await readPredictor(order)
  const samples = await openPredictedSamples(order, stored, reading)
  await requireSortable(order, samples)
  const calibration = await calibrationFor(order, stored, reading)
  const { areFiles, mayFail } = samples
  const top = Math.min(order.top ?? 1, classes.length)
  const options = { classes, probabilities: order.probabilities, top, areFiles, mayFail }
  const columns = columnsOf(options)
  const plan = {
    checkpoint: createHash('sha256')
      .update(await readBytes(checkpoint))
      .digest('hex'),
    ...{ encoder, temperature: calibration.temperature, columns },
    samples: 'path' in order.samples ? order.samples.path : order.samples.dataset,
    ...{ classes: [...classes], pixels: order.pixels },
    choices: 'path' in order.samples ? order.samples.choices : null,
  }
  const counts = tally(classes, columns.indexOf('prediction'))
  let continued = 0
  let last: Row = []
  const output = await openOutput(target, plan, (row, index) => {
    requireSame(row, index, samples, target.rows)
    counts.add(row)
    last = row
    continued++
  })
  try {
    if (output.isFinished && continued > 0) {
      const again = await rowAt(continued - 1, stored, samples, options, calibration.temperature)
      if (!isAlike(last, again)) throw labError('predictions-differ', { file: out, setting: 'prediction' })
    }
    await writeRows(
      order,
      stored,
      samples,
      { output, options, calibration, from: continued, add: counts.add },
      progress,
    )
    await output.finish()
  } catch (error) {
    await output.close()
    throw error
  }
  samples.dispose()
  disposePredictor(stored.predictor)
  if (convert !== null) {
    await convert(out, rowsIn(target.rows, { columns, classes, count: samples.count }))
    await removePlan(target.rows)
    await fs.unlink(target.rows)
  }
  await removePlan(target.rows)
  const written: WrittenPredictions = {
    ...{ file: out, continued, calibration, ...counts.end() },
    notes: [...samples.notes],
  }
  return written
}

/** Refuses rows of other samples, or of the same ones in another order. */
function requireSame(row: Row, index: number, samples: PredictedSamples, file: string): void {
  const isSame = index < samples.count && String(row[0]) === String(samples.nameOf(index))
  if (!isSame) throw labError('predictions-differ', { file, setting: samples.areFiles ? 'file' : 'row' })
}

/** The row of one sample. */
async function rowAt(
  index: number,
  { predictor }: StoredPredictor,
  samples: PredictedSamples,
  options: ColumnOptions,
  temperature: number,
): Promise<Row> {
  for await (const pass of samples.passes(index)) {
    return (
      rowsOf(pass, predictPass(predictor, pass.rows, temperature), samples, options)[index - pass.start] ?? []
    )
  }
  return []
}

/** Other threads may add in another order. */
const leastDifference = 1e-4

/** Whether two rows hold the same, read from text or computed. */
function isAlike(one: Row, other: Row): boolean {
  const difference = (a: Row[number], b: Row[number]) => Math.abs(Number(a) - Number(b))
  return one.every((cell, at) => {
    const computed = other[at] ?? null
    return typeof computed === 'number' && cell !== null
      ? difference(cell, computed) < leastDifference
      : cell === computed
  })
}

interface Writing {
  readonly output: Output
  readonly options: ColumnOptions
  readonly calibration: WrittenPredictions['calibration']
  /** Index of the first sample without a row. */
  readonly from: number
  add(row: Row): void
}

/** Lets messages and timers through between passes. */
const breathe = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

async function writeRows(
  { sortInto: sort }: Order,
  { predictor }: StoredPredictor,
  samples: PredictedSamples,
  { output, options, calibration: { temperature }, from, add }: Writing,
  progress: Report['progress'],
): Promise<void> {
  if (from >= samples.count) return
  for await (const pass of samples.passes(from)) {
    const found = predictPass(predictor, pass.rows, temperature)
    const rows = rowsOf(pass, found, samples, options).slice(Math.max(0, from - pass.start))
    if (sort !== null) {
      // Before the rows: a row says that its image has been sorted.
      for (const [position, row] of rows.entries()) {
        const index = pass.start + Math.max(0, from - pass.start) + position
        const className = row[1]
        const file = samples.fileOf(index)
        if (typeof className !== 'string' || file === null) continue
        await sortInto(sort, className, { file, name: String(samples.nameOf(index)) })
      }
    }
    await output.add(rows)
    rows.forEach(add)
    progress(pass.start + pass.count, samples.count)
    await breathe()
  }
}

function rowsOf(
  { start, count, errors }: SamplePass,
  { predictions, probabilities }: ReturnType<typeof predictPass>,
  samples: PredictedSamples,
  options: ColumnOptions,
): Row[] {
  const classes = probabilities.length / count
  return Array.from(predictions, (prediction, position) => {
    const name = samples.nameOf(start + position)
    const error = errors.get(position)
    if (error !== undefined) return failedRow(name, error, options)
    const shares = probabilities.subarray(position * classes, (position + 1) * classes)
    return rowOf(name, prediction, shares, options)
  })
}

const rowsAtATime = 1000

/** The finished rows of a file of JSON Lines. */
function rowsIn(file: string, { columns, ...facts }: Omit<RowsSource, 'batches'>): RowsSource {
  async function* batches(): AsyncGenerator<readonly Row[]> {
    let rows: Row[] = []
    for await (const { text } of writtenLines(file, false)) {
      rows.push(jsonLines.read(text, columns) ?? [])
      if (rows.length < rowsAtATime) continue
      yield rows
      rows = []
    }
    if (rows.length > 0) yield rows
  }
  return { ...facts, columns, batches }
}
