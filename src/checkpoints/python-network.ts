/**
 * The networks that predict as modules of PyTorch, for the reader of an exported script: each layer is spelled out, under
 * the name that its tensors have in a checkpoint. Dropout is left out, because it does nothing when predicting.
 */
import { mapSide, type LeNet } from '../contract/encoder'
import type { ModelOptions } from '../contract/experiment'
import { flattened, hidden, sizes } from './shapes'

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
  const parts = [...normalisation(model), encoder(model), classifier(model, classes)]
  const network: Module = {
    name: 'Network',
    about: `${model.length === null ? 'Images `[batch, CHANNELS, SIDE, SIDE]`' : 'Vectors `[batch, LENGTH]`'} in, logits \`[batch, ${classes}]\` out.`,
    layers: parts.map(({ name }) => `self.${name.toLowerCase()} = ${name}()`),
    steps: [`return ${parts.reduce((inner, { name }) => `self.${name.toLowerCase()}(${inner})`, 'x')}`],
  }
  return [...parts, network].map(moduleText).join('\n\n\n')
}

function encoder(model: ModelOptions): Module {
  if (model.encoder === 'mlp') return multilayer(model)
  return model.encoder === 'lenet-mlp' ? normalisedMaps(model) : bottleneck(model, model.encoder)
}

/** Sides of the maps after each pooling. */
const sidesAfter = (side: number): readonly [number, number] => [Math.floor((side - 4) / 2), mapSide(side)]

function bottleneck({ side, channels }: ModelOptions, encoder: Exclude<LeNet, 'lenet-mlp'>): Module {
  const {
    maps: [first, second],
    bottleneck: length,
  } = sizes[encoder]
  const [once, twice] = sidesAfter(side)
  const isNormalised = encoder === 'lenet-bn'
  return {
    name: 'Encoder',
    about: `Features \`[batch, ${length}]\` of images.`,
    layers: [
      `self.conv1 = nn.Conv2d(${channels}, ${first}, kernel_size=5)`,
      `self.conv2 = nn.Conv2d(${first}, ${second}, kernel_size=5)`,
      `self.fc = nn.Linear(${flattened(encoder, side)}, ${length})`,
      ...(isNormalised ? [`self.bn = nn.BatchNorm1d(${length})`] : []),
    ],
    steps: [
      `x = F.relu(F.max_pool2d(self.conv1(x), 2))  # [batch, ${first}, ${once}, ${once}]`,
      `x = F.relu(F.max_pool2d(self.conv2(x), 2))  # [batch, ${second}, ${twice}, ${twice}]`,
      `x = self.fc(x.flatten(1))  # [batch, ${length}]`,
      isNormalised ? 'return self.bn(x)' : 'return x',
    ],
  }
}

function normalisedMaps({ side, channels }: ModelOptions): Module {
  const [first, second] = sizes['lenet-mlp'].maps
  const [once, twice] = sidesAfter(side)
  return {
    name: 'Encoder',
    about: `Features \`[batch, ${flattened('lenet-mlp', side)}]\` of images.`,
    layers: [
      `self.conv1 = nn.Conv2d(${channels}, ${first}, kernel_size=5)`,
      `self.bn1 = nn.BatchNorm2d(${first})`,
      `self.conv2 = nn.Conv2d(${first}, ${second}, kernel_size=5)`,
      `self.bn2 = nn.BatchNorm2d(${second})`,
    ],
    steps: [
      `x = F.max_pool2d(F.relu(self.bn1(self.conv1(x))), 2)  # [batch, ${first}, ${once}, ${once}]`,
      `x = F.max_pool2d(F.relu(self.bn2(self.conv2(x))), 2)  # [batch, ${second}, ${twice}, ${twice}]`,
      'return x.flatten(1)',
    ],
  }
}

function multilayer({ length, hidden: units, batchNorm }: ModelOptions): Module {
  const numbered = units.map((outputs, index) => ({
    number: index + 1,
    inputs: units[index - 1] ?? length ?? 0,
    outputs,
  }))
  return {
    name: 'Encoder',
    about: `Features \`[batch, ${units[units.length - 1] ?? 0}]\` of vectors.`,
    layers: numbered.flatMap(({ number, inputs, outputs }) => [
      `self.fc${number} = nn.Linear(${inputs}, ${outputs})`,
      ...(batchNorm ? [`self.bn${number} = nn.BatchNorm1d(${outputs})`] : []),
    ]),
    steps: [
      ...numbered.map(({ number, outputs }) => {
        const sums = `self.fc${number}(x)`
        return `x = F.relu(${batchNorm ? `self.bn${number}(${sums})` : sums})  # [batch, ${outputs}]`
      }),
      'return x',
    ],
  }
}

function classifier(model: ModelOptions, classes: number): Module {
  const about = `Logits \`[batch, ${classes}]\` of features.`
  if (model.encoder !== 'lenet-mlp') {
    const features =
      model.encoder === 'mlp' ? (model.hidden[model.hidden.length - 1] ?? 0) : sizes[model.encoder].bottleneck
    return {
      name: 'Classifier',
      about,
      layers: [`self.fc = nn.Linear(${features}, ${classes})`],
      steps: [`return self.fc(${model.classifierActivation === 'relu' ? 'F.relu(x)' : 'x'})`],
    }
  }
  return {
    name: 'Classifier',
    about,
    layers: [
      `self.hidden1 = nn.Linear(${flattened('lenet-mlp', model.side)}, ${hidden})`,
      `self.bn1 = nn.BatchNorm1d(${hidden})`,
      `self.hidden2 = nn.Linear(${hidden}, ${hidden})`,
      `self.bn2 = nn.BatchNorm1d(${hidden})`,
      `self.fc = nn.Linear(${hidden}, ${classes})`,
    ],
    steps: [
      'x = F.relu(self.bn1(self.hidden1(x)))',
      'x = F.relu(self.bn2(self.hidden2(x)))',
      'return self.fc(x)',
    ],
  }
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
