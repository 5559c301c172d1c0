/** The part of docs/results.md that sets goals beside what came out, from the files of finished runs. */
import { four, spreadText, table } from './markdown.mjs'

/** @typedef {import('./task-runs.mjs').Task} Task */
/** @typedef {import('./task-runs.mjs').TaskResult} TaskResult */

/** @typedef {import('./statistics.mjs').Statistics} Statistics */

/**
 * @typedef {object} Done
 * @property {Task} task
 * @property {TaskResult[]} results by seed
 * @property {import('../../src/statistics/spread.ts').Spread | null} spread over the seeds; null before the first
 * @property {number} error half of the 95 % interval that so many test images leave
 */

/**
 * @param {Task} task
 * @param {TaskResult[]} all
 * @param {Statistics} statistics
 * @returns {Done}
 */
export function doneOf(task, all, { spreadOf, halfInterval }) {
  const results = all.filter((result) => result.task === task.id).sort((a, b) => a.seed - b.seed)
  const spread = spreadOf(results.map(({ after }) => after[task.measure]))
  const error = spread === null ? NaN : halfInterval(spread.mean, results[0].images)
  return { task, results, spread, error }
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
 * Of means; null before the method and both references have run.
 * @param {Done} done
 * @param {(id: string) => Done | undefined} other
 * @param {Statistics} statistics
 */
function gapOf({ task, spread }, other, { gapClosed }) {
  const [plain = null, reference = null] = (task.between ?? []).map((id) => other(id)?.spread?.mean)
  return gapClosed(plain, spread?.mean ?? null, reference)
}

/**
 * `reached`, `within error` (short of it by less than the interval of the test images) or `not reached`.
 * @param {Done} done
 * @param {(id: string) => Done | undefined} other
 * @param {Statistics} statistics
 */
export function verdictOn(done, other, statistics) {
  const { task, results, spread, error } = done
  const { goal } = task
  if (goal === null) return '–'
  if (spread === null) return 'not run yet'
  const { mean, least } = spread
  const short = []
  if (goal.least !== undefined) short.push(goal.least - least)
  if (goal.mean !== undefined) short.push(goal.mean - mean)
  if (goal.near !== undefined) {
    const reference = other(goal.near)?.spread
    if (!reference) return 'reference not run yet'
    short.push(reference.mean - goal.most - mean)
  }
  if (goal.gap !== undefined) {
    const closed = gapOf(done, other, statistics)
    if (closed === null) return 'references not run yet'
    short.push(goal.gap - closed)
  }
  const worst = Math.max(...short)
  const verdict =
    worst <= 0 ? 'reached' : worst <= error && goal.gap === undefined ? 'within error' : 'not reached'
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
      'test images ±',
      'gap closed',
      'goal',
      'outcome',
      'published',
    ],
    all.map((done) => {
      const { task, results, spread, error } = done
      return [
        `\`${task.id}\``,
        task.title,
        task.measure === 'bestPairing' ? 'best' : 'chosen',
        `${results.length} of ${task.seeds.length}`,
        spreadText(spread),
        spread === null ? '–' : four(spread.least),
        spread === null ? '–' : four(error),
        gapOf(done, other, statistics)?.toFixed(2) ?? '–',
        goalText(task.goal),
        verdictOn(done, other, statistics),
        task.published === '' ? '–' : task.published,
      ]
    }),
  )
}

/** @param {Done} done */
function seedsSection({ task, results }) {
  const changes = Object.entries(task.settings).map(([name, value]) => `${name}=${value}`)
  const restarts = results.some(({ attempts }) => attempts.length > 0)
  const rows = results.map(({ seed, before, after, seconds, attempts }) => [
    seed,
    four(before[task.measure]),
    four(after[task.measure]),
    four(after.chosenPairing),
    four(after.bestPairing),
    ...(restarts ? [attempts.map(({ verdict }) => verdict).join(', ')] : []),
    seconds,
  ])
  const head = ['seed', 'before', 'after', 'chosen pairing', 'best pairing']
  return `### \`${task.id}\`: ${task.title}

\`npm run -s lab -- run --preset ${task.preset}${changes.length > 0 ? ` --set ${changes.join(' ')}` : ''}\`, on ${results[0].images} held-out target images.

${table([...head, ...(restarts ? ['attempts'] : []), 'seconds'], rows)}
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

Accuracy on held-out target images after the last round, never the best one. The tasks are listed in
[build/results/tasks.json](../build/results/tasks.json); one that has not been run stands here without figures. The
deviation is that of the seeds; "test images ±" is half of Wilson's 95 % interval, what the finite number of test images
leaves open. A goal that is missed by less is reached "within error". Gap closed is (method - plain source-only) /
(target-supervised - plain source-only), of means. A method with a published figure for a task of about this kind is to
come within 0.01 of it, one without is to close half of the gap. Published figures are of their own protocols,
networks and splits, as named; none of them is the same experiment.

**The recipes of these presets were found while looking at these very test sets** (MNIST's and USPS's), before the lab
was written. The figures therefore show that the lab gives what the recipes gave, on fresh seeds, and no more; the rows
called "untuned" are pairs of digits that no setting was ever tried on. The figures of this page are read by this command
alone, once, after the last round; nothing chooses by them. Most
runs had the lowest priority on a machine that did other work: their seconds are an upper bound.

${overview(all, statistics)}

${all
  .filter(({ results: own }) => own.length > 0)
  .map(seedsSection)
  .join('\n')}`
}
