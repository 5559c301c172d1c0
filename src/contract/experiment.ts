/**
 * The complete configuration of an experiment as one serialisable object. The same file reproduces the same run: all
 * random values are drawn from streams keyed by its seeds.
 */
import { z } from 'zod'
import { backboneIds } from '../networks/backbones/registry'
import { isNormalised } from '../networks/properties'
import { baseLayers, encoderIds } from '../networks/registry'
import { framings, type Framing } from './framing'
import { weightSchedules } from './parameter'

export const maxSeed = 2 ** 31 - 1
export const maxNameLength = 120
const seed = z.int().min(0).max(maxSeed)
/** The largest side of images. */
export const maxSide = 320
/** The longest vectors. */
const maxLength = 100_000
/** All bounds in this file are inclusive, so that an error message can state them unchanged. */
const learningRate = z.number().min(1e-9).max(10)
const fraction = z.number().min(0).max(1)

/** One transformation of the images. Angles in degrees, lengths in pixels, intensities in [0, 1]. */
export const shiftSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('rotation'), degrees: z.number().min(-180).max(180) }),
  z.strictObject({ kind: z.literal('scale'), factor: z.number().min(0.2).max(5) }),
  z.strictObject({ kind: z.literal('shear'), degrees: z.number().min(-60).max(60) }),
  z.strictObject({
    kind: z.literal('translation'),
    right: z.number().min(-28).max(28),
    down: z.number().min(-28).max(28),
  }),
  z.strictObject({ kind: z.literal('inversion') }),
  z.strictObject({ kind: z.literal('noise'), deviation: fraction }),
  z.strictObject({ kind: z.literal('blur'), deviation: z.number().min(0.01).max(10) }),
  z.strictObject({ kind: z.literal('contrast'), factor: z.number().min(0).max(5) }),
  z.strictObject({ kind: z.literal('coloured-background') }),
])
export type Shift = z.infer<typeof shiftSchema>

/** `fill` is the name of `stretch` in earlier versions. */
const framing = z.preprocess(
  (name: Framing | 'fill') => (name === 'fill' ? 'stretch' : name),
  z.enum(framings),
)

/** Longest name of a class: names of folders are not longer. */
export const maxClassNameLength = 255

/** A class is its name. A number is the name of a class only in a dataset whose names are numbers. */
const className = z.preprocess(
  (name: string | number) => (typeof name === 'number' ? String(name) : name),
  z.string().normalize('NFC').min(1).max(maxClassNameLength),
)

/**
 * A domain: a selection of images and their transformations. `classes` are names of the dataset's classes, none if it
 * has no labels; `count: 'all'` takes all images.
 */
export const domainSchema = z.strictObject({
  dataset: z.string().min(1),
  /** `original`: the dataset's own split; `pooled`: all images, split again 80 : 20, seeded and stratified. */
  partition: z.enum(['original', 'pooled']).default('original'),
  split: z.enum(['train', 'test']).default('train'),
  classes: z.array(className),
  /** Whether images whose class is not known are taken too. */
  unlabelled: z.boolean().default(false),
  count: z.union([z.literal('all'), z.int().min(1)]).default('all'),
  /** Number of samples drawn of each class; null: all. */
  perClass: z.int().min(1).nullable().default(null),
  /**
   * The share of the last class's images that is kept. The shares of the classes before it rise by equal factors to 1
   * for the first class (long-tailed, as in Cui et al. 2019). 1: all images.
   */
  rarest: z.number().min(0.001).max(1).default(1),
  /** How an image of another size becomes a square; src/contract/framing.ts describes each way. */
  framing: framing.default('stretch'),
  shifts: z.array(shiftSchema).max(16).default([]),
  /** Seed for the selection of images and the noise of shifts. */
  seed: seed.default(0),
})
export type Domain = z.infer<typeof domainSchema>

/** The rule that turns gradients into updates. */
export const optimiserSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('sgd'),
    momentum: z.number().min(0).max(0.999999).default(0),
    nesterov: z.boolean().default(false),
    weightDecay: z.number().min(0).max(1).default(0),
  }),
  z.strictObject({
    kind: z.literal('adam'),
    beta1: z.number().min(0).max(0.999999).default(0.9),
    beta2: z.number().min(0).max(0.999999).default(0.999),
    epsilon: z.number().min(1e-12).max(1).default(1e-8),
  }),
])
export type Optimiser = z.infer<typeof optimiserSchema>

const plainSgd = { kind: 'sgd', momentum: 0, nesterov: false, weightDecay: 0 } as const
/** `cosine` falls to 0; `inverse`: (1 + 10 p)^-0.75 at progress p, as in DANN, CDAN and SHOT. */
export const scheduleSchema = z.enum(['constant', 'cosine', 'inverse'])
const batch = z.int().min(1).max(10_000)
const epochs = z.int().min(0).max(100_000)
/**
 * Steps in one epoch. null: one pass over the images, whose last batch may be smaller. With a number, every batch is
 * full: images left over at the end of a pass are skipped, and the next pass has a new order. A domain smaller than a
 * batch is shown whole in each step.
 */
const steps = z.int().min(1).max(100_000).nullable()

/** Declared in src/networks, one file each. */
export const encoders = encoderIds

/** How pixels are scaled; `unit`: to [0, 1]; `symmetric`: to [-1, 1]. */
export const pixelsSchema = z.enum(['unit', 'symmetric'])
export type Pixels = z.infer<typeof pixelsSchema>

/** A network trained on other images, whose features the encoder takes (src/networks/backbone.ts). */
export const backboneSchema = z.strictObject({
  network: z.enum(backboneIds),
  /** The digest of its weights (docs/backbones.md); a run without it would not say what it was trained with. */
  weights: z.string().regex(/^[0-9a-f]{64}$/),
})
export type BackboneChoice = z.infer<typeof backboneSchema>

export const modelSchema = z.strictObject({
  /** Frozen: it sees each image once. null: the encoder takes the samples themselves. */
  backbone: backboneSchema.nullable().default(null),
  encoder: z.enum(encoders).default('lenet'),
  /**
   * The activation between encoder and a linear classifier. The article does not specify it; the default is none. ReLU
   * does not change features that are never negative.
   */
  classifierActivation: z.enum(['none', 'relu']).default('none'),
  /** Width and height of the images in pixels; images of other sizes are resized. `encoder` sets the least side. */
  side: z.int().min(8).max(maxSide).default(28),
  /**
   * Length of the vectors that the encoder takes: the samples themselves, or a backbone's features. null: it takes images.
   */
  length: z.int().min(1).max(maxLength).nullable().default(null),
  /** 1: every image in greyscale; 3: every image in RGB. */
  channels: z.union([z.literal(1), z.literal(3)]).default(1),
  pixels: pixelsSchema.default('unit'),
  /**
   * How vectors are normalised: `l2`: x sqrt(length) / ||x||; `z-score`: each column to mean 0 and deviation 1, by the
   * statistics of its domain; src/data/normalise.ts describes both. Images ignore it.
   */
  vectors: z.enum(['none', 'l2', 'z-score']).default('none'),
  /**
   * Units of the hidden layers of `mlp`; the last number is the number of features. Other encoders ignore it. At least
   * one: without a layer, the encoder would have no weights to adapt.
   */
  hidden: z.array(z.int().min(1).max(4096)).min(1).max(6).default([256]),
  /** Batch normalisation after each hidden layer of `mlp`; other encoders ignore it. */
  batchNorm: z.boolean().default(true),
  /** Share of the values that dropout drops after each hidden layer of `mlp`; other encoders ignore it. */
  dropout: z.number().min(0).max(0.9).default(0.5),
})

/** Whether the encoder or its classifier uses batch normalisation, whose statistics are undefined for a single sample. */
export function isBatchNormalised(model: z.infer<typeof modelSchema>): boolean {
  const { encoder, classifier } = baseLayers(model, 1)
  return isNormalised([...encoder, ...classifier])
}

/** Limits of random views of an image; src/models/views.ts describes `theta`. */
export const viewsSchema = z.strictObject({
  degrees: z.number().min(0).max(180).default(15),
  /** A scale above 1 shrinks. */
  leastScale: z.number().min(0.2).max(5).default(0.85),
  mostScale: z.number().min(0.2).max(5).default(1.15),
  shear: z.number().min(0).max(1).default(0.2),
  /** In pixels of the image, whatever its side, in both directions. */
  translation: z.number().min(0).max(28).default(2),
})
export type Views = z.infer<typeof viewsSchema>

export const sourceStageSchema = z.strictObject({
  epochs: epochs.default(1),
  steps: steps.default(null),
  batch: batch.default(50),
  learningRate: learningRate.default(0.03),
  optimiser: optimiserSchema.default(plainSgd),
  schedule: scheduleSchema.default('constant'),
  /** The share of each label that is spread evenly over all classes. */
  labelSmoothing: z.number().min(0).max(0.9).default(0),
  /** Trains on random views of the images; null: on the images themselves. */
  views: viewsSchema.nullable().default(null),
})

export const adaptationSchema = z.strictObject({
  method: z.string().min(1).default('adda'),
  /** One adaptation epoch is one round: one pass over the paired batches, or `steps` steps, then one checkpoint. */
  epochs: epochs.default(40),
  steps: steps.default(null),
  batch: batch.default(50),
  learningRate: learningRate.default(1e-5),
  optimiser: optimiserSchema.default(plainSgd),
  schedule: scheduleSchema.default('constant'),
  /** As in the source stage, in methods that go on learning the source's labels; others ignore it. */
  labelSmoothing: z.number().min(0).max(0.9).default(0),
  /** Number of labelled target images per class, drawn with the experiment's seed. */
  shots: z.int().min(0).max(1000).default(0),
  /**
   * Target images given with their labels, instead of `shots`: the index of each in its dataset, and the name of a class
   * of the source.
   */
  labels: z
    .array(z.strictObject({ sample: z.int().min(0), class: className }))
    .max(10_000)
    .default([]),
  /** Limits of views of the target images, in methods that use views, and of the labelled target images. */
  views: viewsSchema.prefault({}),
  /**
   * Which samples the running statistics of batch normalisation come from when the target is classified. `method`: those
   * that the method's own passes leave, as its declaration says. Otherwise they are recomputed after each round from the
   * source, the target, or both (`mixture`: the mean of their statistics). The weights are the same with every choice.
   * Encoders without batch normalisation ignore it.
   */
  statistics: z.enum(['method', 'source', 'target', 'mixture']).default('method'),
  /** Values of the method's parameters; checked against its declaration. */
  parameters: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])).default({}),
  /** Schedules of the method's weights, by parameter, where they differ from those that the method declares. */
  weightSchedules: z.record(z.string(), z.enum(weightSchedules)).default({}),
})

/**
 * Which rounds' checkpoints are kept. `best` is by target accuracy: for inspection only, never used in training. Without
 * target labels it is by mutual information (docs/judging.md).
 */
export const retentionSchema = z.strictObject({
  keep: z.enum(['every', 'every-nth', 'best-and-last']).default('every'),
  nth: z.int().min(1).max(10_000).default(5),
})

/**
 * How much is measured after a round. Every n-th round, the first and the last are measured on all images. The other
 * rounds are measured on a sample of 1,000 per domain, without the held-out images and the scores without labels.
 */
export const measuringSchema = z.strictObject({
  every: z.int().min(1).max(10_000).default(1),
})

/**
 * When a run restarts: its last round is judged by scores that use no target labels (docs/judging.md). The default of
 * 0.975 was found on MNIST {0, 1} to {2, 3}, where it helps to separate success from failure.
 */
export const restartsSchema = z.strictObject({
  /** Maximum number of restarts; after the last one the run ends, accepted or not. */
  most: z.int().min(0).max(100).default(3),
  /**
   * A fixed minimum of mutual information, as a share of ln K, its maximum with K classes. null: the thresholds for
   * entropy and diversity follow from `leastAgreement` and K.
   */
  leastInformation: fraction.nullable().default(null),
  /**
   * Minimum agreement of predictions under views; if `leastInformation` is null, lowered by the error that their
   * entropy allows.
   */
  leastAgreement: fraction.default(0.975),
})
export type Restarts = z.infer<typeof restartsSchema>

/** An experiment that can run: its classes are listed and paired. */
export const experimentSchema = z.strictObject({
  name: z.string().normalize('NFC').min(1).max(maxNameLength),
  source: domainSchema.extend({ classes: domainSchema.shape.classes.min(1) }),
  target: domainSchema,
  /**
   * `pairing[i]` is the index in `source.classes` of the class that `target.classes[i]` stands for; empty for a target
   * without labels.
   */
  pairing: z.array(z.int().min(0)),
  model: modelSchema.prefault({}),
  sourceStage: sourceStageSchema.prefault({}),
  adaptation: adaptationSchema.prefault({}),
  /** null: never restart. */
  restarts: restartsSchema.nullable().default(null),
  measuring: measuringSchema.prefault({}),
  retention: retentionSchema.prefault({}),
  /** Seed for the initial weights and the order of batches. */
  seed: seed.default(0),
})
export type Experiment = z.infer<typeof experimentSchema>
export type ModelOptions = Experiment['model']

/** A backbone as the user gives it: without the digest of its weights, those that there are. */
const backboneDraftSchema = backboneSchema.partial({ weights: true })
export type BackboneDraft = z.infer<typeof backboneDraftSchema>

/** A domain as the user gives it: without a list of classes it has all classes, and images without a label too. */
const domainDraftSchema = domainSchema
  .extend({ classes: z.union([z.literal('all'), domainSchema.shape.classes]).default('all') })
  .refine(({ classes, unlabelled }) => classes.length > 0 || unlabelled, { path: ['classes'] })

/**
 * An experiment as the user gives it. `settle` makes an experiment of it when its datasets are known. Classes are paired
 * by equal names unless another pairing is chosen: by `positions` in the two lists, or by indices as in `Experiment`.
 */
export const experimentDraftSchema = experimentSchema.extend({
  source: domainDraftSchema,
  target: domainDraftSchema,
  pairing: z.union([z.enum(['names', 'positions']), experimentSchema.shape.pairing]).default('names'),
  model: modelSchema.extend({ backbone: backboneDraftSchema.nullable().default(null) }).prefault({}),
})
export type ExperimentDraft = z.infer<typeof experimentDraftSchema>
export type ModelDraft = ExperimentDraft['model']
/** The user's input: every setting with a default can be omitted. */
export type ExperimentInput = z.input<typeof experimentDraftSchema>

/** The settings that differ between repetitions of one experiment. */
export const seedSettings: readonly string[] = ['seed', 'source.seed', 'target.seed']

/** A preset: an experiment with a title and a description, stored as a data file in assets/presets. */
export const presetSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  title: z.strictObject({ en: z.string(), zh: z.string() }),
  about: z.strictObject({ en: z.string(), zh: z.string() }),
  /**
   * Choices made here because the publication does not specify them, and limits on what a result of this preset shows.
   */
  choices: z.array(z.strictObject({ en: z.string(), zh: z.string() })).default([]),
  experiment: experimentSchema,
})
export type Preset = z.infer<typeof presetSchema>
