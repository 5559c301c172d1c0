/** One step of adversarial adaptation, taken apart: what each stage computes, and what it moves. */
import type { Flow, NetworkName, NetworkState } from '../charts/network'
import {
  accuracyOf,
  calledSource,
  discriminatorStep,
  encoderStep,
  mapPoints,
  verdict,
  type Affine,
  type Discriminator,
  type Toy,
} from './toy'

export const stageNames = ['features', 'verdicts', 'discriminator', 'inverted', 'encoder', 'measure'] as const
export type StageName = (typeof stageNames)[number]

/** The pictures of the stages; numbers come from `takeApart`. */
export const stagePictures: Readonly<
  Record<StageName, { states: Record<NetworkName, NetworkState>; flows: ReadonlySet<Flow> }>
> = {
  features: {
    states: { MS: 'frozen', MT: 'idle', C: 'idle', D: 'idle' },
    flows: new Set<Flow>(['xs-MS', 'xt-MT']),
  },
  verdicts: {
    states: { MS: 'frozen', MT: 'idle', C: 'idle', D: 'idle' },
    flows: new Set<Flow>(['xs-MS', 'xt-MT', 'MS-D', 'MT-D']),
  },
  discriminator: {
    states: { MS: 'frozen', MT: 'frozen', C: 'idle', D: 'learning' },
    flows: new Set<Flow>(['MS-D', 'MT-D']),
  },
  inverted: {
    states: { MS: 'idle', MT: 'idle', C: 'idle', D: 'frozen' },
    flows: new Set<Flow>(['xt-MT', 'MT-D']),
  },
  encoder: {
    states: { MS: 'idle', MT: 'learning', C: 'idle', D: 'frozen' },
    flows: new Set<Flow>(['xt-MT', 'MT-D']),
  },
  measure: {
    states: { MS: 'idle', MT: 'frozen', C: 'frozen', D: 'idle' },
    flows: new Set<Flow>(['xt-MT', 'MT-C']),
  },
}

export interface TakenApart {
  /** D's verdicts before its update, 0 source, 1 target; source points first. */
  readonly verdicts: readonly (0 | 1)[]
  readonly onSource: number
  readonly lossD: number
  readonly lossDAfter: number
  readonly lossMT: number
  readonly lossMTAfter: number
  /** Euclidean length of each network's change. */
  readonly moved: Readonly<Record<NetworkName, number>>
  readonly fooledBefore: number
  readonly fooledAfter: number
  readonly accuracyBefore: number
  readonly accuracyAfter: number
  readonly after: Toy
}

function distance(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += ((a[i] ?? 0) - (b[i] ?? 0)) ** 2
  return Math.sqrt(sum)
}

function flat(D: Discriminator): number[] {
  return [...D.first, ...D.shift, ...D.second, D.offset]
}

function verdictsOf(D: Discriminator, features: Float64Array): (0 | 1)[] {
  return Array.from({ length: features.length / 2 }, (_, i) =>
    verdict(D, features[i * 2] ?? 0, features[i * 2 + 1] ?? 0) > 0.5 ? 0 : 1,
  )
}

export function takeApart(toy: Toy): TakenApart {
  const { source, target, C, D, MT } = toy
  const before = mapPoints(MT, target.xy)
  const first = discriminatorStep(D, source.xy, before)
  const second = encoderStep(MT, first.D, target.xy)
  const moved: Affine = second.MT
  const after = mapPoints(moved, target.xy)
  const sourceVerdicts = verdictsOf(D, source.xy)
  return {
    verdicts: [...sourceVerdicts, ...verdictsOf(D, before)],
    onSource: sourceVerdicts.length,
    lossD: first.loss,
    lossDAfter: discriminatorStep(first.D, source.xy, before).loss,
    lossMT: second.loss,
    lossMTAfter: encoderStep(moved, first.D, target.xy).loss,
    moved: { MS: 0, C: 0, D: distance(flat(D), flat(first.D)), MT: distance(MT, moved) },
    fooledBefore: calledSource(first.D, before),
    fooledAfter: calledSource(first.D, after),
    accuracyBefore: accuracyOf(C, before, target.labels),
    accuracyAfter: accuracyOf(C, after, target.labels),
    after: { ...toy, D: first.D, MT: moved, steps: toy.steps + 1 },
  }
}
