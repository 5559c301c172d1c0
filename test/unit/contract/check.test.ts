import { describe, expect, it } from 'vitest'
import { applySettings, readExperiment, requireSuitable } from '../../../src/contract/check'
import { toErrorMessage } from '../../../src/contract/errors'
import { experimentSchema } from '../../../src/contract/experiment'
import type { MethodDeclaration } from '../../../src/contract/method'

const words = { en: '', zh: '' }
const described = { label: words, meaning: words }
const method = (id: string, parameters: MethodDeclaration['parameters']): MethodDeclaration => ({
  id,
  title: id,
  about: words,
  role: 'adaptation',
  references: [],
  losses: [],
  networks: [],
  sourceJudge: 'MS',
  statistics: 'target',
  discriminator: false,
  minClasses: 1,
  parameters,
})
const methods = [
  method('adda', {
    activation: { kind: 'choice', initial: 'none', choices: ['none', 'relu'], ...described },
    weight: {
      kind: 'number',
      initial: 1,
      least: 0,
      most: 100,
      weight: { schedule: 'logistic' },
      ...described,
    },
    share: { kind: 'switch', initial: true, ...described },
  }),
  method('source-only', {}),
  { ...method('mcd', {}), minClasses: 2 as const },
  { ...method('mean-teacher', {}), needsViews: true as const },
]

const input = {
  name: 'digits',
  source: { dataset: 'mnist', classes: [0, 1] },
  target: { dataset: 'mnist', classes: [2, 3] },
  pairing: [0, 1],
}

/** The error thrown by a function, in the form that crosses process boundaries. */
function refusalOf(act: () => unknown) {
  try {
    act()
  } catch (error) {
    return toErrorMessage(error)
  }
  throw new Error('was not refused')
}

const refused = (changes: object) => refusalOf(() => readExperiment({ ...input, ...changes }, methods))

describe('readExperiment', () => {
  it('fills in every default, those of the method included', () => {
    const experiment = readExperiment(input, methods)
    expect(experiment.sourceStage.learningRate).toBe(0.03)
    expect(experiment.adaptation.learningRate).toBe(1e-5)
    expect(experiment.adaptation.parameters).toEqual({ activation: 'none', weight: 1, share: true })
  })

  it('holds the schedules of weights that differ from the declared ones', () => {
    const chosen = (schedule?: string) =>
      readExperiment(
        { ...input, adaptation: { weightSchedules: schedule === undefined ? {} : { weight: schedule } } },
        methods,
      ).adaptation.weightSchedules
    expect(chosen('linear')).toEqual({ weight: 'linear' })
    expect(chosen('logistic')).toEqual({})
    expect(chosen()).toEqual({})
  })

  it('refuses what the samples cannot have: another encoder, views of vectors, a method that needs them', () => {
    const vectors = { encoder: 'mlp', length: 7 }
    const unsuitable = (changes: object, id = 'source-only') =>
      refusalOf(() =>
        requireSuitable(
          experimentSchema.parse({ ...input, ...changes }),
          methods.find((one) => one.id === id) ?? method(id, {}),
        ),
      )
    expect(unsuitable({ model: { side: 15 } })).toEqual({
      code: 'encoder-refuses-samples',
      params: {
        encoder: 'lenet',
        takes: '[side ≥ 16, side, 1 | 3]',
        given: '[15, 15, 1]',
        nearest: 'convnet-32',
      },
    })
    expect(unsuitable({ model: { length: 7 } })).toMatchObject({
      code: 'encoder-refuses-samples',
      params: { given: '[7]', nearest: 'mlp' },
    })
    expect(unsuitable({ model: vectors }, 'mean-teacher')).toEqual({
      code: 'method-needs-views',
      params: { method: 'mean-teacher' },
    })
    expect(unsuitable({ model: vectors, sourceStage: { views: {} } })).toEqual({
      code: 'views-need-images',
      params: { name: 'sourceStage.views' },
    })
    expect(refused({ model: { ...vectors, hidden: [] } })).toMatchObject({
      code: 'missing-setting',
      params: { name: 'model.hidden' },
    })
    expect(readExperiment({ ...input, model: vectors }, methods).model.hidden).toEqual([256])
  })

  it('composes the name, so that two that look alike are one', () => {
    expect(readExperiment({ ...input, name: 'cafe\u0301' }, methods).name).toBe('caf\u00e9')
  })

  it.each([
    [{ sead: 1 }, 'unknown-setting', { name: 'sead', nearest: 'seed' }],
    [{ learningRate: 1 }, 'unknown-setting', { name: 'learningRate', nearest: 'adaptation.learningRate' }],
    [
      { adaptation: { learningrate: 1 } },
      'unknown-setting',
      { name: 'adaptation.learningrate', nearest: 'adaptation.learningRate' },
    ],
    [
      { adaptation: { parameters: { wieght: 1 } } },
      'unknown-setting',
      { name: 'adaptation.parameters.wieght', nearest: 'adaptation.parameters.weight' },
    ],
    [
      { sourceStage: { optimiser: { kind: 'adam', momentum: 0.9 } } },
      'unknown-setting',
      { name: 'sourceStage.optimiser.momentum' },
    ],
    [{ adaptation: { method: 'ada' } }, 'unknown-method', { name: 'ada', nearest: 'adda' }],
    [
      { adaptation: { method: 'mcd' }, source: { ...input.source, classes: [0] } },
      'too-few-classes',
      { method: 'mcd', least: 2, found: 1 },
    ],
    [{ adaptation: { shots: -1 } }, 'out-of-range', { name: 'adaptation.shots', least: 0 }],
    [{ adaptation: { shots: 1.5 } }, 'wrong-type', { name: 'adaptation.shots', expected: 'integer' }],
    [{ name: '' }, 'missing-setting', { name: 'name' }],
    [{ source: { classes: [0] } }, 'missing-setting', { name: 'source.dataset' }],
    [{ seed: -1 }, 'out-of-range', { name: 'seed', value: -1, least: 0, most: 2147483647 }],
    [{ seed: 1.5 }, 'wrong-type', { name: 'seed', value: '1.5', expected: 'integer' }],
    [{ seed: NaN }, 'out-of-range', { name: 'seed', value: 'NaN' }],
    [{ seed: null }, 'wrong-type', { name: 'seed', value: 'null', expected: 'integer' }],
    [{ name: 'x'.repeat(121) }, 'out-of-range', { name: 'name.length', value: 121, least: 1, most: 120 }],
    [{ adaptation: { learningRate: 0 } }, 'out-of-range', { value: 0, least: 1e-9, most: 10 }],
    [{ adaptation: { learningRate: -0.1 } }, 'out-of-range', { value: -0.1 }],
    [{ adaptation: { learningRate: NaN } }, 'out-of-range', { value: 'NaN' }],
    [{ adaptation: { learningRate: Infinity } }, 'out-of-range', { value: 'Infinity' }],
    [{ adaptation: { learningRate: 11 } }, 'out-of-range', { value: 11 }],
    [{ adaptation: { learningRate: 'fast' } }, 'wrong-type', { value: '"fast"', expected: 'number' }],
    [{ adaptation: { batch: 0 } }, 'out-of-range', { name: 'adaptation.batch', least: 1, most: 10000 }],
    [{ adaptation: { batch: 1e9 } }, 'out-of-range', { name: 'adaptation.batch' }],
    [{ adaptation: { epochs: -1 } }, 'out-of-range', { name: 'adaptation.epochs' }],
    [{ adaptation: { steps: 0 } }, 'out-of-range', { name: 'adaptation.steps', least: 1, most: 100000 }],
    [{ sourceStage: { steps: 1e9 } }, 'out-of-range', { name: 'sourceStage.steps', value: 1e9 }],
    [{ sourceStage: { steps: 1.5 } }, 'wrong-type', { name: 'sourceStage.steps', expected: 'integer|null' }],
    [{ adaptation: { steps: 'all' } }, 'wrong-type', { name: 'adaptation.steps', value: '"all"' }],
    [{ adaptation: { epochs: 1e9 } }, 'out-of-range', { name: 'adaptation.epochs' }],
    [{ adaptation: { parameters: { weight: 101 } } }, 'out-of-range', { least: 0, most: 100 }],
    [{ adaptation: { parameters: { share: 1 } } }, 'wrong-type', { expected: 'boolean' }],
    [
      { adaptation: { parameters: { activation: 'rely' } } },
      'not-one-of',
      { value: 'rely', choices: 'none, relu', nearest: 'relu' },
    ],
    [
      { adaptation: { weightSchedules: { weight: 'lineer' } } },
      'not-one-of',
      {
        name: 'adaptation.weightSchedules.weight',
        choices: 'constant, logistic, linear',
        nearest: 'linear',
      },
    ],
    [
      { adaptation: { weightSchedules: { share: 'linear' } } },
      'unknown-setting',
      { name: 'adaptation.weightSchedules.share' },
    ],
    [{ model: { channels: 2 } }, 'not-one-of', { name: 'model.channels', value: '2', choices: '1, 3' }],
    [
      { source: { ...input.source, split: 'trian' } },
      'not-one-of',
      { name: 'source.split', choices: 'train, test', nearest: 'train' },
    ],
    [{ source: { ...input.source, count: 0 } }, 'out-of-range', { name: 'source.count', least: 1 }],
    [{ source: { ...input.source, count: 'few' } }, 'wrong-type', { expected: 'all|integer' }],
    [
      { source: { ...input.source, shifts: [{ kind: 'rotate' }] } },
      'not-one-of',
      { name: 'source.shifts.0.kind', nearest: 'rotation' },
    ],
    [
      { source: { ...input.source, shifts: [{ kind: 'rotation', degrees: 200 }] } },
      'out-of-range',
      { name: 'source.shifts.0.degrees', value: 200, least: -180, most: 180 },
    ],
    [{ source: { ...input.source, classes: [{}] } }, 'wrong-type', { name: 'source.classes' }],
    [{ source: 'mnist' }, 'wrong-type', { name: 'source', value: '"mnist"', expected: 'object' }],
    [{ adaptation: null }, 'wrong-type', { name: 'adaptation', value: 'null', expected: 'object' }],
  ])('refuses %j as %s', (changes, code, params) => {
    const error = refused(changes)
    expect(error.code).toBe(code)
    expect(error.params).toMatchObject(params)
  })

  it.each([null, 3, 'x', [], [1]])('refuses %j, which is no experiment', (value) => {
    const { code, params } = refusalOf(() => readExperiment(value, methods))
    expect(['wrong-type', 'missing-setting']).toContain(code)
    expect(params['name']).toBe('experiment')
  })
})

describe('applySettings', () => {
  const set = (name: string, text: string) =>
    readExperiment(applySettings(input, [[name, text]], methods), methods)

  it('reads each text as its setting needs it', () => {
    expect(set('adaptation.learningRate', '0.01').adaptation.learningRate).toBe(0.01)
    expect(set('source.classes', '4,9').source.classes).toEqual(['4', '9'])
    expect(set('pairing', '[1,0]').pairing).toEqual([1, 0])
    expect(set('pairing', '1, 0').pairing).toEqual([1, 0])
    expect(set('target.count', 'all').target.count).toBe('all')
    expect(set('target.count', '200').target.count).toBe(200)
    expect(set('name', '123').name).toBe('123')
    expect(set('model.channels', '3').model.channels).toBe(3)
    expect(set('adaptation.parameters.share', 'false').adaptation.parameters['share']).toBe(false)
    expect(set('target.shifts', '[{"kind":"inversion"}]').target.shifts).toEqual([{ kind: 'inversion' }])
  })

  it('leaves what it was given as it was', () => {
    const before = JSON.stringify(input)
    set('source.classes', '4,9')
    expect(JSON.stringify(input)).toBe(before)
  })

  it('drops the settings of the optimiser or method that was there before', () => {
    const base = {
      ...input,
      adaptation: {
        method: 'adda',
        parameters: { weight: 2 },
        weightSchedules: { weight: 'linear' },
        optimiser: { kind: 'sgd', momentum: 0.9 },
      },
    }
    const changed = applySettings(
      base,
      [
        ['adaptation.method', 'source-only'],
        ['adaptation.optimiser.kind', 'adam'],
        ['adaptation.optimiser.beta1', '0.5'],
      ],
      methods,
    )
    const { adaptation } = readExperiment(changed, methods)
    expect(adaptation.parameters).toEqual({})
    expect(adaptation.weightSchedules).toEqual({})
    expect(adaptation.optimiser).toMatchObject({ kind: 'adam', beta1: 0.5, beta2: 0.999 })
  })

  it.each(['NaN', 'Infinity', '-1', '0', '1e400'])(
    'lets %s through to be refused as out of range',
    (text) => {
      expect(refusalOf(() => set('adaptation.learningRate', text)).code).toBe('out-of-range')
    },
  )

  it.each(['adaptation.lerningRate', 'seed.x', '__proto__.x', 'source.classes.first', 'constructor', ''])(
    'refuses the name "%s"',
    (name) => {
      const error = refusalOf(() => set(name, '1'))
      expect(error.code).toBe('unknown-setting')
      expect(error.params['name']).toBe(name)
    },
  )
})
