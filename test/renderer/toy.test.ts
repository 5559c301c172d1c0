/** The toy's gradients against finite differences, and which networks its stages may change. */
import { describe, expect, it } from 'vitest'
import { stageNames, stagePictures, takeApart } from '../../renderer/learn/stages'
import {
  accuracyOf,
  adapt,
  createToy,
  discriminatorStep,
  encoderStep,
  identity,
  mapPoints,
  verdict,
  type Affine,
  type Discriminator,
  type Toy,
} from '../../renderer/learn/toy'

const settings = { rotation: 30, distance: 1.5, balance: 0.5, seed: 3 }
const toy = createToy(settings)

function run(from: Toy, steps: number): Toy {
  let now = from
  for (let i = 0; i < steps; i++) now = adapt(now).toy
  return now
}

const targetAccuracy = ({ C, MT, target }: Toy) => accuracyOf(C, mapPoints(MT, target.xy), target.labels)

describe('the toy', () => {
  it('moves MT down the gradient of the inverted-label loss', () => {
    const { D, target } = toy
    const lossAt = (MT: Affine) => encoderStep(MT, D, target.xy).loss
    const { MT } = encoderStep(identity, D, target.xy)
    const steps = MT.map((value, k) => value - (identity[k] ?? 0))
    const h = 1e-6
    const slopes = identity.map((_, k) => {
      const nudged = (by: number) =>
        identity.map((value, i) => (i === k ? value + by : value)) as unknown as Affine
      return (lossAt(nudged(h)) - lossAt(nudged(-h))) / (2 * h)
    })
    // One learning rate for all parameters, whatever its value.
    const rate = -(steps[0] ?? 0) / (slopes[0] ?? 1)
    expect(rate).toBeGreaterThan(0)
    steps.forEach((step, k) => expect(step).toBeCloseTo(-rate * (slopes[k] ?? 0), 6))
  })

  it('moves D down the gradient of its loss', () => {
    const { D, source, target } = toy
    const lossAt = (second: Float64Array) => discriminatorStep({ ...D, second }, source.xy, target.xy).loss
    const after = discriminatorStep(D, source.xy, target.xy).D
    const h = 1e-6
    for (let k = 0; k < 3; k++) {
      const nudged = (by: number) => D.second.map((value, i) => (i === k ? value + by : value))
      const slope = (lossAt(nudged(h)) - lossAt(nudged(-h))) / (2 * h)
      const moved = (after.second[k] ?? 0) - (D.second[k] ?? 0)
      expect(moved).toBeCloseTo(-0.25 * (slope + 0.01 * (D.second[k] ?? 0)), 8)
    }
  })

  it('says p(source) above one half on the source, below on the target, once D has learnt', () => {
    const { source, target } = toy
    let { D } = toy
    for (let step = 0; step < 500; step++) D = discriminatorStep(D, source.xy, target.xy).D
    const mean = (xy: Float64Array) =>
      source.labels.reduce((sum: number, _, i) => sum + verdict(D, xy[i * 2] ?? 0, xy[i * 2 + 1] ?? 0), 0) /
      source.labels.length
    expect(mean(source.xy)).toBeGreaterThan(0.5)
    expect(mean(target.xy)).toBeLessThan(0.5)
  })

  it('adapts: from chance to nearly all right, without a label', () => {
    expect(targetAccuracy(toy)).toBeLessThan(0.7)
    expect(targetAccuracy(run(toy, 250))).toBeGreaterThan(0.95)
  })

  it('shows the flip of classes when the target is turned too far', () => {
    expect(targetAccuracy(run(createToy({ ...settings, rotation: 120, distance: 1 }), 300))).toBeLessThan(0.1)
  })

  it('repeats itself from the same seed, and not from another', () => {
    expect(createToy(settings).target.xy).toEqual(toy.target.xy)
    expect(createToy({ ...settings, seed: 4 }).target.xy).not.toEqual(toy.target.xy)
  })
})

describe('one step, taken apart', () => {
  const parts = takeApart(toy)

  it('moves D and MT, and neither MS nor C', () => {
    expect(parts.moved.D).toBeGreaterThan(0)
    expect(parts.moved.MT).toBeGreaterThan(0)
    expect(parts.moved.MS).toBe(0)
    expect(parts.moved.C).toBe(0)
    expect(parts.after.C).toBe(toy.C)
  })

  it('brings each loss down by its own step', () => {
    expect(parts.lossDAfter).toBeLessThan(parts.lossD)
    expect(parts.lossMTAfter).toBeLessThan(parts.lossMT)
  })

  it('takes D’s verdicts before its update', () => {
    const before = (D: Discriminator) =>
      [...toy.source.labels].map((_, i) =>
        verdict(D, toy.source.xy[i * 2] ?? 0, toy.source.xy[i * 2 + 1] ?? 0) > 0.5 ? 0 : 1,
      )
    expect(parts.verdicts.verdicts.slice(0, parts.onSource)).toEqual(before(toy.D))
  })

  it('has one network learning at most in any stage', () => {
    for (const name of stageNames) {
      const learning = Object.values(stagePictures[name].states).filter((state) => state === 'learning')
      expect(learning.length).toBe(name === 'discriminator' || name === 'encoder' ? 1 : 0)
    }
  })
})
