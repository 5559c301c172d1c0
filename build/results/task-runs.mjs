/** The runs behind docs/results.md: the list of tasks (tasks.json), and the file that is stored for each run. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * @typedef {object} Task
 * @property {string} id
 * @property {string} title
 * @property {string} preset
 * @property {Record<string, string>} settings that differ from the preset
 * @property {number[]} seeds
 * @property {'bestPairing' | 'chosenPairing'} measure which accuracy on held-out target images is the result
 * @property {{ least?: number, mean?: number, near?: string, most?: number, gap?: number } | null} goal
 *   Lower limits. `least`: for every seed; `mean`: for the mean over seeds; `near`: the mean is at most `most` below that
 *   of the task with this id; `gap`: for the share closed of the gap between plain source-only and target-supervised
 * @property {{ plain: string, views: string, supervised: string }} [ladder] ids of the tasks with which its gain is computed
 * @property {boolean} [symptom] whether the task is run to show label-free scores
 * @property {string} [tried] if the goal is not reached: what was tried, and the reason
 * @property {string} published figures and their protocols
 */

/**
 * The result of one run.
 * @typedef {object} TaskResult
 * @property {string} task
 * @property {number} seed
 * @property {number} seconds
 * @property {number} images held-out target images
 * @property {{ chosenPairing: number, bestPairing: number }} before
 * @property {{ chosenPairing: number, bestPairing: number }} after
 * @property {{ attempt: number, verdict: string }[]} attempts
 * @property {import('../../src/contract/record.ts').LabelFree} labelFree after its last round
 */

/** @returns {Task[]} */
export function readTasks() {
  return JSON.parse(readFileSync(fileURLToPath(new URL('tasks.json', import.meta.url)), 'utf8'))
}

/** The name of a run's file, without extension.
 * @param {Task} task
 * @param {number} seed
 */
export const nameOf = ({ id }, seed) => `${id}.seed-${seed}`

/** The arguments of `lab run`.
 * @param {Task} task
 * @param {number} seed
 */
export function argumentsOf({ preset, settings }, seed) {
  // `settings` name the method first, because choosing a method drops the parameters of the previous one.
  const changes = Object.entries(settings).map(([name, value]) => `${name}=${value}`)
  return ['--preset', preset, '--set', ...changes, `seed=${seed}`]
}

/** @param {string} folder of a finished run */
function eventsIn(folder) {
  const lines = readFileSync(join(folder, 'metrics.jsonl'), 'utf8').trim().split('\n')
  return lines.map((line) => JSON.parse(line))
}

function accuraciesIn({ measures: { unseenTarget, target } }) {
  return {
    chosenPairing: unseenTarget.accuracy,
    bestPairing: unseenTarget.accuracyBestPairing,
    training: { chosenPairing: target.accuracy, bestPairing: target.accuracyBestPairing },
  }
}

/** The content of a run's file: the first and last measures of the attempt that counts.
 * @param {Task} task
 * @param {number} seed
 * @param {{ run: string, seconds: number, rounds: number, attempts: object[] }} outcome the output of `lab run --json`
 */
export function keptOf(task, seed, outcome) {
  const rounds = eventsIn(outcome.run).filter(({ type }) => type === 'round')
  const first = rounds.findLast(({ round }) => round === 0)
  const last = rounds.at(-1)
  const { machinery } = JSON.parse(readFileSync(join(outcome.run, 'run.json'), 'utf8'))
  return {
    task: task.id,
    preset: task.preset,
    settings: task.settings,
    seed,
    seconds: Math.round(outcome.seconds),
    rounds: outcome.rounds,
    attempts: outcome.attempts,
    images: last.measures.unseenTarget.count,
    before: accuraciesIn(first),
    after: accuraciesIn(last),
    labelFree: last.measures.labelFree,
    machinery,
  }
}
