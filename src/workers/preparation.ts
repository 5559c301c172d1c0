/** How samples become the input of a checkpoint's networks, and what their output means: goes along with an export. */
import type { Experiment, ModelOptions, Pixels, Shift } from '../contract/experiment'
import type { Framing } from '../contract/framing'
import { note, type Note } from '../contract/note'
import type { Calibration } from '../contract/prediction'
import type { ColumnStatistics } from '../data/normalise'
import { maxShorterSide } from '../data/stored-size'

interface ImagePreparation {
  readonly kind: 'image'
  readonly side: number
  readonly channels: 1 | 3
  /** A larger image is reduced to this shorter side before it is framed. */
  readonly shorterSide: number
  readonly framing: Framing
  /** `unit`: 0 to 1; `symmetric`: -1 to 1; null: a file of another program, which does not say it. */
  readonly pixels: Pixels | null
  /** Shifts of the target in training. They make a domain for an experiment, and are not applied to other images. */
  readonly shiftsInTraining: readonly Shift[]
}

interface VectorPreparation {
  readonly kind: 'vector'
  readonly length: number
  readonly normalisation: ModelOptions['vectors']
  /** Of each column, over the target's samples seen in training; null: not known, or not needed. */
  readonly statistics: { readonly means: readonly number[]; readonly deviations: readonly number[] } | null
}

export interface Preparation {
  /** Names in the order of the logits. */
  readonly classes: readonly string[]
  /** Probabilities are the softmax of the logits divided by this. */
  readonly temperature: number
  readonly input: ImagePreparation | VectorPreparation
}

export interface Prepared {
  readonly model: ModelOptions
  /** Number of classes of the classifier. */
  readonly classes: number
  /** Null for a file of another program. */
  readonly experiment: Experiment | null
  readonly pixels: Pixels | null
  readonly calibration: Calibration
  readonly statistics: ColumnStatistics | null
}

export function preparationOf({
  model,
  classes,
  experiment,
  pixels,
  calibration,
  statistics,
}: Prepared): Preparation {
  const numbers = Array.from({ length: classes }, (_, index) => String(index))
  return {
    classes: experiment?.source.classes ?? numbers,
    temperature: calibration.temperature,
    input:
      model.length === null
        ? {
            kind: 'image',
            side: model.side,
            channels: model.channels,
            shorterSide: maxShorterSide,
            framing: experiment?.target.framing ?? 'stretch',
            pixels,
            shiftsInTraining: experiment?.target.shifts ?? [],
          }
        : {
            kind: 'vector',
            length: model.length,
            normalisation: model.vectors,
            statistics: statistics && {
              means: Array.from(statistics.means),
              deviations: Array.from(statistics.deviations),
            },
          },
  }
}

/** What an export assumes or leaves out. */
export function notesOn({ classes, experiment, calibration, model, statistics }: Prepared): Note[] {
  const shifts = experiment?.target.shifts.map(({ kind }) => kind) ?? []
  return [
    ...(experiment === null ? [note('preparation-assumed', { last: classes - 1 })] : []),
    ...(shifts.length > 0 ? [note('shifts-left-out', { names: shifts })] : []),
    ...(experiment !== null && calibration.on === null
      ? [note('not-calibrated', { dataset: experiment.source.dataset })]
      : []),
    ...(model.length !== null && model.vectors === 'z-score' && statistics === null
      ? [note('statistics-left-out', { dataset: experiment?.target.dataset ?? '' })]
      : []),
  ]
}
