/**
 * `predict.py`: a script that predicts with one checkpoint in PyTorch. What all checkpoints share lies as Python in
 * assets/pytorch; this file writes the part between: the checkpoint's constants, preprocessing and networks.
 */
import { promises as fs } from 'fs'
import { join } from 'path'
import { networkInPython } from '../checkpoints/python-network'
import { pythonList, pythonString } from '../checkpoints/python-text'
import type { ModelOptions } from '../contract/experiment'
import type { Framing } from '../contract/framing'
import { assetsFolder } from '../data/bundled'
import type { Preparation } from './preparation'

export interface Scripted extends Preparation {
  readonly model: ModelOptions
  /** The name of the experiment, or of the file. */
  readonly name: string
  /** Null: the networks before adaptation, or of a file that does not say it. */
  readonly round: number | null
}

export async function predictScript(scripted: Scripted): Promise<string> {
  const { kind } = scripted.input
  const part = (name: string) => fs.readFile(join(assetsFolder(), 'pytorch', name), 'utf8')
  const script = await part(kind === 'image' ? 'predict_images.py' : 'predict_vectors.py')
  const main = await part('predict_main.py')
  const option = kind === 'image' ? '' : '    parser.add_argument("--array", metavar="NAME")\n'
  return script
    .replace('# <checkpoint>', () => checkpointPart(scripted))
    .replace('# <main>\n', () => main.replace('    # <option>\n', option))
}

/** 1 as "1.0": a float, as every other temperature. */
const float = (value: number): string => (Number.isInteger(value) ? value.toFixed(1) : String(value))

function checkpointPart(scripted: Scripted): string {
  const { classes, temperature, model, name, round } = scripted
  const heading = (title: string) => `# --- ${title} `.padEnd(119, '-')
  return [
    [
      heading('This checkpoint'),
      '',
      `EXPERIMENT = ${pythonString(name)}`,
      `ROUND = ${round ?? 'None'}`,
      '',
      '# In the order of the logits.',
      `CLASSES = ${pythonList(classes)}`,
      '',
      '# Probabilities are the softmax of logits / TEMPERATURE (Guo et al. 2017).',
      `TEMPERATURE = ${float(temperature)}`,
      ...constants(scripted),
    ],
    ...preprocessing(scripted),
    [networkInPython(model, classes.length)],
  ]
    .map((lines) => lines.join('\n'))
    .join('\n\n\n')
}

function constants({ input }: Scripted): string[] {
  return input.kind === 'vector'
    ? ['', `LENGTH = ${input.length}`]
    : ['', `SIDE = ${input.side}`, `CHANNELS = ${input.channels}`]
}

/** Functions `frame`, `with_channels` and `scale` for images; vectors are normalised by a module of the network. */
function preprocessing({ input }: Scripted): string[][] {
  if (input.kind === 'vector') return []
  return [[...framings[input.framing]], [...channels[input.channels]], [...scalings[input.pixels ?? 'unit']]]
}

/** Centred on black; if the margin is odd, the left and upper parts are smaller. */
const boxed = (about: string, longer: string): readonly string[] => [
  'def frame(values):',
  `    """${about}"""`,
  `    longer = ${longer}`,
  '    ratio = longer / max(values.shape[0], values.shape[1])',
  '    height, width = (max(1, math.floor(n * ratio + 0.5)) for n in values.shape[:2])',
  '    top, left = (SIDE - height) // 2, (SIDE - width) // 2',
  '    square = torch.zeros(SIDE, SIDE, values.shape[2])',
  '    square[top : top + height, left : left + width] = resize(values, height, width)',
  '    return square',
]

const cropped = (about: string, side: string): readonly string[] => [
  'def frame(values):',
  `    """${about} and resizes it to SIDE x SIDE."""`,
  '    height, width = values.shape[:2]',
  `    side = ${side}`,
  '    top, left = (height - side) // 2, (width - side) // 2',
  '    square = values[top : top + side, left : left + side]',
  '    return square if side == SIDE else resize(square, SIDE, SIDE)',
]

/** As src/data/framing.ts, which describes the arithmetic. */
const framings: Readonly<Record<Framing, readonly string[]>> = {
  stretch: [
    'def frame(values):',
    '    """Stretches an image to SIDE x SIDE; the aspect ratio is not kept."""',
    '    return resize(values, SIDE, SIDE)',
  ],
  letterbox: boxed('Fits the longer side into SIDE x SIDE, black elsewhere.', 'SIDE'),
  box20: boxed(
    'Fits the longer side into 20/28 of SIDE x SIDE, black elsewhere, as in MNIST.',
    'max(1, math.floor(20 / 28 * SIDE + 0.5))',
  ),
  'centre-crop': cropped('Cuts the largest square from the centre', 'min(height, width)'),
  'inner-crop': cropped(
    'Cuts a square of 7/8 of the shorter side from the centre',
    'max(1, math.floor(7 / 8 * min(height, width) + 0.5))',
  ),
}

const channels: Readonly<Record<1 | 3, readonly string[]>> = {
  1: [
    'def with_channels(values):',
    '    """Colour as grey: the luma of ITU-R BT.601."""',
    '    if values.shape[2] == 1:',
    '        return values',
    '    return (values * torch.tensor([0.299, 0.587, 0.114])).sum(2, keepdim=True)',
  ],
  3: [
    'def with_channels(values):',
    '    """Grey as red, green and blue."""',
    '    return values.expand(-1, -1, 3)',
  ],
}

const scalings: Readonly<Record<'unit' | 'symmetric', readonly string[]>> = {
  unit: ['def scale(values):', '    """Pixels stay from 0 to 1."""', '    return values'],
  symmetric: [
    'def scale(values):',
    '    """Pixels from 0 to 1 become -1 to 1."""',
    '    return 2 * values - 1',
  ],
}
