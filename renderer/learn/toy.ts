/**
 * ADDA in two dimensions, small enough to run a step between two frames. Source and target are clouds of circles and
 * crosses; MS is the identity, MT an affine map that starts as the identity, C a line fitted to the source, D a small
 * network that separates source points from mapped target points. The steps are those of the full method (Tzeng et al.
 * 2017, section 4): D learns on detached features, then MT learns with the inverted label.
 */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'

export interface ToySettings {
  /** Rotation of the target against the source, degrees. */
  readonly rotation: number
  /** Translation of the target, in units of the picture. */
  readonly distance: number
  /** Share of crosses among the target points; for the source it is a half. */
  readonly balance: number
  readonly seed: number
}

export interface Points {
  /** x, y, x, y, ... */
  readonly xy: Float64Array
  /** 0 circle, 1 cross. The target's labels are used only to draw and to measure accuracy. */
  readonly labels: readonly (0 | 1)[]
}

/** x' = a x + b y + e, y' = c x + d y + f */
export type Affine = readonly [a: number, b: number, c: number, d: number, e: number, f: number]

/** p(cross) = sigmoid(w · z + v) */
export interface Line {
  readonly w: readonly [number, number]
  readonly v: number
}

/** D: hidden = tanh(first z + shift), logit = second · hidden + offset; its sigmoid is p(source). */
export interface Discriminator {
  readonly first: Float64Array
  readonly shift: Float64Array
  readonly second: Float64Array
  readonly offset: number
}

export interface Toy {
  /** The settings that the toy was created from. */
  readonly settings: ToySettings
  readonly source: Points
  readonly target: Points
  readonly C: Line
  readonly MT: Affine
  readonly D: Discriminator
  readonly steps: number
}

export const identity: Affine = [1, 0, 0, 1, 0, 0]

const pointsADomain = 120
const spread = 0.32
const centres = [
  [-1, -0.35],
  [1, 0.35],
] as const
const hidden = 12
const discriminatorRate = 0.25
const discriminatorDecay = 0.01
const encoderRate = 0.06
/** Steps of D alone at the start: MT needs a D near its optimum. */
const warmUp = 60
const discriminatorSteps = 4

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x))

type Uniform = () => number

function stream(seed: number): Uniform {
  const generator = xoroshiro128plus(seed)
  return () => uniformFloat64(generator)
}

/** Normal distribution by the Box-Muller method. */
function normal(uniform: Uniform): number {
  return Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform())
}

function drawPoints(uniform: Uniform, crosses: number): Points {
  const xy = new Float64Array(pointsADomain * 2)
  const labels: (0 | 1)[] = []
  const crossCount = Math.round(pointsADomain * crosses)
  for (let i = 0; i < pointsADomain; i++) {
    const label = i < crossCount ? 1 : 0
    labels.push(label)
    xy[i * 2] = centres[label][0] + spread * normal(uniform)
    xy[i * 2 + 1] = centres[label][1] + 1.6 * spread * normal(uniform)
  }
  return { xy, labels }
}

/** Applies an affine map to every point. */
export function mapPoints([a, b, c, d, e, f]: Affine, xy: Float64Array): Float64Array {
  const mapped = new Float64Array(xy.length)
  for (let i = 0; i < xy.length; i += 2) {
    const [x, y] = [xy[i] ?? 0, xy[i + 1] ?? 0]
    mapped[i] = a * x + b * y + e
    mapped[i + 1] = c * x + d * y + f
  }
  return mapped
}

function shiftOf({ rotation, distance }: ToySettings): Affine {
  const angle = (rotation * Math.PI) / 180
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)]
  return [cos, -sin, sin, cos, distance * 0.8, distance * 0.6]
}

/** Logistic regression by gradient descent: the toy's source stage. */
function fitLine({ xy, labels }: Points): Line {
  const w: [number, number] = [0, 0]
  let v = 0
  for (let step = 0; step < 400; step++) {
    let [gx, gy, gv] = [0, 0, 0]
    labels.forEach((label, i) => {
      const [x, y] = [xy[i * 2] ?? 0, xy[i * 2 + 1] ?? 0]
      const error = sigmoid(w[0] * x + w[1] * y + v) - label
      gx += error * x
      gy += error * y
      gv += error
    })
    const rate = 1 / labels.length
    w[0] -= rate * gx
    w[1] -= rate * gy
    v -= rate * gv
  }
  return { w, v }
}

function freshDiscriminator(uniform: Uniform): Discriminator {
  const first = Float64Array.from({ length: hidden * 2 }, () => normal(uniform))
  const shift = Float64Array.from({ length: hidden }, () => 0.5 * normal(uniform))
  const second = Float64Array.from({ length: hidden }, () => 0.1 * normal(uniform))
  return { first, shift, second, offset: 0 }
}

export function createToy(settings: ToySettings): Toy {
  const uniform = stream(settings.seed)
  const source = drawPoints(uniform, 0.5)
  const unshifted = drawPoints(uniform, settings.balance)
  const target = { ...unshifted, xy: mapPoints(shiftOf(settings), unshifted.xy) }
  const toy = {
    settings,
    source,
    target,
    C: fitLine(source),
    MT: identity,
    D: freshDiscriminator(uniform),
    steps: 0,
  }
  let { D } = toy
  for (let step = 0; step < warmUp; step++) D = discriminatorStep(D, source.xy, target.xy).D
  return { ...toy, D }
}

let first: Toy | null = null

/** The toy that the page starts with, created once because training its D takes time. */
export function firstToy(): Toy {
  first ??= createToy({ rotation: 30, distance: 1.5, balance: 0.5, seed: 3 })
  return first
}

/** D's p(source) at one point. */
export function verdict(D: Discriminator, x: number, y: number): number {
  let logit = D.offset
  for (let h = 0; h < hidden; h++)
    logit +=
      (D.second[h] ?? 0) *
      Math.tanh((D.first[h * 2] ?? 0) * x + (D.first[h * 2 + 1] ?? 0) * y + (D.shift[h] ?? 0))
  return sigmoid(logit)
}

/** C's p(cross) at one point. */
export function classify({ w, v }: Line, x: number, y: number): number {
  return sigmoid(w[0] * x + w[1] * y + v)
}

/** One step of D on detached features: only D changes. Labels: source 1, target 0. */
export function discriminatorStep(D: Discriminator, source: Float64Array, target: Float64Array) {
  const gradient = {
    first: new Float64Array(hidden * 2),
    shift: new Float64Array(hidden),
    second: new Float64Array(hidden),
    offset: 0,
  }
  let loss = 0
  const count = (source.length + target.length) / 2
  const add = (x: number, y: number, label: 0 | 1) => {
    const p = verdict(D, x, y)
    loss -= Math.log(Math.max(label === 1 ? p : 1 - p, 1e-12)) / count
    const error = (p - label) / count
    gradient.offset += error
    for (let h = 0; h < hidden; h++) {
      const value = Math.tanh((D.first[h * 2] ?? 0) * x + (D.first[h * 2 + 1] ?? 0) * y + (D.shift[h] ?? 0))
      const back = error * (D.second[h] ?? 0) * (1 - value * value)
      gradient.second[h] = (gradient.second[h] ?? 0) + error * value
      gradient.first[h * 2] = (gradient.first[h * 2] ?? 0) + back * x
      gradient.first[h * 2 + 1] = (gradient.first[h * 2 + 1] ?? 0) + back * y
      gradient.shift[h] = (gradient.shift[h] ?? 0) + back
    }
  }
  for (let i = 0; i < source.length; i += 2) add(source[i] ?? 0, source[i + 1] ?? 0, 1)
  for (let i = 0; i < target.length; i += 2) add(target[i] ?? 0, target[i + 1] ?? 0, 0)
  const moved = (values: Float64Array, by: Float64Array) =>
    values.map((value, i) => value - discriminatorRate * ((by[i] ?? 0) + discriminatorDecay * value))
  return {
    loss,
    D: {
      first: moved(D.first, gradient.first),
      shift: moved(D.shift, gradient.shift),
      second: moved(D.second, gradient.second),
      offset: D.offset - discriminatorRate * gradient.offset,
    },
  }
}

/** One step of MT with the inverted label: the gradient passes through D, which does not change. */
export function encoderStep(MT: Affine, D: Discriminator, target: Float64Array) {
  const mapped = mapPoints(MT, target)
  const gradient = [0, 0, 0, 0, 0, 0]
  const count = target.length / 2
  let loss = 0
  for (let i = 0; i < target.length; i += 2) {
    const [u, v] = [mapped[i] ?? 0, mapped[i + 1] ?? 0]
    const p = verdict(D, u, v)
    loss -= Math.log(Math.max(p, 1e-12)) / count
    let [gx, gy] = [0, 0]
    for (let h = 0; h < hidden; h++) {
      const [fx, fy] = [D.first[h * 2] ?? 0, D.first[h * 2 + 1] ?? 0]
      const value = Math.tanh(fx * u + fy * v + (D.shift[h] ?? 0))
      const back = (p - 1) * (D.second[h] ?? 0) * (1 - value * value)
      gx += back * fx
      gy += back * fy
    }
    const [x, y] = [target[i] ?? 0, target[i + 1] ?? 0]
    const parts = [gx * x, gx * y, gy * x, gy * y, gx, gy]
    parts.forEach((part, k) => (gradient[k] = (gradient[k] ?? 0) + part / count))
  }
  const moved = MT.map((value, k) => value - encoderRate * (gradient[k] ?? 0))
  return { loss, MT: moved as unknown as Affine }
}

export interface ToyStep {
  readonly toy: Toy
  readonly lossD: number
  readonly lossMT: number
}

export function adapt(toy: Toy): ToyStep {
  let { D } = toy
  let lossD = 0
  const mapped = mapPoints(toy.MT, toy.target.xy)
  for (let i = 0; i < discriminatorSteps; i++)
    ({ D, loss: lossD } = discriminatorStep(D, toy.source.xy, mapped))
  const { MT, loss: lossMT } = encoderStep(toy.MT, D, toy.target.xy)
  return { toy: { ...toy, D, MT, steps: toy.steps + 1 }, lossD, lossMT }
}

/** Share of points on the correct side of C's line after MT. */
export function accuracyOf(C: Line, points: Float64Array, labels: readonly (0 | 1)[]): number {
  const right = labels.filter(
    (label, i) => (classify(C, points[i * 2] ?? 0, points[i * 2 + 1] ?? 0) > 0.5 ? 1 : 0) === label,
  )
  return right.length / labels.length
}

/** Share of points that D calls source. */
export function calledSource(D: Discriminator, points: Float64Array): number {
  let called = 0
  for (let i = 0; i < points.length; i += 2)
    if (verdict(D, points[i] ?? 0, points[i + 1] ?? 0) > 0.5) called++
  return called / (points.length / 2)
}
