/** The text of `predict.py`; test/integration/predict-script.ts runs it where PyTorch is. */
import { describe, expect, it } from 'vitest'
import { pythonString } from '../../../src/checkpoints/python-text'
import { shapesOf } from '../../../src/checkpoints/shapes'
import { encoders, experimentSchema, type ModelOptions } from '../../../src/contract/experiment'
import { notesOn, preparationOf, type Prepared } from '../../../src/workers/preparation'
import { predictScript } from '../../../src/workers/predict-script'
import { modelOf } from '../../fixtures/model'

const hostile = [
  'plain',
  '"""',
  "'''",
  '\\',
  '\\"); import os #',
  'a\nimport os\r\nb',
  '$& $1 $`',
  '# <main>',
  '猫与狗',
  'right\u202eto left\u2028line\u0085\u0000',
  '\ud800',
]

function prepared(model: ModelOptions, target: object = {}, classes: readonly string[] = hostile): Prepared {
  const experiment = experimentSchema.parse({
    name: 'a """\nimport os',
    source: { dataset: 'here', classes },
    target: { dataset: 'there', classes: [], ...target },
    pairing: [],
    model,
  })
  return {
    ...{ model, classes: classes.length, experiment, pixels: model.pixels, statistics: null },
    calibration: { temperature: 1.5, on: 'held-out', count: 9, errorBefore: 0.1, errorAfter: 0 },
  }
}

function scriptOf(from: Prepared): Promise<string> {
  const { model, experiment } = from
  return predictScript({ ...preparationOf(from), model, name: experiment?.name ?? '', round: 2 })
}

describe('text of a user', () => {
  it.each(hostile)('%j is one literal, which means the same', (text) => {
    const literal = pythonString(text)
    expect(literal).toMatch(/^"([^"\\\n\r]|\\["\\bfnrt]|\\u[0-9a-f]{4})*"$/)
    expect(literal).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u)
    expect(JSON.parse(literal)).toBe(text)
  })

  it('appears in the script nowhere but in its literal', async () => {
    const script = await scriptOf(prepared(modelOf('lenet')))
    const lines = script.split('\n')
    const start = lines.indexOf('CLASSES = [')
    expect(lines.slice(start + 1, start + 2 + hostile.length)).toEqual([
      ...hostile.map((name) => `    ${pythonString(name)},`),
      ']',
    ])
    expect(lines).toContain('EXPERIMENT = "a \\"\\"\\"\\nimport os"')
    const rest = [...lines.slice(0, start), ...lines.slice(start + 1 + hostile.length)]
    const harmless = await scriptOf(
      prepared(
        modelOf('lenet'),
        {},
        hostile.map((_, index) => `${index}`),
      ),
    )
    expect(rest).toHaveLength(harmless.split('\n').length - hostile.length - 1)
    expect(lines.filter((line) => line.startsWith('import os'))).toEqual(['import os'])
  })
})

describe('the modules of PyTorch', () => {
  const numbers = (text: string) => text.split(', ').map((one) => Number(one.replace(/\w+=/, '')))
  /** Shapes of the weights that a line `self.NAME = nn.KIND(...)` creates. */
  function shapeOf(kind: string, sizes: readonly number[]): number[] {
    const [first = 0, second = 0, kernel = 0] = sizes
    if (kind === 'Conv2d') return [second, first, kernel, kernel]
    return kind === 'Linear' ? [second, first] : [first]
  }

  it.each(encoders)('have the layers of a checkpoint of %s, in its shapes', async (encoder) => {
    const model = modelOf(encoder)
    const script = await scriptOf(prepared(model))
    for (const [network, title] of [
      ['source_encoder', 'Encoder'],
      ['classifier', 'Classifier'],
    ] as const) {
      const text = script.slice(script.indexOf(`class ${title}(`)).split('\n\n\n')[0] ?? ''
      const layers = Array.from(text.matchAll(/self\.(\w+) = nn\.(Conv2d|Linear|BatchNorm\dd)\((.*)\)/g))
      const shapes = layers.map(([, name, kind = '', sizes = '']) => [
        `${network}.${name}.weight`,
        shapeOf(kind, numbers(sizes)),
      ])
      const wanted = Object.entries(shapesOf(network, model, hostile.length))
      expect(Object.fromEntries(shapes)).toEqual(
        Object.fromEntries(wanted.filter(([name]) => name.endsWith('.weight'))),
      )
    }
  })

  it.each([
    ['stretch', 'return resize(values, SIDE, SIDE)'],
    ['letterbox', 'longer = SIDE'],
    ['box20', 'longer = max(1, math.floor(20 / 28 * SIDE + 0.5))'],
    ['centre-crop', 'side = min(height, width)'],
  ])('frame as %s', async (framing, line) => {
    expect(await scriptOf(prepared(modelOf('lenet'), { framing }))).toContain(line)
  })
})

describe('an export says', () => {
  const codes = (from: Prepared) => notesOn(from).map(({ code }) => code)

  it('nothing of a checkpoint that says all', () => {
    expect(codes(prepared(modelOf('lenet')))).toEqual([])
  })

  it('that classes are numbered, and images stretched, in a file of another program', () => {
    const foreign = { ...prepared(modelOf('lenet')), experiment: null, pixels: null }
    expect(codes(foreign)).toEqual(['preparation-assumed'])
    expect(preparationOf({ ...foreign, classes: 2 })).toMatchObject({
      classes: ['0', '1'],
      input: { framing: 'stretch', pixels: null },
    })
  })

  it('which shifts of the target are left out', () => {
    const shifted = prepared(modelOf('lenet'), { shifts: [{ kind: 'rotation', degrees: 20 }] })
    expect(notesOn(shifted)).toEqual([{ code: 'shifts-left-out', params: { names: ['rotation'] } }])
  })

  it('that nothing is calibrated, and that the statistics of vectors are unknown', () => {
    const model = modelOf('mlp', { vectors: 'z-score' })
    const calibration = { temperature: 1, on: null, count: 0, errorBefore: null, errorAfter: null }
    expect(codes({ ...prepared(model), calibration })).toEqual(['not-calibrated', 'statistics-left-out'])
    const statistics = { means: Float64Array.of(1), deviations: Float64Array.of(2) }
    const known = { ...prepared(model), statistics }
    expect(codes(known)).toEqual([])
    expect(preparationOf(known).input).toMatchObject({ statistics: { means: [1], deviations: [2] } })
  })
})
