/**
 * `npm run window:cost -- [--pairs N] [--rounds N] [--count N]`: measures how much the window slows down training.
 * Runs the same experiment alternately from the terminal and from the window with its page visible, and compares the
 * times of the training steps in metrics.jsonl.
 */
import { writeFileSync } from 'fs'
import { join } from 'path'
import { parseArgs } from 'util'
import { readPreset } from '../../src/data/presets'
import { desktopHost } from '../desktop/electron'
import type { Terminal } from '../integration/terminal'
import { eventsOf, recordOf, runsIn } from '../journey/disk'
import { ended, field, fillInSmall, start } from '../journey/form'
import { measured, note } from './window/script'
import { round1, spread } from './window/statistics'

const { values } = parseArgs({
  options: {
    pairs: { type: 'string', default: '5' },
    rounds: { type: 'string', default: '3' },
    count: { type: 'string' },
  },
})
const rounds = Number(values.rounds)

async function fromWindow({ dataFolder }: Terminal): Promise<string> {
  const desktop = await desktopHost(dataFolder).open()
  const { page } = desktop
  await page.getByTestId('start').waitFor()
  await page.getByTestId('preset').selectOption('published')
  if (values.count !== undefined) await fillInSmall(page, { count: Number(values.count), rounds, seed: 0 })
  await field(page, 'adaptation.epochs').fill(values.rounds)
  // The page reads runs, presets and pictures when it opens; a user would wait for them.
  await page.waitForTimeout(8000)
  const run = await start(page, dataFolder)
  await ended(page, dataFolder, run)
  await desktop.close()
  return run
}

/** The same experiment as in the window, so that only the place where it was started differs. */
async function fromTerminal(terminal: Terminal, experiment: object): Promise<string> {
  const file = join(terminal.files, 'experiment.json')
  writeFileSync(file, JSON.stringify(experiment))
  const { code, stderr } = await terminal.run('run', '--config', file)
  if (code !== 0) throw new Error(stderr)
  return runsIn(terminal.dataFolder).pop() ?? ''
}

interface Times {
  readonly source: number
  readonly adaptation: number
}

/** Seconds spent in training steps. */
function timesOf(dataFolder: string, run: string): Times {
  let [source, adaptation] = [0, 0]
  for (const event of eventsOf(dataFolder, run)) {
    if (event.type === 'source-done') source = event.seconds
    if (event.type === 'round') adaptation += event.seconds
  }
  return { source, adaptation }
}

const ofSeconds = (seconds: readonly number[]) => {
  const { median, least, most } = spread(seconds.map((one) => one * 1000))
  return { medianMs: median, minMs: least, maxMs: most }
}

void measured(async (terminal) => {
  const { dataFolder } = terminal
  const { experiment: published } = await readPreset('published')
  const [source, target] = [published.source, published.target].map((domain) =>
    values.count === undefined ? domain : { ...domain, count: Number(values.count) },
  )
  const learningRate = values.count === undefined ? published.adaptation.learningRate : 0.001
  const experiment = {
    ...published,
    source,
    target,
    adaptation: { ...published.adaptation, learningRate, epochs: rounds },
  }
  const pairs: { terminal: Times; window: Times }[] = []
  for (let pair = 0; pair < Number(values.pairs); pair++) {
    const [a, b] = [await fromTerminal(terminal, experiment), await fromWindow(terminal)]
    const [one, other] = [a, b].map((run) => JSON.stringify(recordOf(dataFolder, run).experiment))
    if (one !== other) throw new Error(`not the same experiment: ${one} ${other}`)
    pairs.push({ terminal: timesOf(dataFolder, a), window: timesOf(dataFolder, b) })
    note(JSON.stringify(pairs[pair]))
  }
  const slower = (stage: keyof Times) =>
    spread(pairs.map((at) => 100 * (at.window[stage] / at.terminal[stage] - 1)))
  const total = pairs.map(
    ({ window: a, terminal: b }) => (a.source + a.adaptation) / (b.source + b.adaptation),
  )
  return {
    rounds,
    terminal: ofSeconds(pairs.map((at) => at.terminal.adaptation)),
    window: ofSeconds(pairs.map((at) => at.window.adaptation)),
    slowerInWindowPercent: {
      adaptation: slower('adaptation'),
      source: slower('source'),
      both: spread(total.map((ratio) => round1(100 * (ratio - 1)))),
    },
    pairs,
  }
})
