/**
 * Defines an adaptation method: a declaration, the networks that it adds, the networks that learn, and one step
 * written like its paper. A step is a pure function of variables and input tensors. Its inputs are batches,
 * randomness, learning rates and weights of terms, and its outputs are losses; it reads no values back. A step can
 * therefore be resumed exactly and compiled into one graph.
 */
import type * as tf from '@tensorflow/tfjs-core'
import { labError } from '../contract/errors'
import type { Experiment, Optimiser } from '../contract/experiment'
import type { MethodDeclaration } from '../contract/method'
import { schemaOfAll, type Parameters, type ValuesOf } from '../contract/parameter'
import type { Random } from '../data/random'
import type { Network, Pass } from '../models/network'
import type { Augment } from '../models/views'
import { weightsAt } from './term-weights'

/** The networks that every experiment has. */
export interface BaseNetworks {
  /** Source encoder: frozen after the source stage. */
  readonly MS: Network
  /** Target encoder. */
  readonly MT: Network
  /** Classifier: frozen after the source stage. */
  readonly C: Network
}

/** The setting in which a method is created. */
export interface Setting<Values> extends BaseNetworks {
  /** The values of the method's own parameters. */
  readonly values: Values
  readonly adaptation: Experiment['adaptation']
  /** Random views of the samples within `adaptation.views`; null for samples that have none. */
  readonly augment: Augment | null
  /** Makes a network that the method declares, initialised from a stream keyed by its id ("discriminator"). */
  readonly create: (id: string) => Network
}

/** One pair of batches. */
export interface Batch {
  /** The positions of the samples in their domains, `[bs]` and `[bt]`, int32. */
  readonly indices: { readonly source: tf.Tensor1D; readonly target: tf.Tensor1D }
  /**
   * Source samples `[bs, ...]` (images: `[bs, side, side, channels]`, vectors: `[bs, length]`) as in the source stage,
   * with random views if it uses them, and their labels `[bs]`, int32.
   */
  readonly xs: tf.Tensor
  readonly ys: tf.Tensor1D
  /**
   * MS(xs) of the images without views, `[bs, length]`, in training mode like MT(xt). If an encoder behaves the same
   * in both modes, they are computed once per run, as MS is frozen.
   */
  readonly fs: tf.Tensor2D
  /** Target samples `[bt, ...]`. */
  readonly xt: tf.Tensor
  /**
   * Labels of the target in the source's classes, `[bt]`, int32; only for references, which declare that they use
   * them.
   */
  readonly yt: tf.Tensor1D
}

/** Numbers of images of each domain in a step; they may differ in the last pair of a round. */
export interface BatchSizes {
  readonly source: number
  readonly target: number
}

/** A network that learns, with its optimiser and learning rate. */
export interface Learner {
  readonly network: Network
  readonly optimiser: Optimiser
  /** Before the experiment's schedule is applied. */
  readonly learningRate: number
}

/** What a step can use in addition to its batch. */
export interface StepTools {
  /**
   * The network in training mode: with batch statistics and dropout. Called directly, a network is in evaluation mode.
   */
  readonly train: (network: Network) => Pass
  /** A frozen network in training mode; its running statistics do not change. */
  readonly trainFrozen: (network: Network) => Pass
  /** Updates each network once down the gradient of `loss`; each must be a learner. */
  readonly learn: (loss: tf.Scalar, ...networks: Network[]) => void
  /** The present weight of a loss term, by its parameter. */
  readonly weight: (parameter: string) => tf.Scalar
  /** Random numbers of this step, by their name in `draws`. */
  readonly drawn: (name: string) => tf.Tensor
  /** What `eachRound` gave before this round, by its name there. */
  readonly ofRound: (name: string) => tf.Tensor
  /**
   * Cross-entropy of `logits` on random views of the labelled target images; 0 if there are none. Every method adds it
   * to the loss of its target networks.
   */
  readonly labelled: (logits: Pass) => tf.Scalar
}

/** The networks that classify a domain's images: classifier(encoder(x)). */
export interface Predictor {
  readonly encoder: Network
  readonly classifier: Network
}

/** The whole target as its encoder and classifier see it before a round, in inference mode. */
export interface SeenTarget {
  /** `[count, length]`, in the order of `Batch.indices`. */
  readonly features: tf.Tensor2D
  /** `[count, classes]`. */
  readonly logits: tf.Tensor2D
}

/** A method applied to the networks of one experiment. */
export interface Adaptation {
  /** The networks that the method adds. */
  readonly networks: readonly Network[]
  /** Networks that are initialised as copies of others at the end of the source stage. */
  readonly copies: readonly { readonly from: Network; readonly to: Network }[]
  readonly learners: readonly Learner[]
  /** Whether optimisers are reset in each round. */
  readonly optimisersLast: 'round' | 'run'
  /** The networks that classify each domain. Checkpoints find the target's by their names. */
  readonly source: Predictor
  readonly target: Predictor
  /** Weights of loss terms at `progress` through all rounds, from 0 to 1, by their parameters. */
  readonly weights: (progress: number) => Readonly<Record<string, number>>
  /** The random numbers that one step needs. */
  readonly draws: (random: Random, sizes: BatchSizes) => Readonly<Record<string, tf.Tensor>>
  /**
   * What the steps of a round need from the whole target, such as pseudo-labels; computed before the round. Absent if
   * they need nothing. Float32, as snapshots store tensors. Each step gets all of it as input, so it has to be small.
   */
  readonly eachRound?: (target: SeenTarget) => Readonly<Record<string, tf.Tensor>>
  /** D's logits `[batch, 2]` for features `[batch, length]`, output 0 for "source"; null for methods without D. */
  readonly discriminate: ((features: tf.Tensor2D) => tf.Tensor2D) | null
  /** One step on one pair of batches; returns each declared loss before weighting. */
  readonly step: (batch: Batch, tools: StepTools) => Readonly<Record<string, tf.Scalar>>
}

/** A method as listed in the registry. `adapt` is null if nothing is learned after the source stage. */
export interface Method {
  readonly declaration: MethodDeclaration
  readonly adapt: ((setting: Setting<Experiment['adaptation']['parameters']>) => Adaptation) | null
}

type Declaration<P extends Parameters> = MethodDeclaration & { readonly parameters: P }

/**
 * Binds the declared parameters to the values that `adapt` receives: checked, with initial values filled in. The weights
 * of loss terms follow from the declaration.
 */
export function defineMethod<const P extends Parameters>(
  declaration: Declaration<P>,
  adapt: (setting: Setting<ValuesOf<P>>) => Omit<Adaptation, 'weights'>,
): Method {
  const { parameters } = declaration
  const schema = schemaOfAll(parameters)
  return {
    declaration,
    adapt(setting) {
      const values = schema.parse(setting.values)
      const { weightSchedules } = setting.adaptation
      return {
        ...adapt({ ...setting, values: values as ValuesOf<P> }),
        weights: (progress) => weightsAt(progress, parameters, values, weightSchedules),
      }
    },
  }
}

type SettingWithViews<Values> = Setting<Values> & { readonly augment: Augment }

/** Defines a method whose losses use random views; it throws `method-needs-views` for samples that have none. */
export function defineMethodWithViews<const P extends Parameters>(
  declaration: Declaration<P>,
  adapt: (setting: SettingWithViews<ValuesOf<P>>) => Omit<Adaptation, 'weights'>,
): Method {
  return defineMethod<P>({ ...declaration, needsViews: true }, ({ augment, ...setting }) => {
    if (augment === null) throw labError('method-needs-views', { method: declaration.id })
    return adapt({ ...setting, augment })
  })
}
