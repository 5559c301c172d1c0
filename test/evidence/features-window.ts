/**
 * `npm run features:window -- --from FOLDER [--pair amazon:webcam] [--draw 0] [--picture FILE]`: MCC on the features of
 * docs/features.md from the window. Two `.mat` files are dropped on the page in Chromium, the draw of the source is set
 * in the form, and Start is pressed; the same experiment is run in the terminal, as `npm run features` runs it. Prints
 * both; ends with 1 unless the settings and every measure of every round are equal and the page shows the last accuracy.
 */
import { writeFileSync } from 'fs'
import { join, resolve } from 'path'
import type { Experiment } from '../../src/contract/experiment'
import type { Measures } from '../../src/contract/record'
import { parseArgs } from 'util'
import { browserHost } from '../browser/chromium'
import { openTerminal } from '../integration/terminal'
import { recordOf, roundsOf, until } from '../journey/disk'
import { field } from '../journey/form'
import { askLab } from './bundled-lab'
import { bringDomain, trainToEnd } from './window/proposed-run'

const { values: asked } = parseArgs({
  options: {
    from: { type: 'string' },
    pair: { type: 'string', default: 'amazon:webcam' },
    draw: { type: 'string', default: '0' },
    picture: { type: 'string' },
  },
})
/** The public protocol: 8 images of each class from dslr, 20 from the other domains. */
const perClass = (source: string) => (source === 'dslr' ? 8 : 20)

interface Result {
  readonly experiment: Experiment
  readonly rounds: readonly Measures[]
}

interface WindowResult extends Result {
  /** The target accuracy that the page shows for the last round. */
  readonly shown: string
}

const fileOf = (name: string): string => resolve(asked.from ?? '', `${name}.mat`)

function resultOf(dataFolder: string, run: string): Result {
  const rounds = roundsOf(dataFolder, run).map(({ measures }) => measures)
  return { experiment: recordOf(dataFolder, run).experiment, rounds }
}

async function byWindow(source: string, target: string): Promise<WindowResult> {
  const terminal = openTerminal()
  const window = await browserHost(terminal).open()
  const { page } = window
  try {
    await bringDomain(window, 'source', { path: fileOf(source) })
    await bringDomain(window, 'target', { path: fileOf(target) })
    await page.getByTestId('proposal').waitFor()
    for (const domain of ['source', 'target']) {
      const partition = field(page, `${domain}.partition`)
      const group = page.locator('.domain').nth(domain === 'source' ? 0 : 1)
      if (!(await partition.isVisible())) await group.locator('summary').last().click()
      await partition.selectOption('original')
    }
    await field(page, 'source.perClass').fill(String(perClass(source)))
    await field(page, 'source.seed').fill(asked.draw)
    await field(page, 'seed').fill(asked.draw)
    const { id } = await trainToEnd(page, terminal.dataFolder)
    await page.locator('[data-figure="features"] .cloud').waitFor()
    const shown = page.locator('.story .target dd')
    await until(async () => /^\d\.\d+$/.test((await shown.textContent()) ?? ''))
    if (asked.picture !== undefined) await page.screenshot({ path: asked.picture })
    if (window.problems.length > 0) throw new Error(window.problems.join('\n'))
    return { ...resultOf(terminal.dataFolder, id), shown: (await shown.textContent()) ?? '' }
  } finally {
    await window.close()
    await terminal.remove()
  }
}

async function byTerminal(source: string, target: string): Promise<Result> {
  const terminal = openTerminal()
  const lab = (...words: string[]) => askLab(terminal.dataFolder, ...words)
  try {
    for (const name of [source, target]) lab('datasets', '--import', fileOf(name), '--name', name)
    const settings = [
      `source.dataset=${source}`,
      `target.dataset=${target}`,
      `source.perClass=${perClass(source)}`,
      `source.seed=${asked.draw}`,
      `seed=${asked.draw}`,
    ]
    const config = join(__dirname, '..', '..', 'build', 'results', 'features.json')
    const { id } = lab('run', '--config', config, '--set', ...settings) as { id: string }
    return resultOf(terminal.dataFolder, id)
  } finally {
    await terminal.remove()
  }
}

/** What determines the weights: all but the name and which checkpoints are kept. */
const settingsOf = ({ name: _, retention: __, ...settings }: Experiment) => settings

const accuracies = (rounds: readonly Measures[]) =>
  rounds.map(({ target }) => target?.accuracy.toFixed(4) ?? '-').join(' ')

async function main(): Promise<number> {
  if (asked.from === undefined) throw new Error('--from FOLDER is missing')
  const [source = '', target = ''] = asked.pair.split(':')
  const window = await byWindow(source, target)
  const terminal = await byTerminal(source, target)
  const [ofWindow, ofTerminal] = [window, terminal].map(({ experiment }) =>
    JSON.stringify(settingsOf(experiment), null, 2),
  )
  const isSame = ofWindow === ofTerminal
  const isEqual = JSON.stringify(window.rounds) === JSON.stringify(terminal.rounds)
  const last = window.rounds[window.rounds.length - 1]?.target?.accuracy.toFixed(4)
  process.stdout.write(
    [
      `${source} to ${target}, draw ${asked.draw}, target accuracy from round 0:`,
      `  window   ${accuracies(window.rounds)}`,
      `  terminal ${accuracies(terminal.rounds)}`,
      `settings: ${isSame ? 'the same' : 'NOT THE SAME'}; measures: ${isEqual ? 'equal' : 'NOT EQUAL'}`,
      `the page shows ${window.shown}`,
      '',
    ].join('\n'),
  )
  if (!isSame) {
    for (const [name, text] of [['window', ofWindow] as const, ['terminal', ofTerminal] as const])
      writeFileSync(`/tmp/features-window.${name}.json`, text ?? '')
  }
  return isSame && isEqual && window.shown === last ? 0 : 1
}

void main().then((code) => process.exit(code))
