/** One step of adversarial adaptation in stages: what each stage computes and what it updates. */
import type { Flow, LossFlow, NetworkName, NetworkState } from '../charts/network'
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

const lossOfD = { name: 'L(D)', moves: 'D' } as const
const lossOfMT = { name: 'L(MT)', moves: 'MT' } as const

interface StagePicture {
  readonly states: Readonly<Record<NetworkName, NetworkState>>
  readonly flows: ReadonlySet<Flow>
  /** The loss whose gradient flows; null if nothing learns. */
  readonly loss: LossFlow | null
}

/** The picture of each stage; the numbers come from `takeApart`. */
export const stagePictures: Readonly<Record<StageName, StagePicture>> = {
  features: {
    states: { MS: 'frozen', MT: 'idle', C: 'idle', D: 'idle' },
    flows: new Set<Flow>(['xs-MS', 'xt-MT']),
    loss: null,
  },
  verdicts: {
    states: { MS: 'frozen', MT: 'idle', C: 'idle', D: 'idle' },
    flows: new Set<Flow>(['xs-MS', 'xt-MT', 'MS-D', 'MT-D']),
    loss: null,
  },
  discriminator: {
    states: { MS: 'frozen', MT: 'frozen', C: 'idle', D: 'learning' },
    flows: new Set<Flow>(['MS-D', 'MT-D']),
    loss: lossOfD,
  },
  inverted: {
    states: { MS: 'idle', MT: 'idle', C: 'idle', D: 'frozen' },
    flows: new Set<Flow>(['xt-MT', 'MT-D']),
    loss: null,
  },
  encoder: {
    states: { MS: 'idle', MT: 'learning', C: 'idle', D: 'frozen' },
    flows: new Set<Flow>(['xt-MT', 'MT-D']),
    loss: lossOfMT,
  },
  measure: {
    states: { MS: 'idle', MT: 'frozen', C: 'frozen', D: 'idle' },
    flows: new Set<Flow>(['xt-MT', 'MT-C']),
    loss: null,
  },
}

export interface TakenApart {
  /** D's verdicts before its update, after it, and after MT's: 0 source, 1 target; source points first. */
  readonly verdicts: Readonly<Record<'verdicts' | 'discriminator' | 'encoder', readonly (0 | 1)[]>>
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
  const bothDomains = (judge: Discriminator, features: Float64Array) => [
    ...verdictsOf(judge, source.xy),
    ...verdictsOf(judge, features),
  ]
  return {
    verdicts: {
      verdicts: bothDomains(D, before),
      discriminator: bothDomains(first.D, before),
      encoder: bothDomains(first.D, after),
    },
    onSource: source.labels.length,
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
