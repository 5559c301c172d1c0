/** The weights of loss terms over the rounds. */
import { describe, expect, test } from 'vitest'
import { declaredSchedules } from '../../../src/contract/parameter'
import { methodNamed, methods } from '../../../src/methods/registry'
import { weightFactor, weightsAt } from '../../../src/methods/term-weights'

describe('the factor of a weight', () => {
  test.each([
    ['constant', 0, 1],
    ['constant', 0.7, 1],
    ['linear', 0, 0],
    ['linear', 0.25, 0.25],
    ['linear', 1, 1],
    ['logistic', 0, 0],
    // 2 / (1 + e^-1) - 1, 2 / (1 + e^-5) - 1, 2 / (1 + e^-10) - 1
    ['logistic', 0.1, 0.46211715726],
    ['logistic', 0.5, 0.98661429815],
    ['logistic', 1, 0.99990920426],
  ] as const)('%s at progress %d is %d', (schedule, progress, factor) => {
    expect(weightFactor(schedule, progress)).toBeCloseTo(factor, 10)
  })

  test('logistic rises with gamma', () => {
    // 2 / (1 + e^-2) - 1
    expect(weightFactor('logistic', 0.1, 20)).toBeCloseTo(0.76159415596, 10)
    expect(weightFactor('logistic', 0.1, 0)).toBe(0)
  })
})

describe('the weights of a method', () => {
  const { parameters } = methodNamed('dann').declaration
  const values = { adversarialWeight: 0.5, gamma: 20, discriminatorLearningRate: 1 }

  test('are its values times their factors, with the gamma that it declares', () => {
    expect(weightsAt(0.1, parameters, values, {})).toEqual({
      adversarialWeight: 0.5 * weightFactor('logistic', 0.1, 20),
    })
  })

  test('follow the schedule that the experiment chooses', () => {
    const chosen = (schedule: 'constant' | 'linear') =>
      weightsAt(0.1, parameters, values, { adversarialWeight: schedule })
    expect(chosen('constant')).toEqual({ adversarialWeight: 0.5 })
    expect(chosen('linear')).toEqual({ adversarialWeight: 0.05 })
  })

  test('are constant, except the reversal of gradients', () => {
    const rising = methods.flatMap(({ declaration }) =>
      Object.entries(declaredSchedules(declaration.parameters)).flatMap(([key, schedule]) =>
        schedule === 'constant' ? [] : [[declaration.id, key, schedule]],
      ),
    )
    expect(rising).toEqual(['dann', 'cdan', 'cdan-e'].map((id) => [id, 'adversarialWeight', 'logistic']))
  })

  test('are declared: every parameter with "Weight" in its name has a schedule, and any gamma exists', () => {
    for (const { declaration } of methods)
      for (const [key, { weight }] of Object.entries(declaration.parameters)) {
        expect(weight !== undefined, `${declaration.id} ${key}`).toBe(key.endsWith('Weight'))
        if (weight?.gamma !== undefined)
          expect(declaration.parameters[weight.gamma]).toMatchObject({ kind: 'number' })
      }
  })
})
