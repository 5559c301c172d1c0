/**
 * What a method of adaptation is: a declaration, the networks that it adds, which networks learn, and one
 * step that reads like its paper. A step is a pure function of variables and input tensors: batches,
 * randomness, learning rates and weights of terms come in; losses go out; nothing is read back inside it.
 * So it can be resumed exactly, and compiled into one graph.
 */
import type * as tf from '@tensorflow/tfjs-core'
import type { Experiment, Optimiser } from '../contract/experiment'
import type { AddedNetwork, MethodDeclaration } from '../contract/method'
import { schemaOfAll, type Parameters, type ValuesOf } from '../contract/parameter'
import type { Random } from '../data/random'
import type { Architecture, Network, Pass } from '../models/network'

/** The networks that every experiment has. */
export interface BaseNetworks {
  /** Source encoder: frozen after the source stage. */
  readonly MS: Network
  /** Target encoder. */
  readonly MT: Network
  /** Classifier: frozen after the source stage. */
  readonly C: Network
}

/** What a method builds on. */
export interface Setting<Values> extends BaseNetworks {
  /** The values of the method's own parameters. */
  readonly values: Values
  readonly adaptation: Experiment['adaptation']
  /** The value of a pixel where nothing is drawn. */
  readonly background: number
  readonly classes: number
  /** How long feature vectors are. */
  readonly features: number
  /** What encoders and classifiers of this experiment look like. */
  readonly architectures: { readonly encoder: Architecture; readonly classifier: Architecture }
  /** Makes a network, initialised from a stream keyed by its id ("discriminator"). */
  readonly create: <Name extends string>(id: AddedNetwork, architecture: Architecture<Name>) => Network
}

/** One pair of batches. */
export interface Batch {
  /**
   * Source images `[bs, 28, 28, channels]` as the source stage shows them, under random views where it does, and
   * their labels `[bs]`, int32.
   */
  readonly xs: tf.Tensor4D
  readonly ys: tf.Tensor1D
  /**
   * MS(xs) of the images without views, `[bs, length]`, in the mode of a network that learns, as MT(xt) beside it is. Where
   * an encoder has one mode only, they are computed once a run, as MS is frozen.
   */
  readonly fs: tf.Tensor2D
  /** Target images `[bt, 28, 28, channels]`. */
  readonly xt: tf.Tensor4D
  /** Labels of the target in the source's classes, `[bt]`, int32: for references alone, which declare it. */
  readonly yt: tf.Tensor1D
}

/** How many images of each domain a step sees: they may differ in the last pair of a round. */
export interface BatchSizes {
  readonly source: number
  readonly target: number
}

/** A network that learns, by which rule and at which rate. */
export interface Learner {
  readonly network: Network
  readonly optimiser: Optimiser
  /** Before the experiment's schedule is applied. */
  readonly learningRate: number
}

/** What a step may use besides its batch. */
export interface StepTools {
  /**
   * The network as it learns: batch normalisation goes by the batch, dropout drops. Called plainly, a network is
   * applied as it stands.
   */
  readonly train: (network: Network) => Pass
  /** A frozen network in the same mode: by the batch and with dropout, while its running statistics stay. */
  readonly trainFrozen: (network: Network) => Pass
  /** One update of each network down the gradient of `loss`; each must be a learner. */
  readonly learn: (loss: tf.Scalar, ...networks: Network[]) => void
  /** The weight of a term, by the name that `weights` gives it. */
  readonly weight: (term: string) => tf.Scalar
  /** Random numbers of this step, by the name that `draws` gives them. */
  readonly drawn: (name: string) => tf.Tensor
  /**
   * Cross-entropy of `logits` on random views of the target images that are given with labels; 0 where none are.
   * Every method adds it to what its target networks learn from.
   */
  readonly labelled: (logits: Pass) => tf.Scalar
}

/** The networks that judge a domain's images: classifier(encoder(x)). */
export interface Predictor {
  readonly encoder: Network
  readonly classifier: Network
}

/** A method at work on the networks of one experiment. */
export interface Adaptation {
  /** The networks that the method adds. */
  readonly networks: readonly Network[]
  /** Networks that start as others are when the source stage is over. */
  readonly copies: readonly { readonly from: Network; readonly to: Network }[]
  readonly learners: readonly Learner[]
  /** Whether optimisers start anew in each round. */
  readonly optimisersLast: 'round' | 'run'
  /** What each domain is judged by; the target's follow the names in `addedNetworks`, as checkpoints are read. */
  readonly source: Predictor
  readonly target: Predictor
  /** Weights of loss terms at `progress` through all rounds, from 0 to 1. */
  readonly weights: (progress: number) => Readonly<Record<string, number>>
  /** The random numbers that one step needs. */
  readonly draws: (random: Random, sizes: BatchSizes) => Readonly<Record<string, tf.Tensor>>
  /** D's logits `[batch, 2]` on features `[batch, length]`, output 0 for "source"; null without a D. */
  readonly discriminate: ((features: tf.Tensor2D) => tf.Tensor2D) | null
  /** One step on one pair of batches; gives each declared loss, before weighting. */
  readonly step: (batch: Batch, tools: StepTools) => Readonly<Record<string, tf.Scalar>>
}

/** A method as the registry lists it. `adapt` is null where nothing is learned after the source stage. */
export interface Method {
  readonly declaration: MethodDeclaration
  readonly adapt: ((setting: Setting<Experiment['adaptation']['parameters']>) => Adaptation) | null
}

type Declaration<P extends Parameters> = MethodDeclaration & { readonly parameters: P }

/** Ties the declared parameters to the values that `adapt` sees: checked, with initial values filled in. */
export function defineMethod<const P extends Parameters>(
  declaration: Declaration<P>,
  adapt: (setting: Setting<ValuesOf<P>>) => Adaptation,
): Method {
  const schema = schemaOfAll(declaration.parameters)
  return {
    declaration,
    adapt: (setting) => adapt({ ...setting, values: schema.parse(setting.values) as ValuesOf<P> }),
  }
}
