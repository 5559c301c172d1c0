/** The part of docs/results.md that compares results with goals, made from the files of finished runs. */
import { four, spreadText, table } from './markdown.mjs'

/** @typedef {import('./task-runs.mjs').Task} Task */
/** @typedef {import('./task-runs.mjs').TaskResult} TaskResult */

/** @typedef {import('./statistics.mjs').Statistics} Statistics */

/**
 * @typedef {object} Done
 * @property {Task} task
 * @property {TaskResult[]} results by seed
 * @property {import('../../src/statistics/spread.ts').Spread | null} spread over the seeds; null before the first
 * @property {import('../../src/statistics/interval.ts').Interval | null} interval Wilson's 95 % interval of the mean
 *   for the number of test images
 */

/**
 * @param {Task} task
 * @param {TaskResult[]} all
 * @param {Statistics} statistics
 * @returns {Done}
 */
export function doneOf(task, all, { spreadOf, wilsonInterval }) {
  const results = all.filter((result) => result.task === task.id).sort((a, b) => a.seed - b.seed)
  const spread = spreadOf(results.map(({ after }) => after[task.measure]))
  const interval = spread === null ? null : wilsonInterval(spread.mean, results[0].images)
  return { task, results, spread, interval }
}

/** @param {Task['goal']} goal */
function goalText(goal) {
  if (goal === null) return '–'
  const parts = []
  if (goal.least !== undefined) parts.push(`each at least ${goal.least.toFixed(3)}`)
  if (goal.mean !== undefined) parts.push(`mean at least ${goal.mean.toFixed(3)}`)
  if (goal.near !== undefined) parts.push(`within ${goal.most} of \`${goal.near}\``)
  if (goal.gap !== undefined) parts.push(`gap closed at least ${goal.gap}`)
  return parts.join(', ')
}

/**
 * The share that the task closes of the gap between source-only (plain, or with views) and target-supervised. All three
 * figures are means over seeds; null until all of them have run.
 * @param {Done} done
 * @param {'plain' | 'views'} from
 * @param {(id: string) => Done | undefined} other
 * @param {Statistics} statistics
 */
function gapOf({ task, spread }, from, other, { gapClosed }) {
  if (task.ladder === undefined) return null
  const mean = (id) => other(id)?.spread?.mean ?? null
  return gapClosed(mean(task.ladder[from]), spread?.mean ?? null, mean(task.ladder.supervised))
}

/**
 * `reached`, `within error` (missed, but the goal is inside the 95 % interval of the mean) or `not reached`.
 * @param {Done} done
 * @param {(id: string) => Done | undefined} other
 * @param {Statistics} statistics
 */
export function verdictOn(done, other, statistics) {
  const { task, results, spread } = done
  const { goal } = task
  if (goal === null) return '–'
  if (spread === null) return 'not run yet'
  const { mean, least } = spread
  const asked = []
  if (goal.least !== undefined) asked.push([least, goal.least])
  if (goal.mean !== undefined) asked.push([mean, goal.mean])
  if (goal.near !== undefined) {
    const reference = other(goal.near)?.spread
    if (!reference) return 'reference not run yet'
    asked.push([mean, reference.mean - goal.most])
  }
  if (goal.gap !== undefined) {
    const closed = gapOf(done, 'plain', other, statistics)
    if (closed === null) return 'references not run yet'
    asked.push([closed, goal.gap])
  }
  const isReached = ([value, wanted]) => value >= wanted
  const isWithin = ([accuracy, wanted]) =>
    goal.gap === undefined && statistics.wilsonInterval(accuracy, results[0].images).high >= wanted
  const short = asked.every(isWithin) ? 'within error' : 'not reached'
  const verdict = asked.every(isReached) ? 'reached' : short
  const missing = task.seeds.length - results.length
  return missing > 0 ? `${verdict} so far, ${missing} of ${task.seeds.length} seeds to come` : verdict
}

/**
 * @param {Done[]} all
 * @param {Statistics} statistics
 */
function overview(all, statistics) {
  const other = (id) => all.find(({ task }) => task.id === id)
  return table(
    [
      'task',
      'what',
      'pairing',
      'seeds',
      'mean ± deviation',
      'least',
      'test images',
      'gap closed',
      'beyond views',
      'goal',
      'outcome',
      'published',
    ],
    all.map((done) => {
      const { task, results, spread, interval } = done
      return [
        `\`${task.id}\``,
        task.title,
        task.measure === 'bestPairing' ? 'best' : 'chosen',
        `${results.length} of ${task.seeds.length}`,
        spreadText(spread),
        spread === null ? '–' : four(spread.least),
        interval === null ? '–' : `${four(interval.low)} to ${four(interval.high)}`,
        gapOf(done, 'plain', other, statistics)?.toFixed(2) ?? '–',
        gapOf(done, 'views', other, statistics)?.toFixed(2) ?? '–',
        goalText(task.goal),
        verdictOn(done, other, statistics),
        task.published === '' ? '–' : task.published,
      ]
    }),
  )
}

/** Columns for label-free scores after the last round. */
const symptoms = [
  ['entropy', ({ entropy }) => entropy],
  ['diversity', ({ diversity }) => diversity],
  ['information', ({ mutualInformation }) => mutualInformation],
  ['agreement', ({ agreement }) => agreement],
  ["D's confusion", ({ discriminatorConfusion }) => discriminatorConfusion],
]

/** @param {Done} done */
function seedsSection({ task, results }) {
  const changes = Object.entries(task.settings).map(([name, value]) => `${name}=${value}`)
  const restarts = results.some(({ attempts }) => attempts.length > 0)
  const shown = task.symptom === true ? symptoms : []
  const rows = results.map(({ seed, before, after, seconds, attempts, labelFree }) => [
    seed,
    four(before[task.measure]),
    four(after[task.measure]),
    four(after.chosenPairing),
    four(after.bestPairing),
    ...shown.map(([, of]) => four(of(labelFree))),
    ...(restarts ? [attempts.map(({ verdict }) => verdict).join(', ')] : []),
    seconds,
  ])
  const head = ['seed', 'before', 'after', 'chosen pairing', 'best pairing', ...shown.map(([name]) => name)]
  return `### \`${task.id}\`: ${task.title}

\`npm run -s lab -- run --preset ${task.preset}${changes.length > 0 ? ` --set ${changes.join(' ')}` : ''}\`, on ${results[0].images} held-out target images.

${table([...head, ...(restarts ? ['attempts'] : []), 'seconds'], rows)}
${task.tried === undefined ? '' : `\n${task.tried}\n`}`
}

const maxSeconds = 600

/** Times of the tasks that run a preset unchanged.
 * @param {Done[]} all
 */
function timesSection(all) {
  const presets = all.filter(
    ({ task, results }) => Object.keys(task.settings).length === 0 && results.length > 0,
  )
  const rows = presets.map(({ task, results }) => {
    const seconds = results.map((one) => one.seconds).sort((a, b) => a - b)
    return [`\`${task.preset}\``, results.length, seconds[0], seconds.at(-1)]
  })
  if (rows.length === 0) return ''
  const late = rows.filter((row) => row.at(-1) > maxSeconds).map(([preset]) => preset)
  return `### How long the presets take

The times include the source stage and all restarts, on two cores. The limit for each preset is ${maxSeconds} s.
${late.length === 0 ? 'All presets stay within it.' : `Most ran beside other work; these took longer: ${late.join(', ')}.`}

${table(['preset', 'seeds', 'seconds, least', 'seconds, most'], rows)}
`
}

/**
 * @param {Task[]} tasks
 * @param {TaskResult[]} results
 * @param {Statistics} statistics
 */
export function tasksSection(tasks, results, statistics) {
  const all = tasks.map((task) => doneOf(task, results, statistics))
  return `## Goals, and what came out

The figures are accuracies on held-out target images after the last round, not after the best round. The tasks are listed
in [build/results/tasks.json](../build/results/tasks.json); a task that has not been run has no figures here. The deviation
is over the seeds. "Test images" is Wilson's 95 % interval of the mean for the number of test images. If a goal is missed but
lies inside that interval, the outcome is "within error".

"Gap closed" is (method - plain source-only) / (target-supervised - plain source-only), computed from means. The presets train
the source on random affine maps of the images (views), which close most of that gap before any adaptation. "Beyond views" is
the same share computed from source-only with views: the part that adaptation itself adds. Tasks on \`lenet-bn\` are compared with
references on \`lenet-bn\`; \`lenet-mlp\` has no references.

The goals are set as follows. If a method's published figure is for about this split and these counts, the goal is to come
within 0.01 of it. ADDA's and MCD's figures are for fewer images and have their own tasks with those counts. A method without
a published figure is to close half of the gap. Methods run with the preset's batch, rate and rounds, and none is tuned. Only
the tasks with a paper's counts follow its authors' code. Published figures come from their own protocols and networks, which
are named where known; none is the same experiment.

**The recipes of these presets were found while looking at these very test sets** (MNIST's and USPS's), before the lab
was written. The figures therefore show only that the lab reproduces the recipes' results with new seeds. The rows called
"untuned" are pairs of digits on which no setting was tried. Every run measures the held-out images after each round and shows
their accuracy; training, restarts and stored checkpoints do not depend on it. Most runs had the lowest priority on a busy
machine, so their seconds are an upper limit.

${overview(all, statistics)}

${timesSection(all)}
${all
  .filter(({ results: own }) => own.length > 0)
  .map(seedsSection)
  .join('\n')}`
}
