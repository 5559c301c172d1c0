/** Predictions: the class that a checkpoint's networks give each sample of a dataset, whether it has labels or not. */
import { z } from 'zod'
import { imagesSchema } from './dataset'
import { pixelsSchema } from './experiment'
import { bytes, round } from './fields'
import { noteSchema } from './note'
import { choicesSchema } from './reading'

const share = z.number().min(0).max(1)

/** The networks that predict. */
const predictor = {
  checkpoint: z.string(),
  /** How pixels are scaled for the networks of a file of another program, which does not say it. */
  pixels: pixelsSchema.optional(),
  /** `target`: MT if the checkpoint has one, else MS. `source`: MS. */
  encoder: z.enum(['source', 'target']).default('target'),
  /** Names of the classes, in the classifier's order, for a checkpoint that has none. */
  classes: z.array(z.string().min(1)).optional(),
}

/**
 * How probabilities were calibrated: the logits are divided by `temperature` (Guo et al. 2017), which minimises the
 * negative log-likelihood of labelled source samples. If all of them are classified correctly, it stays 1.
 */
export const calibrationSchema = z.strictObject({
  temperature: z.number().positive(),
  /**
   * The source samples: held out from training, or the training samples themselves, where confidence is too high. Null:
   * the source could not be read, and the temperature is 1.
   */
  on: z.enum(['held-out', 'training']).nullable(),
  count: z.int().min(0),
  /** Expected calibration error on these samples, 15 bins, without and with the temperature; null without samples. */
  errorBefore: share.nullable(),
  errorAfter: share.nullable(),
})
export type Calibration = z.infer<typeof calibrationSchema>

/** Whether the source samples are all classified correctly, and determine no temperature (src/statistics/calibration.ts). */
export const isUndetermined = ({ temperature, count }: Calibration): boolean => temperature === 1 && count > 0

/** One entry for each sample of a dataset, training samples first. */
export const predictionsSchema = z.strictObject({
  checkpoint: z.string(),
  dataset: z.string(),
  /** The source's classes, in the classifier's order. */
  classes: z.array(z.string()),
  count: z.int().min(0),
  /** The file of each sample, relative to the folder that was imported; null for samples in arrays. */
  files: z.array(z.string()).nullable(),
  /** uint16 `[count]`, base64: the predicted class. */
  predictions: bytes,
  /** float32 `[count]`, base64: its probability. */
  probabilities: bytes,
  calibration: calibrationSchema,
})
export type Predictions = z.infer<typeof predictionsSchema>

export const predictionFormats = ['csv', 'jsonl', 'npz', 'parquet'] as const
export type PredictionFormat = (typeof predictionFormats)[number]

/** The samples: an imported or built-in dataset, or a file or folder that is read but not imported. */
export const predictedSamplesSchema = z.union([
  z.strictObject({ dataset: z.string() }),
  z.strictObject({ path: z.string(), choices: choicesSchema.prefault({}) }),
])

export const writtenPredictionsSchema = z.strictObject({
  file: z.string(),
  /** Rows in the file, those of samples that could not be decoded included. */
  rows: z.int().min(0),
  /** Rows that an interrupted call had written. */
  continued: z.int().min(0),
  /** Number of samples predicted as each class. */
  byClass: z.array(z.strictObject({ class: z.string(), count: z.int().min(0) })),
  /** Files that could not be decoded: how many, and the first three. */
  undecodable: z.strictObject({ count: z.int().min(0), names: z.array(z.string()) }),
  calibration: calibrationSchema,
  notes: z.array(noteSchema),
})
export type WrittenPredictions = z.infer<typeof writtenPredictionsSchema>

/** A sample, large, with what led to its prediction. */
export const inspectionSchema = z.strictObject({
  file: z.string().nullable(),
  /** One image with at most 320 pixels on its shorter side; null for a vector. */
  image: imagesSchema.nullable(),
  /** The source's classes, in the classifier's order. */
  classes: z.array(z.string()),
  /** By class, calibrated. */
  probabilities: z.array(share),
  /** The source's training samples that are nearest by the features of the predictor, nearest first. */
  nearest: z.strictObject({
    /** Number of source samples compared: at most 2,000. 0: the source cannot be read. */
    among: z.int().min(0),
    samples: z.array(z.strictObject({ sample: z.int(), class: z.string(), distance: z.number() })),
    images: imagesSchema,
  }),
  /** The prediction by the checkpoint of each round that is kept, calibrated as above. */
  rounds: z.array(z.strictObject({ round, prediction: z.int(), probability: share })),
})
export type Inspection = z.infer<typeof inspectionSchema>

export const predictionCommands = {
  predict: { input: z.strictObject({ ...predictor, dataset: z.string() }), output: predictionsSchema },
  /** Writes predictions to a file, row after row; what is written stays readable if the call is interrupted. */
  writePredictions: {
    input: z.strictObject({
      ...predictor,
      samples: predictedSamplesSchema,
      out: z.string(),
      format: z.enum(predictionFormats),
      /** Whether every row has the probabilities of all classes. */
      probabilities: z.boolean().default(false),
      /** Number of most probable classes in each row; null: the predicted one only. */
      top: z.int().min(1).nullable().default(null),
      /** What happens if `out` exists. `continue`: after its last complete row. */
      existing: z.enum(['refuse', 'replace', 'continue']).default('refuse'),
      /** Puts each image into a folder named like its predicted class. */
      sortInto: z
        .strictObject({ folder: z.string(), by: z.enum(['copy', 'link']) })
        .nullable()
        .default(null),
    }),
    output: writtenPredictionsSchema,
  },
  inspect: {
    input: z.strictObject({ ...predictor, dataset: z.string(), sample: z.int().min(0) }),
    output: inspectionSchema,
  },
  /** Samples of a dataset as small pictures, in the given order; none of vectors. */
  thumbnails: {
    input: z.strictObject({ dataset: z.string(), samples: z.array(z.int().min(0)).max(400) }),
    output: imagesSchema,
  },
  /** Ends the prediction for this checkpoint; the call that started it is refused with `reading-cancelled`. */
  cancelPrediction: { input: z.strictObject({ checkpoint: z.string() }), output: z.strictObject({}) },
} as const
