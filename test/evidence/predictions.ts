/**
 * `npm run predictions [-- --keep FOLDER --picture FILE]`: 500 USPS digits as PNG files without labels in one flat
 * folder, adapted to from MNIST as the lab proposes. The same experiment is done three times: in the window (Chromium,
 * the folder dropped on the page), in the terminal, and in the terminal with the labels in place. The window's export
 * must be the terminal's file byte for byte, and their rows those of the run with labels, one by one. The accuracy is
 * against the labels that were kept aside. Ends with 1 if a row or an experiment differs.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs'
import { tmpdir } from 'os'
import { join } from 'path'
import { parseArgs } from 'util'
import type { Experiment, ExperimentInput } from '../../src/contract/experiment'
import { imagesOf, storedAt } from '../../src/data/dataset'
import { openDataset } from '../../src/data/open-dataset'
import { stream } from '../../src/data/random'
import { browserHost } from '../browser/chromium'
import { greyPixels } from '../integration/png'
import { openTerminal } from '../integration/terminal'
import { recordOf, until } from '../journey/disk'
import type { LabWindow } from '../journey/lab-window'
import { askLab } from './bundled-lab'
import { bringDomain, trainToEnd } from './window/proposed-run'

const { values: asked } = parseArgs({
  options: { keep: { type: 'string' }, picture: { type: 'string' } },
})
const count = 500
const side = 16
const patience = 900_000
const folder = asked.keep ?? mkdtempSync(join(tmpdir(), 'predictions-'))
const dataFolder = join(folder, 'data')
const lab = (...words: string[]): unknown => askLab(dataFolder, ...words)
const say = (line: string) => process.stdout.write(`${line}\n`)

/** Writes the digits, and returns their classes, which no file in the folder says. */
async function writeDigits(images: string): Promise<number[]> {
  const { train } = imagesOf(await openDataset('usps', ''))
  const chosen = stream(0, 'predictions').permutation(train.labels.length).subarray(0, count)
  mkdirSync(images, { recursive: true })
  return Array.from(chosen, (row, index) => {
    const pixels = storedAt(train, 1, row)
    const png = greyPixels(side, (x, y) => pixels[y * side + x] ?? 0)
    writeFileSync(join(images, nameOf(index)), png)
    return train.labels[row] ?? -1
  })
}

const nameOf = (index: number): string => `${String(index).padStart(3, '0')}.png`

interface Result {
  readonly experiment: Experiment
  /** The lines of the CSV, without the first. */
  readonly rows: readonly string[]
  readonly csv: string
}

const rowsOf = (csv: string): string[] => csv.trimEnd().split('\n').slice(1)

/** Drop, Start, predictions, export. */
async function byWindow(images: string): Promise<Result> {
  const terminal = openTerminal()
  const window = await browserHost(terminal).open()
  try {
    await bringDomain(window, 'source', { dataset: 'MNIST' })
    await bringDomain(window, 'target', { path: images })
    const { experiment } = await trainToEnd(window.page, terminal.dataFolder)
    const csv = await predictedBy(window)
    if (window.problems.length > 0) throw new Error(window.problems.join('\n'))
    return { experiment, rows: rowsOf(csv), csv }
  } finally {
    await window.close()
    await terminal.remove()
  }
}

async function predictedBy(window: LabWindow): Promise<string> {
  const { page } = window
  await until(() => page.getByTestId('watch-predict').isEnabled())
  await page.getByTestId('watch-predict').click()
  await page.getByTestId('predictions').waitFor({ timeout: patience })
  await until(async () => (await page.locator('[data-sample]').count()) > 0)
  if (asked.picture !== undefined) {
    await until(async () => (await page.locator('[data-sample] .waiting').count()) === 0)
    await page.screenshot({ path: asked.picture })
  }
  const files = await window.exported(async () => {
    await page.locator('aside').getByRole('button', { name: 'Export predictions' }).click()
    await page.getByRole('menuitem', { name: 'CSV' }).click()
  })
  const [csv] = [...files.values()]
  return csv?.toString('utf8') ?? ''
}

interface Trained {
  readonly id: string
  readonly checkpoints: readonly string[]
  readonly targetAccuracy: number | null
}

interface Recorded extends Result {
  readonly accuracy: number | null
  readonly calibration: unknown
}

/** Predicts `dataset` by the last checkpoint of a run that these words start. */
function byTerminal(dataset: string, ...words: string[]): Recorded {
  const { id, checkpoints, targetAccuracy } = lab('run', ...words) as Trained
  const checkpoint = checkpoints[checkpoints.length - 1] ?? ''
  const out = join(folder, `${dataset}.csv`)
  const written = lab('predict', checkpoint, '--dataset', dataset, '--out', out, '--probabilities', '--force')
  const csv = readFileSync(out, 'utf8')
  const { experiment } = recordOf(dataFolder, id)
  const { calibration } = written as { calibration: unknown }
  return { experiment, rows: rowsOf(csv), csv, calibration, accuracy: targetAccuracy }
}

/** The experiment with the labels of its target, which is another dataset. */
function labelled({ target, ...rest }: Experiment, dataset: string): ExperimentInput {
  const { classes: _, unlabelled: __, ...domain } = target
  const { pairing: ___, ...others } = rest
  return { ...others, name: 'With the labels', target: { ...domain, dataset } }
}

/** What determines the weights: all but the name and which checkpoints are kept. */
const settingsOf = ({ name: _, retention: __, ...settings }: Experiment): string => JSON.stringify(settings)

/** The names in an image list begin with its folder. */
const nameless = (row: string): string => row.replace(/^digits\//, '')

function differing(rows: readonly string[], others: readonly string[]): number {
  return rows.filter((row, index) => nameless(row) !== nameless(others[index] ?? '')).length
}

async function main(): Promise<number> {
  const images = join(folder, 'digits')
  const labels = await writeDigits(images)
  const list = join(folder, 'labelled.txt')
  writeFileSync(list, labels.map((label, index) => `digits/${nameOf(index)} ${String(label)}\n`).join(''))
  lab('datasets', '--import', images, '--name', 'digits')
  lab('datasets', '--import', list, '--name', 'with')

  const window = await byWindow(images)
  const terminal = byTerminal('digits', '--source', 'mnist', '--target', 'digits')
  const config = join(folder, 'with.json')
  writeFileSync(config, JSON.stringify(labelled(terminal.experiment, 'with')))
  const known = byTerminal('with', '--config', config)

  const isSame = settingsOf(window.experiment) === settingsOf(terminal.experiment)
  const isEqual = window.csv === terminal.csv
  const fromLabelled = differing(terminal.rows, known.rows)
  const right = window.rows.filter((row, index) => row.split(',')[1] === String(labels[index])).length
  const accuracy = right / count
  say(`experiment of the window and of the terminal: ${isSame ? 'the same' : 'NOT THE SAME'}`)
  say(`${window.rows.length} rows, ${differing(window.rows, terminal.rows)} differ from the terminal's`)
  say(`the two files are ${isEqual ? 'equal byte for byte' : 'NOT EQUAL'}`)
  say(`${fromLabelled} rows differ from the run with labels`)
  say(`accuracy against the labels kept aside: ${accuracy.toFixed(4)}`)
  say(`target accuracy that the run with labels recorded: ${known.accuracy?.toFixed(4) ?? '-'}`)
  say(`calibration: ${JSON.stringify(terminal.calibration)}`)
  if (asked.keep === undefined) rmSync(folder, { recursive: true, force: true })
  const isWhole = window.rows.length === count && isSame && isEqual && fromLabelled === 0
  return isWhole && accuracy === known.accuracy ? 0 : 1
}

void main().then((code) => process.exit(code))
