/**
 * Writes predictions row after row. CSV and JSON Lines grow in the file that the user named. An .npz or Parquet file is
 * made at the end, of rows that grow in `<file>.rows.jsonl` and are removed then.
 */
import { createHash } from 'crypto'
import { promises as fs } from 'fs'
import { resolve } from 'path'
import { readBytes } from '../checkpoints/checkpoint'
import { labError } from '../contract/errors'
import type { Calibration, PredictionFormat } from '../contract/prediction'
import type { AnalystOrder, AnalystOutput } from '../contract/worker'
import {
  type ColumnOptions,
  columnsOf,
  failedRow,
  type Row,
  rowOf,
  type RowsSource,
} from '../data/predictions/columns'
import { csv, jsonLines, type Lines } from '../data/predictions/lines'
import { chosenPath } from '../data/formats/read'
import { isPath } from '../data/open-dataset'
import { writeNpz } from '../data/predictions/npz'
import {
  openOutput,
  type Output,
  type Plan,
  refuseExisting,
  removePlan,
  writingAlone,
} from '../data/predictions/output'
import { writeParquet } from '../data/predictions/parquet'
import { requireFolderNames, requireOutside, sortInto, type SortOrder } from '../data/predictions/sorting'
import { writtenLines } from '../data/predictions/written-lines'
import { predictPass } from '../training/predict'
import { nextTurn } from './next-turn'
import { openPredictedSamples } from './predicted-samples'
import { withPredictor, type StoredPredictor } from './predictor'
import type { Report } from './reading-report'
import { calibrationFor } from './recent-calibrations'
import type { PredictedSamples, SamplePass } from './sample-passes'

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

/** Where the rows go, and in which form. */
function destinationOf({ out, format, existing }: Order) {
  const convert = converters[format]
  const lines: Lines = format === 'csv' ? csv : jsonLines
  return { convert, rows: convert === null ? out : `${out}.rows.jsonl`, out, lines, existing }
}

function columnOptions({ classes, probabilities, top }: Order, samples: PredictedSamples): ColumnOptions {
  const { areFiles, mayFail } = samples
  return { classes, probabilities, top: Math.min(top ?? 1, classes.length), areFiles, mayFail }
}

async function planOf(
  { checkpoint, encoder, samples, classes, pixels }: Order,
  { temperature }: Calibration,
  columns: string[],
): Promise<Plan> {
  const digest = createHash('sha256').update(await readBytes(checkpoint))
  return {
    checkpoint: digest.digest('hex'),
    ...{ encoder, temperature, columns },
    samples: 'path' in samples ? samples.path : samples.dataset,
    ...{ classes: [...classes], pixels },
    choices: 'path' in samples ? samples.choices : null,
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

async function writeTo(order: Order, report: Report): Promise<AnalystOutput<'writePredictions'>> {
  const destination = destinationOf(order)
  await refuseExisting(destination)
  const written = await withPredictor(order, async (stored) => {
    const samples = await openPredictedSamples(order, stored, report.reading)
    try {
      return await writeWith(stored, samples, order, report)
    } finally {
      samples.dispose()
    }
  })
  const { columns, ...answer } = written
  await finish(destination, { columns, classes: order.classes, count: answer.rows })
  return { file: order.out, ...answer }
}

/** Writes the rows, to the last. */
async function writeWith(
  stored: StoredPredictor,
  samples: PredictedSamples,
  order: Order,
  { reading, progress }: Report,
): Promise<Omit<AnalystOutput<'writePredictions'>, 'file'> & { readonly columns: readonly string[] }> {
  const destination = destinationOf(order)
  await requireSortable(order, samples)
  const calibration = await calibrationFor(order, stored, reading)
  const options = columnOptions(order, samples)
  const columns = columnsOf(options)
  const counts = tally(order.classes, columns.indexOf('prediction'))
  let continued = 0
  let last: Row = []
  const plan = await planOf(order, calibration, columns)
  const output = await openOutput(destination, plan, (row, index) => {
    requireSame(row, index, samples, destination.rows)
    counts.add(row)
    last = row
    continued++
  })
  const networks = { predictor: stored.predictor, temperature: calibration.temperature }
  const writing = { ...networks, samples, output, options, from: continued, add: counts.add }
  try {
    if (output.isFinished && continued > 0) {
      const again = await rowAt(continued - 1, writing)
      if (!isAlike(last, again))
        throw labError('predictions-differ', { file: order.out, setting: 'prediction' })
    }
    await writeRows(order, writing, progress)
    await output.finish()
  } catch (error) {
    await output.close()
    throw error
  }
  return { columns, continued, calibration, ...counts.end(), notes: [...samples.notes] }
}

/** Makes the file that the user named, if it is not the file of rows. */
async function finish(
  { convert, rows, out }: ReturnType<typeof destinationOf>,
  facts: Omit<RowsSource, 'batches'>,
): Promise<void> {
  if (convert !== null) await convert(out, rowsIn(rows, facts))
  await removePlan(rows)
  if (convert !== null) await fs.unlink(rows)
}

/** Refuses rows of other samples, or of the same ones in another order. */
function requireSame(row: Row, index: number, samples: PredictedSamples, file: string): void {
  const isSame = index < samples.count && String(row[0]) === String(samples.nameOf(index))
  if (!isSame) throw labError('predictions-differ', { file, setting: samples.areFiles ? 'file' : 'row' })
}

/** The row of one sample. */
async function rowAt(
  index: number,
  { predictor, temperature, samples, options }: Omit<Writing, 'from' | 'add' | 'output'>,
): Promise<Row> {
  for await (const pass of samples.passes(index)) {
    const found = predictPass(predictor, pass.rows, temperature)
    return rowsOf(pass, found, samples, options)[index - pass.start] ?? []
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

interface Writing extends Pick<StoredPredictor, 'predictor'>, Pick<Calibration, 'temperature'> {
  readonly samples: PredictedSamples
  readonly output: Output
  readonly options: ColumnOptions
  /** Index of the first sample without a row. */
  readonly from: number
  add(row: Row): void
}

async function writeRows(
  { sortInto: sort }: Order,
  { predictor, temperature, samples, output, options, from, add }: Writing,
  progress: Report['progress'],
): Promise<void> {
  if (from >= samples.count) return
  for await (const pass of samples.passes(from)) {
    const found = predictPass(predictor, pass.rows, temperature)
    const first = Math.max(from, pass.start)
    const rows = rowsOf(pass, found, samples, options).slice(first - pass.start)
    // Before the rows are written: a row states that its image has been sorted.
    if (sort !== null) await sortRows(rows, first, samples, sort)
    await output.add(rows)
    rows.forEach(add)
    progress(pass.start + pass.count, samples.count)
    await nextTurn()
  }
}

/** @param first the index of the sample of the first row */
async function sortRows(
  rows: readonly Row[],
  first: number,
  samples: PredictedSamples,
  order: SortOrder,
): Promise<void> {
  for (const [position, row] of rows.entries()) {
    const index = first + position
    const className = row[1]
    const file = samples.fileOf(index)
    if (typeof className !== 'string' || file === null) continue
    await sortInto(order, className, { file, name: String(samples.nameOf(index)) })
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
