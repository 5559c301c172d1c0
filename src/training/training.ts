/**
 * A training, from the first step on the source to the last round of adaptation, as a generator that its
 * owner pulls: one step, one event. Between two events nothing runs, so a snapshot taken there is exact.
 */
import type { NamedTensor } from '../checkpoints/safetensors'
import type { Experiment } from '../contract/experiment'
import type { RoundView } from '../contract/lab'
import type { RecordedEvent, RoundEvent } from '../contract/record'
import type { DomainImages } from '../data/domain'

/** The images of one experiment. Labels of the target serve measuring only. */
export interface TrainingImages {
  readonly source: DomainImages
  readonly target: DomainImages
  /** Target images held out from training; null where there are none. */
  readonly unseenTarget: DomainImages | null
}

/** `compiled`: each step runs as one TensorFlow graph; `eager`: one operation at a time. Same numbers. */
export type EngineKind = 'compiled' | 'eager'

export interface TrainingOptions {
  readonly engine?: EngineKind
}

/**
 * Where a training stands. In phase `source`, `step` steps of all its epochs are done; in phase `adaptation`,
 * `step` steps of round `round` (round 0 has no steps: it is the measuring before adaptation).
 */
export interface Position {
  readonly phase: 'source' | 'adaptation'
  readonly round: number
  readonly step: number
}

/** What must be known, beside tensors, to go on as if nothing had happened. Plain JSON. */
export interface SnapshotState extends Position {
  /** Sums of each loss term over the steps done in this round. */
  readonly lossSums: Readonly<Record<string, number>>
  readonly verdicts: readonly (0 | 1)[] | null
  readonly verdictsOnSource: number | null
  /** Seconds of training in this phase or round, without pauses. */
  readonly seconds: number
}

/** Every network and every optimiser's state, in memory layout, with the position. */
export interface Snapshot {
  readonly state: SnapshotState
  readonly tensors: readonly NamedTensor[]
}

type WithoutTime<E> = E extends unknown ? Omit<E, 'time'> : never

export type TrainingEvent =
  | {
      readonly type: 'step'
      readonly phase: 'source' | 'adaptation'
      readonly round: number
      readonly step: number
      readonly steps: number
    }
  | {
      readonly type: 'recorded'
      readonly event: WithoutTime<Extract<RecordedEvent, { type: 'source-loss' | 'source-done' | 'loss' }>>
    }
  | { readonly type: 'round'; readonly event: WithoutTime<RoundEvent>; readonly view: RoundView }

export interface Training {
  /** Rounds that there will be: the experiment's epochs, or 0 for a method that learns nothing further. */
  readonly rounds: number
  /** Ends after the last round. Throws `source-loss-not-finite` and `loss-not-finite`. Called once. */
  run(from?: Snapshot): AsyncGenerator<TrainingEvent, void, void>
  snapshot(): Snapshot
  /** The networks alone, under the names and in the memory layout of src/models. */
  checkpoint(): NamedTensor[]
  /** The loss terms of the last step. */
  latestLosses(): Readonly<Record<string, number>>
  dispose(): void
}

/** The training of `experiment` on its images; nothing is computed before `run` is pulled. */
export declare function createTraining(
  experiment: Experiment,
  images: TrainingImages,
  options?: TrainingOptions,
): Training

/** A snapshot at the start of the round after `round`, from that round's checkpoint (memory layout). */
export declare function snapshotAfter(round: number, tensors: readonly NamedTensor[]): Snapshot
