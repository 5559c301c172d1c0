/** `predict`: writes the class that a checkpoint gives each sample of a dataset, a folder or a file. */
import { extname, resolve } from 'path'
import { Command } from 'commander'
import { labError } from '../../contract/errors'
import { pixelsSchema, type Pixels } from '../../contract/experiment'
import type { CommandInput } from '../../contract/lab'
import {
  isUndetermined,
  type PredictionFormat,
  predictionFormats,
  type WrittenPredictions,
} from '../../contract/prediction'
import type { CommandEnvironment, CommandContext } from '../command'
import { PartlyDone } from '../interrupt'
import { noteLines } from '../note-lines'
import { accuracy } from '../numbers'
import { withPredictionBar } from '../reading-bar'
import { choicesOf, type ReadingOptions, withReadingOptions } from '../reading-options'
import { table } from '../table'
import type { Terminal } from '../terminal'
import { classNames, oneOf, wholeNumber } from '../values'

interface PredictOptions extends ReadingOptions {
  readonly dataset?: string
  readonly path?: string
  readonly out: string
  readonly probabilities?: true
  readonly top?: number
  readonly force?: true
  readonly continue?: true
  readonly sortInto?: string
  readonly link?: true
  readonly classes?: string[]
  readonly encoder?: 'target' | 'source'
  readonly pixels?: Pixels
}

type Order = CommandInput<'writePredictions'>

/** Throws `predictions-format-unknown`. */
function formatOf(out: string): PredictionFormat {
  const ending = extname(out).slice(1).toLowerCase()
  const format = predictionFormats.find((one) => one === ending)
  if (format !== undefined) return format
  const endings = predictionFormats.map((one) => `.${one}`).join(', ')
  throw labError('predictions-format-unknown', { file: out, endings })
}

/** Throws `exclusive-options` if both are given, `missing-argument` if none is. */
function samplesOf({ dataset, path, ...reading }: PredictOptions): Order['samples'] {
  if (dataset !== undefined && path !== undefined) {
    throw labError('exclusive-options', { first: '--dataset', second: '--path' })
  }
  if (dataset !== undefined) return { dataset }
  if (path === undefined) {
    throw labError('missing-argument', { name: '--dataset NAME / --path FOLDER_OR_FILE', command: 'predict' })
  }
  if (path === '') throw labError('missing-value', { option: '--path' })
  return { path: resolve(path), choices: choicesOf(reading) }
}

function existingOf({ force, continue: goOn }: PredictOptions): 'refuse' | 'replace' | 'continue' {
  if (force === true && goOn === true) {
    throw labError('exclusive-options', { first: '--force', second: '--continue' })
  }
  if (force === true) return 'replace'
  return goOn === true ? 'continue' : 'refuse'
}

function sortOf({ sortInto, link }: PredictOptions): Order['sortInto'] {
  if (link === true && sortInto === undefined) throw labError('missing-value', { option: '--sort-into' })
  if (sortInto === undefined) return null
  if (sortInto === '') throw labError('missing-value', { option: '--sort-into' })
  return { folder: resolve(sortInto), by: link === true ? 'link' : 'copy' }
}

function orderOf(checkpoint: string, options: PredictOptions): Order {
  const { out, probabilities, top, classes, encoder, pixels } = options
  return {
    ...{ checkpoint, classes, encoder, pixels },
    samples: samplesOf(options),
    out: resolve(out),
    format: formatOf(out),
    probabilities: probabilities === true,
    top: top ?? null,
    existing: existingOf(options),
    sortInto: sortOf(options),
  }
}

function calibrationText({ calibration }: WrittenPredictions, { say }: Terminal): string {
  const { on, count, temperature, errorBefore, errorAfter } = calibration
  if (on === null) return say('predicted-uncalibrated')
  if (isUndetermined(calibration)) return say(`predicted-all-right-${on}`, { count })
  return say(on === 'held-out' ? 'predicted-calibrated' : 'predicted-calibrated-on-training', {
    temperature: temperature.toPrecision(3),
    count,
    before: accuracy(errorBefore ?? 0),
    after: accuracy(errorAfter ?? 0),
  })
}

/** What was done, with nothing left out. */
function textOf(written: WrittenPredictions, terminal: Terminal): string {
  const { say } = terminal
  const { file, rows, continued, byClass, undecodable, notes } = written
  const { count, names } = undecodable
  return [
    say('predicted-rows', { count: rows, file }),
    ...(continued > 0 ? [say('predicted-continued', { count: continued })] : []),
    table(
      [say('column-class'), say('column-images')],
      byClass.map((one) => [one.class, one.count]),
    ),
    ...(count > 0 ? [say('predicted-undecodable', { count, names: names.join(', ') })] : []),
    calibrationText(written, terminal),
    ...noteLines(notes, terminal),
  ].join('\n')
}

async function predict(
  { lab, terminal }: CommandContext,
  checkpoint: string,
  options: PredictOptions,
): Promise<void> {
  const order = orderOf(checkpoint, options)
  const work = () => lab.call('writePredictions', order)
  const written = await withPredictionBar(lab, terminal, checkpoint, work)
  terminal.answer(written, textOf(written, terminal))
  if (written.undecodable.count > 0) throw new PartlyDone()
}

const mostClasses = 1000

export function predictCommand({ say, withLab }: CommandEnvironment): Command {
  const command = new Command('predict')
    .description(say('about-predict'))
    .argument('<checkpoint>', say('argument-checkpoint'))
    .option('--dataset <dataset>', say('option-predict-dataset'))
    .option('--path <path>', say('option-predict-path'))
    .requiredOption('--out <file>', say('option-predict-out'))
    .option('--probabilities', say('option-predict-probabilities'))
    .option('--top <k>', say('option-predict-top'), wholeNumber('--top', 1, mostClasses))
    .option('--force', say('option-predict-force'))
    .option('--continue', say('option-predict-continue'))
    .option('--sort-into <folder>', say('option-sort-into'))
    .option('--link', say('option-link'))
    .option('--classes <list>', say('option-predict-classes'), classNames('--classes'))
    .option('--encoder <encoder>', say('option-encoder'), oneOf('--encoder', ['target', 'source']))
    .option('--pixels <scaling>', say('option-pixels'), oneOf('--pixels', pixelsSchema.options))
  return withReadingOptions(command, say).action(withLab(predict))
}
