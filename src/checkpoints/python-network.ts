/**
 * The networks that predict as modules of PyTorch, for the reader of an exported script: each layer is spelled out, under
 * the name that its tensors have in a checkpoint. Dropout is left out, because it does nothing when predicting.
 */
import type { ModelOptions } from '../contract/experiment'
import { sampleSpec, shapeOf } from '../contract/sample'
import type { BatchNorm, Convolution, Layer, Linear, Residual } from '../networks/layer'
import { baseLayers } from '../networks/registry'
import { shapeAfter, type SampleShape } from '../networks/sample-shape'

interface Module {
  readonly name: string
  readonly about: string
  /** Assignments of its layers. */
  readonly layers: readonly string[]
  /** Statements of `forward`. */
  readonly steps: readonly string[]
}

function moduleText({ name, about, layers, steps }: Module): string {
  const indented = (lines: readonly string[]) => lines.map((line) => `        ${line}`)
  return [
    `class ${name}(nn.Module):`,
    `    """${about}"""`,
    '',
    '    def __init__(self):',
    '        super().__init__()',
    ...indented(layers),
    '',
    '    def forward(self, x):',
    ...indented(steps),
  ].join('\n')
}

/** Classes `Encoder`, `Classifier` and `Network`, and `Normalisation` for vectors that are normalised. */
export function networkInPython(model: ModelOptions, classes: number): string {
  const isOfImages = model.length === null
  const { encoder, classifier, features } = baseLayers(model, classes)
  const sample = shapeOf(sampleSpec(model))
  const parts = [
    ...normalisation(model),
    layersInPython(
      'Encoder',
      `Features \`[batch, ${features}]\` of ${isOfImages ? 'images' : 'vectors'}.`,
      encoder,
      sample,
    ),
    layersInPython('Classifier', `Logits \`[batch, ${classes}]\` of features.`, classifier, [features]),
  ]
  const network: Module = {
    name: 'Network',
    about: `${isOfImages ? 'Images `[batch, CHANNELS, SIDE, SIDE]`' : 'Vectors `[batch, LENGTH]`'} in, logits \`[batch, ${classes}]\` out.`,
    layers: parts.map(({ name }) => `self.${name.toLowerCase()} = ${name}()`),
    steps: [`return ${parts.reduce((inner, { name }) => `self.${name.toLowerCase()}(${inner})`, 'x')}`],
  }
  return [...parts, network].map(moduleText).join('\n\n\n')
}

/** @param input shape of a sample, `[rows, columns, maps]` or `[units]` */
export function layersInPython(
  name: string,
  about: string,
  layers: readonly Layer[],
  input: SampleShape,
): Module {
  const written: Written = { modules: new Map(), steps: [] }
  writeSteps(layers, input, 'x', written)
  return { name, about, layers: assignments(written.modules), steps: [...written.steps, 'return x'] }
}

/** A module that creates a layer, or those below a part of a nested name. */
type Modules = Map<string, string | Modules>

interface Written {
  readonly modules: Modules
  readonly steps: string[]
}

/**
 * Writes one statement for each layer with weights, together with those without weights that follow it.
 * @param variable that holds the input, and then the output
 */
function writeSteps(layers: readonly Layer[], input: SampleShape, variable: string, written: Written): void {
  let shape = input
  let value = variable
  let hasWeights = false
  const write = () => {
    if (value !== variable) written.steps.push(`${variable} = ${value}  # ${describeShape(shape)}`)
    value = variable
    hasWeights = false
  }
  for (const layer of layers) {
    const isWeighted = layer.kind === 'convolution' || layer.kind === 'linear'
    if (layer.kind === 'residual' || layer.kind === 'flatten' || (isWeighted && hasWeights)) write()
    if (isWeighted) hasWeights = true
    if (layer.kind === 'residual') writeResidual(layer, shape, variable, written)
    else value = applied(layer, value, shape, written.modules)
    shape = shapeAfter([layer], shape)
  }
  write()
}

function writeResidual(
  { body, shortcut }: Residual,
  shape: SampleShape,
  variable: string,
  written: Written,
): void {
  const beside = variable === 'x' ? 'shortcut' : `${variable}_inside`
  written.steps.push(`${beside} = ${variable}`)
  writeSteps(body, shape, variable, written)
  writeSteps(shortcut, shape, beside, written)
  written.steps.push(`${variable} = ${variable} + ${beside}`)
}

/** The expression of a layer on a value. Its module is added to `modules`. */
function applied(
  layer: Exclude<Layer, Residual>,
  value: string,
  shape: SampleShape,
  modules: Modules,
): string {
  const called = (name: string, module: string, input: string) => {
    addModule(modules, name.split('.'), module)
    return `${reference(name)}(${input})`
  }
  switch (layer.kind) {
    case 'convolution':
      return called(layer.name, convolution(layer), padded(layer, value, shape))
    case 'linear':
      return called(layer.name, linear(layer), value)
    case 'batch-norm':
      return called(layer.name, batchNorm(layer, shape), value)
    case 'max-pool': {
      const { size, stride, padding } = layer
      const others = [
        ...(stride === size ? [] : [`stride=${stride}`]),
        ...(padding === 0 ? [] : [`padding=${padding}`]),
      ]
      return `F.max_pool2d(${[value, size, ...others].join(', ')})`
    }
    case 'relu':
    case 'relu6':
      return `F.${layer.kind}(${value})`
    case 'global-average':
      return `${value}.mean((2, 3))`
    case 'flatten':
      return `${value}.flatten(1)`
    case 'dropout':
      return value
  }
}

function convolution({ inputs, outputs, kernel, stride, padding, connects, bias }: Convolution): string {
  const others = [
    ...(stride === 1 ? [] : [`stride=${stride}`]),
    ...(padding === 0 || padding === 'same' ? [] : [`padding=${padding}`]),
    ...(connects === 'each-map' ? [`groups=${inputs}`] : []),
    ...(bias ? [] : ['bias=False']),
  ]
  return `nn.Conv2d(${[inputs, outputs, `kernel_size=${kernel}`, ...others].join(', ')})`
}

/** TensorFlow's `same` padding: an odd pixel comes last. */
function padded(
  { kernel, stride, padding }: Convolution,
  value: string,
  [rows = 0, columns = 0]: SampleShape,
) {
  if (padding !== 'same') return value
  const sides = [columns, rows].flatMap((length) => {
    const pixels = Math.max(0, (Math.ceil(length / stride) - 1) * stride + kernel - length)
    return [Math.floor(pixels / 2), Math.ceil(pixels / 2)]
  })
  return sides.every((pixels) => pixels === 0) ? value : `F.pad(${value}, (${sides.join(', ')}))`
}

function linear({ inputs, outputs, bias }: Linear): string {
  return `nn.Linear(${[inputs, outputs, ...(bias ? [] : ['bias=False'])].join(', ')})`
}

/** PyTorch's default. */
const usualEpsilon = 1e-5

function batchNorm({ units, epsilon }: BatchNorm, shape: SampleShape): string {
  const other = epsilon === usualEpsilon ? '' : `, eps=${epsilon}`
  return `nn.BatchNorm${shape.length === 1 ? 1 : 2}d(${units}${other})`
}

function addModule(modules: Modules, [first = '', ...below]: readonly string[], module: string): void {
  if (below.length === 0) {
    modules.set(first, module)
    return
  }
  const known = modules.get(first)
  const inner: Modules = known instanceof Map ? known : new Map()
  modules.set(first, inner)
  addModule(inner, below, module)
}

/** "layer1.0.conv1" is `self.layer1["0"]["conv1"]`. */
function reference(name: string): string {
  const [first, ...below] = name.split('.')
  return `self.${first}${below.map((part) => `["${part}"]`).join('')}`
}

function assignments(modules: Modules): string[] {
  return [...modules].flatMap(([name, module]) => {
    const [first = '', ...lines] = moduleLines(module)
    return [`self.${name} = ${first}`, ...lines]
  })
}

function moduleLines(module: string | Modules): string[] {
  if (typeof module === 'string') return [module]
  const members = [...module].flatMap(([name, inner]) => {
    const [first = '', ...lines] = moduleLines(inner)
    return [`"${name}": ${first}`, ...lines].map((line, index, all) =>
      index === all.length - 1 ? `    ${line},` : `    ${line}`,
    )
  })
  return ['nn.ModuleDict({', ...members, '})']
}

/** In PyTorch's order: `[batch, maps, rows, columns]`. */
function describeShape(shape: SampleShape): string {
  const [last, ...before] = [...shape].reverse()
  return `[${['batch', last, ...before.reverse()].join(', ')}]`
}

function normalisation({ length, vectors }: ModelOptions): Module[] {
  if (length === null || vectors === 'none') return []
  const name = 'Normalisation'
  return vectors === 'l2'
    ? [
        {
          name,
          about: 'Each vector scaled to the norm sqrt(LENGTH); a vector of zeros stays so.',
          layers: [],
          steps: [
            'norm = torch.linalg.vector_norm(x.double(), dim=1, keepdim=True)',
            'return (x * math.sqrt(LENGTH) / norm.clamp(min=1e-300)).float()',
          ],
        },
      ]
    : [
        {
          name,
          about: 'Each column to mean 0 and deviation 1, by the statistics of the samples seen in training.',
          layers: [
            'self.register_buffer("mean", torch.zeros(LENGTH))',
            'self.register_buffer("deviation", torch.ones(LENGTH))',
          ],
          steps: ['return (x - self.mean) / self.deviation'],
        },
      ]
}
