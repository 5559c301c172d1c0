/**
 * `npm run run:times [-- --write]`: compares the expected duration of runs with the measured one. Each experiment runs
 * twice in one new data folder, so its first expectation is based on other experiments and its second on the previous
 * run. `--write` writes the measurements to assets/timings.jsonl, the first estimate on a machine without
 * measurements.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs'
import { cpus, loadavg, tmpdir } from 'os'
import { join } from 'path'
import { parseArgs } from 'util'
import { isEnding } from '../../src/contract/record'
import type { Lab } from '../../src/contract/lab'
import { applySettings, type SettingText } from '../../src/contract/check'
import { createLab } from '../../src/lab/create-lab'
import { readTimings } from '../../src/lab/timings'
import { colourPng } from '../integration/png'

const { values } = parseArgs({ options: { write: { type: 'boolean', default: false } } })
const checkout = join(__dirname, '..', '..')

const colours = { amber: [230, 150, 20], cobalt: [20, 60, 200], olive: [110, 130, 30] } as const
const perClass = 30

/** A folder of small colour images, one folder for each class; brighter images make the other domain. */
function imagesIn(folder: string, brighter: number): string {
  for (const [name, colour] of Object.entries(colours)) {
    mkdirSync(join(folder, name), { recursive: true })
    for (let index = 0; index < perClass; index++) {
      const shade = colour.map((value) => Math.min(255, value + brighter + ((index * 7) % 40)))
      writeFileSync(join(folder, name, `${String(index)}.png`), colourPng(48, shade))
    }
  }
  return folder
}

interface Tried {
  readonly name: string
  readonly preset: string
  readonly settings: readonly SettingText[]
}

async function ownImages(lab: Lab, folder: string): Promise<Tried> {
  const studio = await lab.call('importDataset', {
    path: imagesIn(join(folder, 'studio'), 0),
    name: 'studio',
  })
  const street = await lab.call('importDataset', {
    path: imagesIn(join(folder, 'street'), 30),
    name: 'street',
  })
  const settings: SettingText[] = [
    ['source.dataset', studio.id],
    ['target.dataset', street.id],
    ['source.classes', '0,1,2'],
    ['target.classes', '0,1,2'],
    ['source.count', 'all'],
    ['target.count', 'all'],
    ['pairing', '0,1,2'],
    ['model.channels', '3'],
    ['restarts', 'null'],
    ['adaptation.epochs', '12'],
  ]
  return { name: 'own colour images, 12 rounds', preset: 'first-look', settings }
}

const tried: readonly Tried[] = [
  { name: 'first-look', preset: 'first-look', settings: [] },
  { name: 'published, 4 rounds', preset: 'published', settings: [['adaptation.epochs', '4']] },
  { name: 'mnist-usps, 4 rounds', preset: 'mnist-usps', settings: [['adaptation.epochs', '4']] },
  {
    name: 'mnist-usps, 6 rounds of half the images',
    preset: 'mnist-usps',
    settings: [
      ['adaptation.epochs', '6'],
      ['source.count', '20000'],
      ['target.count', '3700'],
    ],
  },
]

async function experimentOf(lab: Lab, { preset, settings }: Tried): Promise<unknown> {
  const presets = await lab.call('presets', {})
  const methods = await lab.call('methods', {})
  const experiment = presets.find(({ id }) => id === preset)?.experiment
  return applySettings(experiment, [...settings], methods)
}

/** Seconds until the trainer has ended. */
async function secondsTaken(lab: Lab, experiment: unknown): Promise<number> {
  const began = Date.now()
  const ended = new Promise<void>((resolve) => {
    const leave = lab.subscribe((event) => {
      if (event.type !== 'recorded' || !isEnding(event.event)) return
      leave()
      resolve()
    })
  })
  await lab.call('start', { experiment })
  await ended
  return (Date.now() - began) / 1000
}

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'dalab-times-'))
  const dataFolder = join(folder, 'data')
  const lab = await createLab({ workers: join(checkout, 'dist'), dataFolder })
  const say = (cells: readonly string[]) => process.stdout.write(`| ${cells.join(' | ')} |\n`)
  const processors = cpus()
  process.stdout.write(`${processors[0]?.model ?? ''}, ${String(processors.length)} cores\n\n`)
  say(['experiment', 'run', 'expected, s', 'took, s', 'likely / took', 'load of the machine'])
  say(['---', '---', '---', '---', '---', '---'])
  for (const one of [...tried, await ownImages(lab, folder)]) {
    const experiment = await experimentOf(lab, one)
    for (const run of ['first', 'second']) {
      const { seconds } = await lab.call('estimate', { experiment })
      const took = await secondsTaken(lab, experiment)
      const expected =
        seconds === null
          ? ['nothing', '']
          : [
              `${seconds.low.toFixed(0)} to ${seconds.high.toFixed(0)}, likely ${seconds.likely.toFixed(0)}`,
              (seconds.likely / took).toFixed(2),
            ]
      say([
        one.name,
        run,
        expected[0] ?? '',
        took.toFixed(0),
        expected[1] ?? '',
        (loadavg()[0] ?? 0).toFixed(1),
      ])
    }
  }
  await lab.close()
  if (values.write) {
    const measured = await readTimings(dataFolder)
    const lines = measured.map((timing) => `${JSON.stringify({ ...timing, machine: 'reference' })}\n`)
    writeFileSync(join(checkout, 'assets', 'timings.jsonl'), lines.join(''))
  }
  rmSync(folder, { recursive: true, force: true })
}

void main().then(() => process.exit(0))
