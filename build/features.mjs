/**
 * `npm run features -- --from FOLDER`: MCC on published features, ten draws of the source for each pair of domains.
 * FOLDER holds `amazon.mat`, `webcam.mat` ... with `fts` and `labels`. Prints a table for docs/features.md. `--pairs amazon:webcam,webcam:amazon` and `--draws 10` choose what is run.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { checkout } from './machine.mjs'
import { readOptions } from './options.mjs'
import { MissingPart, runProgram } from './progress.mjs'
import { four, spreadText, table } from './results/markdown.mjs'
import { loadStatistics } from './results/statistics.mjs'
import { setUpLab } from './setup.mjs'

const config = join(checkout, 'build', 'results', 'features.json')
/** The public protocol: 8 images of each class from dslr, 20 from the other domains. */
const perClass = (source) => (source === 'dslr' ? 8 : 20)

/** The answer of a command of the lab as JSON. */
function answer(data, ...args) {
  const lab = join(checkout, 'build', 'lab.mjs')
  const { status, stdout } = spawnSync(process.execPath, [lab, '--data-folder', data, '--json', ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (status !== 0) throw new Error(`${args.join(' ')} ended with ${status}`)
  return JSON.parse(stdout)
}

/** One draw of the source: the same number is the seed of the draw and of the training. */
function run(data, source, target, draw) {
  process.stderr.write(`features: ${source} to ${target}, draw ${draw} ...\n`)
  const settings = [
    `source.dataset=${source}`,
    `target.dataset=${target}`,
    `source.perClass=${perClass(source)}`,
    `source.seed=${draw}`,
    `seed=${draw}`,
  ]
  return answer(data, 'run', '--config', config, '--set', ...settings)
}

async function main() {
  const options = {
    from: { type: 'string' },
    pairs: { type: 'string', default: 'amazon:webcam,webcam:amazon' },
    draws: { type: 'string', default: '10' },
  }
  const { from, pairs, draws } = readOptions({ command: 'features', args: process.argv.slice(2), options })
  if (from === undefined) throw new MissingPart('option-lacks-value', { text: '--from' })
  await setUpLab()
  const { spreadOf } = await loadStatistics()
  const data = mkdtempSync(join(tmpdir(), 'dalab-features-'))
  try {
    const asked = pairs.split(',').map((pair) => pair.split(':'))
    for (const name of new Set(asked.flat()))
      answer(data, 'datasets', '--import', resolve(from, `${name}.mat`), '--name', name)
    const rows = asked.map(([source, target]) => {
      const drawn = Array.from({ length: Number(draws) }, (_, draw) => run(data, source, target, draw))
      const spread = (name) => spreadOf(drawn.map((one) => one[name]))
      const after = spread('targetAccuracy')
      return [
        `${source} → ${target}`,
        drawn.length,
        spreadText(spread('targetAccuracyBefore')),
        spreadText(after),
        four(after.least),
      ]
    })
    const head = ['pair', 'draws', 'before adaptation', 'after MCC', 'least']
    console.log(`${table(head, rows)}\n\nOn ${cpus().length} cores of ${cpus()[0].model}.`)
  } finally {
    rmSync(data, { recursive: true, force: true })
  }
}

await runProgram(main)
