/** The runs that docs/results.md is made of: which there are to be (tasks.json), and what is kept of each. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * @typedef {object} Task
 * @property {string} id
 * @property {string} title
 * @property {string} preset
 * @property {Record<string, string>} settings what differs from the preset
 * @property {number[]} seeds
 * @property {'bestPairing' | 'chosenPairing'} measure which accuracy on held-out target images is the result
 * @property {{ least?: number, mean?: number, near?: string, most?: number, gap?: number } | null} goal
 *   `least`: of every seed; `mean`: over the seeds; `near`: not more than `most` below another task's mean; `gap`: the
 *   share of what lies between plain source-only and target-supervised
 * @property {{ plain: string, views: string, supervised: string }} [ladder] the tasks beside which its gain is seen
 * @property {boolean} [symptom] whether the scores without labels are what it is run for
 * @property {string} [tried] where its goal is not reached: what was tried, and why it is not
 * @property {string} published figures and their protocols
 */

/**
 * What one run came to.
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

/** The name of the file of one run.
 * @param {Task} task
 * @param {number} seed
 */
export const nameOf = ({ id }, seed) => `${id}.seed-${seed}`

/** What `lab run` is asked for.
 * @param {Task} task
 * @param {number} seed
 */
export function argumentsOf({ preset, settings }, seed) {
  // A method is chosen first: choosing it drops the parameters of the one before.
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

/** The small file that is kept of a run: its first measuring and its last, of the attempt that counts.
 * @param {Task} task
 * @param {number} seed
 * @param {{ run: string, seconds: number, rounds: number, attempts: object[] }} outcome what `lab run --json` says
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
