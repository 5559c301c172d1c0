/**
 * The whole set-up of an experiment as one serialisable object. The same file reproduces the same run:
 * everything random is drawn from streams keyed by its seeds.
 */
import { z } from 'zod'

export const maxSeed = 2 ** 31 - 1
export const maxNameLength = 120
const seed = z.int().min(0).max(maxSeed)
/** Every bound of this file is inclusive, so that a refusal can name it as it is. */
const learningRate = z.number().min(1e-9).max(10)
const fraction = z.number().min(0).max(1)

/** One change of how images are drawn. Angles in degrees, lengths in pixels, intensities in [0, 1]. */
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

/** A domain: which images, drawn how. `classes` are labels of the dataset; `count: 'all'` takes all there are. */
export const domainSchema = z.strictObject({
  dataset: z.string().min(1),
  /** `original`: the files' own split; `pooled`: all images, split again 80 : 20, seeded and stratified. */
  partition: z.enum(['original', 'pooled']).default('original'),
  split: z.enum(['train', 'test']).default('train'),
  classes: z.array(z.int().min(0)).min(1),
  count: z.union([z.literal('all'), z.int().min(1)]).default('all'),
  /**
   * Of the last class, only this share of its images; of those before, shares that rise to 1 for the first one by
   * equal factors (long-tailed, as in Cui et al. 2019). 1: all of them.
   */
  rarest: z.number().min(0.001).max(1).default(1),
  /** How another size becomes 28x28: `fill` stretches, `box20` fits into 20x20 in the middle, as MNIST does. */
  framing: z.enum(['fill', 'box20']).default('fill'),
  shifts: z.array(shiftSchema).max(16).default([]),
  /** Draws which images are taken, and the shifts' noise. */
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
/** `cosine` falls to 0; `inverse`: (1 + 10 p)^-0.75 at progress p, as DANN, CDAN and SHOT have it. */
export const scheduleSchema = z.enum(['constant', 'cosine', 'inverse'])
const batch = z.int().min(1).max(10_000)
const epochs = z.int().min(0).max(100_000)

/**
 * `lenet`: the article's; `lenet-bn`: with batch normalisation and dropout, as SHOT has it; `lenet-mlp`: with batch
 * normalisation, and a classifier of three layers with batch normalisation and dropout, as MCD has it.
 */
export const encoders = ['lenet', 'lenet-bn', 'lenet-mlp'] as const

/** Which of them have batch normalisation: of a batch of one image it has no statistics. */
export const batchNormalised: Readonly<Record<(typeof encoders)[number], boolean>> = {
  lenet: false,
  'lenet-bn': true,
  'lenet-mlp': true,
}

export const modelSchema = z.strictObject({
  encoder: z.enum(encoders).default('lenet'),
  /**
   * An activation between encoder and classifier; the article does not say, its default here is none. The features of
   * `lenet-mlp` are never negative, so ReLU leaves them as they are.
   */
  classifierActivation: z.enum(['none', 'relu']).default('none'),
  /** 1: every image as grey; 3: every image as RGB. */
  channels: z.union([z.literal(1), z.literal(3)]).default(1),
  /** `unit`: pixels in [0, 1]; `symmetric`: in [-1, 1]. */
  pixels: z.enum(['unit', 'symmetric']).default('unit'),
})

/** How far random views of an image may go; `theta` is in src/models/views.ts. */
export const viewsSchema = z.strictObject({
  degrees: z.number().min(0).max(180).default(15),
  /** A scale above 1 shrinks. */
  leastScale: z.number().min(0.2).max(5).default(0.85),
  mostScale: z.number().min(0.2).max(5).default(1.15),
  shear: z.number().min(0).max(1).default(0.2),
  /** In pixels, to either side. */
  translation: z.number().min(0).max(28).default(2),
})
export type Views = z.infer<typeof viewsSchema>

export const sourceStageSchema = z.strictObject({
  epochs: epochs.default(1),
  batch: batch.default(50),
  learningRate: learningRate.default(0.03),
  optimiser: optimiserSchema.default(plainSgd),
  schedule: scheduleSchema.default('constant'),
  /** What share of each label is spread evenly over all classes. */
  labelSmoothing: z.number().min(0).max(0.9).default(0),
  /** Train on random views of the images instead of the images; null: on the images. */
  views: viewsSchema.nullable().default(null),
})

export const adaptationSchema = z.strictObject({
  method: z.string().min(1).default('adda'),
  /** One adaptation epoch is one round: one pass over the paired batches, one checkpoint. */
  epochs: epochs.default(40),
  batch: batch.default(50),
  learningRate: learningRate.default(1e-5),
  optimiser: optimiserSchema.default(plainSgd),
  schedule: scheduleSchema.default('constant'),
  /** How many target images of each class are given with their labels, drawn by the experiment's seed. */
  shots: z.int().min(0).max(1000).default(0),
  /** How far the views of target images go, in methods that use them and of images given with labels. */
  views: viewsSchema.prefault({}),
  /** Values of the parameters that the method declares; checked against its declaration. */
  parameters: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])).default({}),
})

/** Which rounds stay on disk. `best` is by target accuracy: a curiosity, never a choice made in training. */
export const retentionSchema = z.strictObject({
  keep: z.enum(['every', 'every-nth', 'best-and-last']).default('every'),
  nth: z.int().min(1).max(10_000).default(5),
})

/**
 * How much is measured after a round. In every n-th round, and in the first and the last, all images are read. In
 * the rounds between, a sample of 1,000 of each domain is, and neither the held-out images nor the scores without
 * labels are measured.
 */
export const measuringSchema = z.strictObject({
  every: z.int().min(1).max(10_000).default(1),
})

/**
 * When a run starts over: its last round is judged by scores that use no label of the target (docs/judging.md). The
 * default of 0.975 was found on MNIST {0, 1} to {2, 3}, where it helps to part success from failure.
 */
export const restartsSchema = z.strictObject({
  /** Restarts at most; after the last one the run ends, accepted or not. */
  most: z.int().min(0).max(100).default(3),
  /**
   * A fixed least mutual information, as a share of ln K, the most that there can be with K classes. null: what is asked
   * of entropy and diversity follows from `leastAgreement` and K.
   */
  leastInformation: fraction.nullable().default(null),
  /** The least agreement of predictions under views; without a fixed information, less the error that their entropy allows. */
  leastAgreement: fraction.default(0.975),
})
export type Restarts = z.infer<typeof restartsSchema>

export const experimentSchema = z.strictObject({
  name: z.string().normalize('NFC').min(1).max(maxNameLength),
  source: domainSchema,
  target: domainSchema,
  /** `pairing[i]` is the index in `source.classes` of the class that `target.classes[i]` stands for. */
  pairing: z.array(z.int().min(0)).min(1),
  model: modelSchema.prefault({}),
  sourceStage: sourceStageSchema.prefault({}),
  adaptation: adaptationSchema.prefault({}),
  /** null: a run is what it becomes. */
  restarts: restartsSchema.nullable().default(null),
  measuring: measuringSchema.prefault({}),
  retention: retentionSchema.prefault({}),
  /** Draws initial weights and the order of batches. */
  seed: seed.default(0),
})
export type Experiment = z.infer<typeof experimentSchema>
/** What a person may write: everything with a default may be left out. */
export type ExperimentInput = z.input<typeof experimentSchema>
export type ModelOptions = Experiment['model']

/** The settings in which repetitions of one experiment differ. */
export const seedSettings: readonly string[] = ['seed', 'source.seed', 'target.seed']

/** A preset is an experiment with words around it; a data file in assets/presets. */
export const presetSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  title: z.strictObject({ en: z.string(), zh: z.string() }),
  about: z.strictObject({ en: z.string(), zh: z.string() }),
  /** What is decided here where the publication is silent, and what a result of this preset does not say. */
  choices: z.array(z.strictObject({ en: z.string(), zh: z.string() })).default([]),
  experiment: experimentSchema,
})
export type Preset = z.infer<typeof presetSchema>
