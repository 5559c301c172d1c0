/**
 * `npm run predictions [-- --keep FOLDER --seed 0]`: 500 USPS digits as PNG files without labels in one flat folder,
 * adapted to from MNIST by the terminal, and predicted. Their rows must be those of the same run with the labels in
 * place, one by one; the accuracy is against the labels that were kept aside. Ends with 1 if a row differs.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { parseArgs } from 'util'
import type { ExperimentInput } from '../../src/contract/experiment'
import { openDataset } from '../../src/data/open-dataset'
import { imagesOf, storedAt } from '../../src/data/dataset'
import { stream } from '../../src/data/random'
import { greyPixels } from '../integration/png'
import { askLab } from './bundled-lab'

const { values: asked } = parseArgs({
  options: { keep: { type: 'string' }, seed: { type: 'string', default: '0' } },
})
const count = 500
const side = 16
const folder = asked.keep ?? mkdtempSync(join(tmpdir(), 'predictions-'))
const lab = (...words: string[]): unknown => askLab(join(folder, 'data'), ...words)

/** Writes the digits, and returns their classes, which no file in the folder says. */
async function writeDigits(images: string): Promise<number[]> {
  const { train } = imagesOf(await openDataset('usps', ''))
  const chosen = stream(0, 'predictions').permutation(train.labels.length).subarray(0, count)
  mkdirSync(images, { recursive: true })
  return Array.from(chosen, (row, index) => {
    const pixels = storedAt(train, 1, row)
    const png = greyPixels(side, (x, y) => pixels[y * side + x] ?? 0)
    writeFileSync(join(images, `${String(index).padStart(3, '0')}.png`), png)
    return train.labels[row] ?? -1
  })
}

function experiment(target: string): ExperimentInput {
  return {
    name: `MNIST to ${target}`,
    source: { dataset: 'mnist', count: 4000 },
    target: { dataset: target },
    model: { encoder: 'lenet-bn' },
    sourceStage: { epochs: 5, batch: 64, learningRate: 0.001, optimiser: { kind: 'adam' } },
    adaptation: {
      method: 'mcc',
      epochs: 10,
      batch: 64,
      learningRate: 0.0003,
      optimiser: { kind: 'adam' },
    },
    retention: { keep: 'best-and-last' },
    seed: Number(asked.seed),
  }
}

interface Trained {
  readonly checkpoints: readonly string[]
  readonly targetAccuracy: number | null
}

function train(target: string): { readonly checkpoint: string; readonly accuracy: number | null } {
  const config = join(folder, `${target}.json`)
  writeFileSync(config, JSON.stringify(experiment(target)))
  const { checkpoints, targetAccuracy } = lab('run', '--config', config) as Trained
  return { checkpoint: checkpoints[checkpoints.length - 1] ?? '', accuracy: targetAccuracy }
}

async function main(): Promise<number> {
  const images = join(folder, 'digits')
  const labels = await writeDigits(images)
  const list = join(folder, 'labelled.txt')
  const names = labels.map((_, index) => `${String(index).padStart(3, '0')}.png`)
  writeFileSync(list, names.map((name, index) => `digits/${name} ${String(labels[index])}\n`).join(''))
  lab('datasets', '--import', images, '--name', 'without')
  lab('datasets', '--import', list, '--name', 'with')

  const without = train('without')
  const labelled = train('with')
  const rowsOf = (checkpoint: string, ...more: string[]) => {
    const out = join(folder, `${String(more[1]).split('/').pop() ?? ''}.csv`)
    const written = lab('predict', checkpoint, ...more, '--out', out, '--probabilities', '--force')
    return { written, rows: readFileSync(out, 'utf8').trimEnd().split('\n').slice(1) }
  }
  const byPath = rowsOf(without.checkpoint, '--path', images)
  const byDataset = rowsOf(labelled.checkpoint, '--dataset', 'with')
  const differing = byPath.rows.filter((row, index) => {
    const other = byDataset.rows[index] ?? ''
    // A row of a file ends with the error that it does not have; a list's names start with its folder.
    return row.replace(/,$/, '') !== other.replace(/^digits\//, '')
  })
  const right = byPath.rows.filter((row, index) => row.split(',')[1] === String(labels[index])).length
  process.stdout.write(
    [
      `${byPath.rows.length} rows, ${differing.length} differ from the run with labels`,
      `accuracy against the labels kept aside: ${(right / count).toFixed(4)}`,
      `target accuracy that the run with labels recorded: ${labelled.accuracy?.toFixed(4) ?? '-'}`,
      `calibration: ${JSON.stringify((byPath.written as { calibration: unknown }).calibration)}`,
      '',
    ].join('\n'),
  )
  if (differing.length > 0) process.stdout.write(`${differing.slice(0, 3).join('\n')}\n`)
  if (asked.keep === undefined) rmSync(folder, { recursive: true, force: true })
  const isWhole = byPath.rows.length === count && differing.length === 0
  return isWhole && right / count === labelled.accuracy ? 0 : 1
}

void main().then((code) => process.exit(code))
