/**
 * A training, from the first source step to the last round of adaptation, as a generator: each pull runs one step and
 * yields one event. Nothing runs between two events, so a snapshot taken there is exact.
 */
import { performance } from 'perf_hooks'
import * as tf from '@tensorflow/tfjs-core'
import { optimiserPrefix } from '../checkpoints/optimiser-state'
import type { NamedTensor } from '../checkpoints/safetensors'
import type { ErrorMessage } from '../contract/errors'
import { isBatchNormalised, type Experiment } from '../contract/experiment'
import type { RoundView } from '../contract/run'
import type { RecordedEvent, RoundEvent, RunRecord } from '../contract/record'
import { examplesOf, type PairedBatch } from '../data/batches'
import type { JudgedSamples } from '../data/judged-samples'
import { labelledImages } from '../data/shots'
import type { Adaptation } from '../methods/method'
import { methodNamed } from '../methods/registry'
import { disposeVariables, restore, valuesOf, type NamedVariable, type Network } from '../models/network'
import {
  adaptationNumbers,
  adaptationStage,
  roundBatches,
  verdictsOn,
  type AdaptationData,
} from './adaptation'
import { seedOfAttempt } from './attempt'
import { featuresOf } from './evaluate'
import { requireFiniteLosses, requireFiniteSourceLoss, requireFiniteWeights } from './finite'
import { createNetworks, holds, predictorsOf, startAdaptation } from './networks'
import { nearDuplicates } from './near-duplicates'
import { createObserver, type LeftOut, type Observer } from './observe'
import { advanced, beginning, meanLosses, rate, type Progress } from './progress'
import {
  batchesRead,
  disposeDomain,
  residentDomain,
  type LabelledSamples,
  type ResidentDomain,
} from './resident'
import { loadedRoundInputs, namedRoundInputs, newRoundInputs, type RoundInputs } from './round-inputs'
import { disposeShots, residentShots } from './shots'
import { recomputeStatistics } from './statistics'
import { sourceEpoch, sourceStage } from './source-stage'
import { prepareSteps, type EngineKind, type Stage, type StageSteps, type StepNumbers } from './steps'

export { progressSchema } from './progress'
export type { EngineKind } from './steps'

export interface TrainingOptions {
  readonly engine?: EngineKind
  /**
   * From 1. Attempts after the first draw from a derived seed. Images, samples and views for measuring are the same in
   * all attempts.
   */
  readonly attempt?: number
}

/** All networks and optimisers in memory, with the training's progress (`progressSchema`). */
export interface Snapshot {
  readonly state: Progress
  readonly tensors: readonly NamedTensor[]
}

/** The samples of an experiment. */
export interface ExperimentSamples {
  readonly source: LabelledSamples
  readonly target: LabelledSamples
  readonly unseenTarget: LabelledSamples | null
  /** The source samples from which the target's accuracy is estimated; absent: it is not estimated. */
  readonly judgedSource?: JudgedSamples<LabelledSamples>
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
      readonly event: WithoutTime<
        Extract<RecordedEvent, { type: 'compiled' | 'eager' | 'source-loss' | 'source-done' | 'loss' }>
      >
    }
  | { readonly type: 'round'; readonly event: WithoutTime<RoundEvent>; readonly view: RoundView }

type Events = AsyncGenerator<TrainingEvent, void, void>

export interface Training {
  /** Number of rounds: the experiment's epochs, or 0 for a method without adaptation. */
  readonly rounds: number
  /** The target images that training sees with their labels: class and index in the dataset. */
  readonly labelledTarget: RunRecord['labelledTarget']
  /** How many near-duplicates of them no accuracy is measured on; undefined if the user listed no images. */
  readonly nearDuplicates: RunRecord['nearDuplicates']
  /**
   * Call this once. It ends after the last round. `file` is the file from which `from` was read; errors name it.
   * Throws `source-loss-not-finite`, `loss-not-finite` and the errors of `restore`.
   */
  run(from?: Snapshot, file?: string): Events
  snapshot(): Snapshot
  /**
   * The networks trained so far: MS and C until adaptation takes its first step, then all networks; from the source
   * stage on if the statistics of the target's networks are recomputed (`adaptation.statistics`). If the method
   * keeps its optimisers for the whole run, their state is included.
   */
  checkpoint(): NamedTensor[]
  /** Each loss at the last step. */
  latestLosses(): Readonly<Record<string, number>>
  /** Why the current stage runs eagerly although compiled steps were requested; null otherwise. */
  obstacle(): ErrorMessage | null
  dispose(): void
}

/** Steps between two recorded losses. The last step of a stage or round is recorded too. */
const recordEvery = 100

/** Converts a checkpoint of round `round` (0: of the source stage) to a snapshot at the start of the next round. */
export function snapshotAfter(round: number, stored: readonly NamedTensor[]): Snapshot {
  const tensors = stored.map((tensor) =>
    tensor.name.startsWith(optimiserPrefix)
      ? { ...tensor, name: tensor.name.slice(optimiserPrefix.length) }
      : tensor,
  )
  return { state: beginning('adaptation', round + 1), tensors }
}

/**
 * The part of `state` that can be restored: that of networks for which `stored` has any state. After a change of
 * method, some networks have none.
 */
function storedPartOf(stored: readonly NamedTensor[], state: readonly NamedVariable[]): NamedVariable[] {
  const names = new Set(stored.map(({ name }) => name))
  const networkOf = (name: string) => name.slice(0, name.indexOf('.'))
  const known = new Set(state.filter(({ name }) => names.has(name)).map(({ name }) => networkOf(name)))
  return state.filter(({ name }) => known.has(networkOf(name)))
}

/** Records whether a phase runs compiled, and if not, why. */
function* compilationEvents(
  phase: Progress['phase'],
  { engine, seconds, obstacle }: StageSteps,
): Iterable<TrainingEvent> {
  if (engine === 'compiled') yield { type: 'recorded', event: { type: 'compiled', phase, seconds } }
  if (obstacle === null) return
  const { code, params } = obstacle
  yield { type: 'recorded', event: { type: 'eager', phase, code, params: { ...params } } }
}

/**
 * Creates the networks and copies the images into tensors; `run` trains. `requested` has the seed for what all attempts
 * share (labelled images, samples, views). Does not keep a reference to `images`. Throws `unknown-method`,
 * `shots-too-many`.
 */
export function createTraining(
  requested: Experiment,
  images: ExperimentSamples,
  { engine = 'compiled', attempt = 1 }: TrainingOptions = {},
): Training {
  const experiment = { ...requested, seed: seedOfAttempt(requested.seed, attempt) }
  const networks = createNetworks(experiment)
  const { MS, adaptation, ofSource, ofAdaptation } = networks
  const source = residentDomain(images.source)
  const target = residentDomain(images.target)
  const unseenTarget = images.unseenTarget && residentDomain(images.unseenTarget)
  const judgedSource = images.judgedSource && {
    ...images.judgedSource,
    samples: residentDomain(images.judgedSource.samples),
  }
  const labelled = labelledImages(requested, images.target)
  const shots = residentShots(labelled, target)
  const labelledTarget = labelled.map(({ name, position }) => ({
    class: name,
    image: images.target.indices[position] ?? -1,
  }))
  const nearby =
    experiment.adaptation.labels.length === 0 ? undefined : nearbyOf(labelled.map((one) => one.position))

  /** Near-duplicates of labelled images, without these images themselves. */
  function nearbyOf(positions: readonly number[]): LeftOut {
    const own = Int32Array.from(positions)
    const labelledOnes = new Set(positions)
    const among = ({ images }: ResidentDomain) => nearDuplicates(images, target.images, own, experiment.model)
    return {
      target: among(target).filter((position) => !labelledOnes.has(position)),
      unseenTarget: unseenTarget === null ? new Int32Array(0) : among(unseenTarget),
    }
  }

  const isSourceJudgedByMS = predictorsOf(networks).source.encoder === MS
  /** Whether the target is classified with recomputed statistics, which a checkpoint of round 0 holds, too. */
  const hasOwnStatistics =
    experiment.adaptation.statistics !== 'method' && isBatchNormalised(experiment.model)
  const rounds = adaptation === null ? 0 : experiment.adaptation.epochs

  let progress = beginning('source', 0)
  let latest: Readonly<Record<string, number>> = {}
  let steps: StageSteps | null = null
  /** What the method computed before the current round. */
  let ofRound: RoundInputs = {}
  let data: AdaptationData | null = null
  let observer: Observer | null = null
  let loaded: Snapshot | null = null

  async function* run(from?: Snapshot, file = 'snapshot'): Events {
    if (from !== undefined) load(from, file)
    // A checkpoint of an earlier method or setting holds other statistics, or none.
    if (progress.phase === 'adaptation' && progress.step === 0)
      settleStatistics(Math.max(0, progress.round - 1))
    if (progress.phase === 'source') yield* trainSource(file)
    const sourceFeatures = isSourceJudgedByMS ? featuresOf(MS, source.images) : null
    data = { source, target, sourceFeatures, shots }
    observer = createObserver(requested, networks, data, { unseenTarget, nearby, judgedSource })
    if (progress.round === 0) yield roundZero(observer)
    if (adaptation !== null) yield* adapt(adaptation, data, observer, file)
  }

  /** Stage 1: MS and C learn the source. */
  async function* trainSource(file: string): Events {
    const { epochs } = experiment.sourceStage
    const epochAt = (epoch: number) => sourceEpoch(experiment, source.count, epoch)
    const first = epochAt(1)
    const stepsAnEpoch = first.count
    const total = epochs * stepsAnEpoch
    const stageSteps = prepareStage(sourceStage(networks, experiment, source), examplesOf(first), file)
    yield* compilationEvents('source', stageSteps)

    const done = progress.step
    for (let epoch = Math.floor(done / stepsAnEpoch) + 1; epoch <= epochs; epoch++) {
      const { at } = epochAt(epoch)
      for (let index = Math.max(0, done - (epoch - 1) * stepsAnEpoch); index < stepsAnEpoch; index++) {
        const numbers = at(index)
        await batchesRead({ source }, numbers.shown, () =>
          index + 1 < stepsAnEpoch ? at(index + 1).shown : {},
        )
        takeStep(stageSteps, numbers, numbers.shown.source?.length ?? 0)
        const { step } = progress
        requireFiniteSourceLoss(latest, epoch, step)
        if (step % recordEvery === 0 || step === total)
          yield {
            type: 'recorded',
            event: { type: 'source-loss', epoch, step, steps: total, loss: latest.source ?? NaN },
          }
        yield { type: 'step', phase: 'source', round: 0, step, steps: total }
      }
    }

    finishStage(stageSteps)
    requireFiniteWeights(ofSource, 0, total)
    const event = {
      type: 'source-done',
      seconds: progress.seconds,
      imagesPerSecond: rate(progress) ?? 0,
    } as const
    startAdaptation(networks)
    settleStatistics(0)
    progress = beginning('adaptation', 0)
    yield { type: 'recorded', event }
  }

  /** Round 0 measures straight transfer: the target as classified by MS and C, before adaptation. */
  function roundZero({ observe }: Observer): TrainingEvent {
    const { measures, view } = observe(0)
    progress = beginning('adaptation', 1)
    const nothing = { losses: {}, verdicts: null, verdictsOnSource: null, seconds: 0, pairsPerSecond: null }
    return { type: 'round', event: { type: 'round', round: 0, measures, ...nothing }, view }
  }

  /** Stage 2: all rounds, or those that remain after a resume. */
  async function* adapt(
    method: Adaptation,
    seen: AdaptationData,
    { observe }: Observer,
    file: string,
  ): Events {
    if (progress.round > rounds) return
    const { declaration } = methodNamed(experiment.adaptation.method)
    const numbersOf = (pair: PairedBatch, round: number, step: number, steps: number) => ({
      ...adaptationNumbers(experiment, method, seen.shots, pair, round, step, steps),
      ofRound,
    })
    const pairsOf = (round: number) => roundBatches(experiment, seen, round)
    if (progress.step === 0) renewRoundInputs(method, seen)
    else ofRound = loadedRoundInputs(method, loaded?.tensors ?? [], file)
    const stageSteps = prepareStage(
      adaptationStage(networks, method, declaration, experiment, seen),
      examplesOf(pairsOf(1)).map((pair) => numbersOf(pair, 1, 0, 1)),
      file,
    )
    yield* compilationEvents('adaptation', stageSteps)

    while (progress.round <= rounds) {
      const { round } = progress
      const pairs = pairsOf(round)
      if (progress.step === 0) startRound(stageSteps, method, pairs.at(0), seen)

      while (progress.step < pairs.count) {
        const pair = pairs.at(progress.step)
        const next = progress.step + 1
        await batchesRead({ source, target }, pair, () => (next < pairs.count ? pairs.at(next) : {}))
        const numbers = numbersOf(pair, round, progress.step, pairs.count)
        takeStep(stageSteps, numbers, Math.min(pair.source.length, pair.target.length))
        const { step } = progress
        requireFiniteLosses(latest, round, step)
        if (step % recordEvery === 0 || step === pairs.count)
          yield {
            type: 'recorded',
            event: { type: 'loss', round, step, steps: pairs.count, losses: latest },
          }
        yield { type: 'step', phase: 'adaptation', round, step, steps: pairs.count }
      }

      stageSteps.read()
      requireFiniteWeights(ofAdaptation, round, pairs.count)
      if (hasOwnStatistics) {
        settleStatistics(round)
        stageSteps.write()
      }
      const { measures, view } = observe(round)
      const { verdicts, verdictsOnSource, seconds } = progress
      const event = {
        type: 'round',
        round,
        losses: meanLosses(progress),
        measures,
        verdicts,
        verdictsOnSource,
        seconds,
        pairsPerSecond: rate(progress),
      } as const
      progress = beginning('adaptation', round + 1)
      yield { type: 'round', event, view }
      if (round < rounds) renewRoundInputs(method, seen)
    }
    finishStage(stageSteps)
    tf.dispose(ofRound)
    ofRound = {}
  }

  /** Uses the networks outside of the steps, so it comes after `read`. */
  function renewRoundInputs(method: Adaptation, { target }: AdaptationData): void {
    tf.dispose(ofRound)
    ofRound = newRoundInputs(method, target)
  }

  /** D's verdicts on the round's first batch are taken before D's first update. */
  function startRound(
    stageSteps: StageSteps,
    method: Adaptation,
    first: PairedBatch,
    seen: AdaptationData,
  ): void {
    const { optimisersLast, discriminate } = method
    if (optimisersLast === 'round') stageSteps.renewOptimisers()
    stageSteps.write()
    if (discriminate === null) return
    const verdicts = verdictsOn(first, method, discriminate, seen)
    progress = { ...progress, verdicts, verdictsOnSource: first.source.length }
  }

  /** Prepares a stage's steps. Each optimiser gets its stored state, or starts new if the snapshot has none. */
  function prepareStage(stage: Stage, examples: readonly StepNumbers[], file: string): StageSteps {
    const stageSteps = prepareSteps(stage, examples, engine)
    steps = stageSteps
    const restorable = storedPartOf(loaded?.tensors ?? [], stageSteps.state)
    if (restorable.length > 0) {
      restore(restorable, loaded?.tensors ?? [], file)
      stageSteps.write()
    }
    loaded = null
    return stageSteps
  }

  /** Runs one training step and counts its time. */
  function takeStep(stageSteps: StageSteps, numbers: StepNumbers, imagesSeen: number): void {
    const began = performance.now()
    latest = stageSteps.run(numbers)
    progress = advanced(progress, latest, imagesSeen, (performance.now() - began) / 1000)
  }

  /** Ends a stage: reads its results back into the networks. */
  function finishStage(stageSteps: StageSteps): void {
    stageSteps.read()
    stageSteps.dispose()
    steps = null
  }

  /**
   * Loads a snapshot. Networks that it lacks start as in a new run: MT as a copy of MS, others as the method declares,
   * or with new weights.
   */
  function load(from: Snapshot, file: string): void {
    for (const network of ofSource) restore(network.variables, from.tensors, file)
    if (from.state.phase === 'adaptation') startAdaptation(networks)
    for (const network of ofAdaptation)
      if (holds(from.tensors, network)) restore(network.variables, from.tensors, file)
    progress = from.state
    loaded = from
  }

  function settleStatistics(round: number): void {
    if (hasOwnStatistics) recomputeStatistics(requested, networks, { source, target }, round)
  }

  function trained(): readonly Network[] {
    return progress.phase === 'source' ? ofSource : [...ofSource, ...ofAdaptation]
  }

  /** The optimiser state that the next round needs in addition to the networks. */
  function lastingState(): NamedVariable[] {
    if (adaptation?.optimisersLast !== 'run') return []
    const state = steps?.state ?? []
    return state.map(({ name, variable }) => ({ name: `${optimiserPrefix}${name}`, variable }))
  }

  return {
    rounds,
    labelledTarget,
    nearDuplicates: nearby && { target: nearby.target.length, unseenTarget: nearby.unseenTarget.length },
    run,
    snapshot() {
      steps?.read()
      const networksNow = trained().flatMap(({ variables }) => variables)
      const held = progress.step === 0 ? [] : namedRoundInputs(ofRound)
      return { state: progress, tensors: [...valuesOf([...networksNow, ...(steps?.state ?? [])]), ...held] }
    },
    checkpoint() {
      steps?.read()
      const { phase, round, step } = progress
      const adapted = phase === 'adaptation' && (round > 1 || step > 0 || hasOwnStatistics)
      if (!adapted) return valuesOf(ofSource.flatMap(({ variables }) => variables))
      return valuesOf([...trained().flatMap(({ variables }) => variables), ...lastingState()])
    },
    latestLosses: () => latest,
    obstacle: () => steps?.obstacle ?? null,
    dispose() {
      steps?.dispose()
      observer?.dispose()
      data?.sourceFeatures?.dispose()
      tf.dispose(ofRound)
      if (shots !== null) disposeShots(shots)
      for (const domain of [source, target, unseenTarget, judgedSource?.samples])
        if (domain) disposeDomain(domain)
      for (const network of [...ofSource, ...ofAdaptation]) disposeVariables(network.variables)
    },
  }
}
