/**
 * Trains, kills the trainer at a random moment, checks the remaining files, resumes the run, and repeats. A kill may
 * lose the round in progress only: every reported round is present, and every listed checkpoint opens with matching
 * digests and gives its recorded figures when evaluated again.
 */
import { readdirSync, statSync } from 'fs'
import { setTimeout as wait } from 'timers/promises'
import { isDeepStrictEqual } from 'util'
import { readCheckpoint } from '../../src/checkpoints/checkpoint'
import { completeRounds } from '../../src/checkpoints/rounds'
import { checkpointsFolder, pauseFolder, viewsFolder } from '../../src/checkpoints/run-folder'
import { fromErrorMessage, toErrorMessage } from '../../src/contract/errors'
import type { ExperimentInput } from '../../src/contract/experiment'
import type { Lab, LabEvent } from '../../src/contract/lab'
import type { CheckpointSummary } from '../../src/contract/run'
import { isEnding } from '../../src/contract/record'
import { stream, type Random } from '../../src/data/random'
import { sentence } from '../../src/language/sentence'

export interface KillReport {
  readonly seed: number
  readonly kills: number
  /** Kills by the trainer's last reported activity. */
  readonly during: Readonly<Record<string, number>>
  /** Kills that left a partly written file under its temporary name. */
  readonly inMidWriting: number
  readonly runs: number
  /** Complete rounds at the time of each kill, summed over all kills. */
  readonly roundsKept: number
  readonly checkpointsEvaluated: number
  readonly faults: readonly string[]
}

const experiments: readonly ExperimentInput[] = [
  { adaptation: { epochs: 6, learningRate: 0.001 }, retention: { keep: 'every' } },
  // The optimiser's state is removed from each round's checkpoint once the next one exists, which means one more file
  // to write.
  {
    adaptation: {
      method: 'adversarial-consistency',
      epochs: 6,
      learningRate: 0.001,
      optimiser: { kind: 'adam' },
    },
    retention: { keep: 'best-and-last' },
  },
].map((part, index) => ({
  name: `killed ${index}`,
  model: { side: 16 },
  source: { dataset: 'usps', classes: [0, 1], count: 60, split: 'test' },
  target: { dataset: 'usps', classes: [2, 3], count: 60, split: 'test' },
  pairing: [0, 1],
  ...part,
})) as ExperimentInput[]

interface Watch {
  /** The trainer's events since it was asked to train. */
  readonly heard: LabEvent[]
  /** Resolves with the first matching event, or with null if the trainer ends before. */
  first(fits: (event: LabEvent) => boolean): Promise<LabEvent | null>
  readonly over: Promise<void>
  close(): void
}

function isLast(event: LabEvent): boolean {
  return event.type === 'recorded' && isEnding(event.event)
}

function watch(lab: Lab): Watch {
  const heard: LabEvent[] = []
  const listeners = new Set<() => void>()
  const close = lab.subscribe((event) => {
    heard.push(event)
    for (const listener of [...listeners]) listener()
  })
  const first = (fits: (event: LabEvent) => boolean) =>
    new Promise<LabEvent | null>((resolve) => {
      const look = () => {
        const found = heard.find((event) => fits(event) || isLast(event))
        if (found === undefined) return
        listeners.delete(look)
        resolve(fits(found) ? found : null)
      }
      listeners.add(look)
      look()
    })
  return { heard, first, over: first(isLast).then(() => undefined), close }
}

/** Waits until the time to kill: a random moment of the trainer's life, or of the saving of a round. */
async function moment({ first, heard }: Watch, random: Random): Promise<void> {
  if (random.integer(2) === 0) return wait(random.uniform() * 3000).then(() => undefined)
  const round = random.integer(4)
  const isMeasuring = (event: LabEvent) =>
    event.type === 'progress' && event.progress.phase === 'measuring' && heard.filter(isRound).length >= round
  await first(isMeasuring)
  await wait(random.uniform() * 250)
}

const isRound = (event: LabEvent) => event.type === 'recorded' && event.event.type === 'round'

const halfWritten = (folder: string): number =>
  [checkpointsFolder(folder), viewsFolder(folder), pauseFolder(folder), folder].filter((inside) => {
    try {
      return readdirSync(inside).some((name) => name.endsWith('.tmp'))
    } catch {
      return false
    }
  }).length

export interface KillOrder {
  readonly count: number
  readonly seed: number
  /** Receives progress messages. */
  readonly note?: (line: string) => void
}

export async function killOften(
  lab: Lab,
  { count, seed, note = () => undefined }: KillOrder,
): Promise<KillReport> {
  const random = stream(seed, 'kills')
  const faults: string[] = []
  const during: Record<string, number> = {}
  const opened = new Map<string, string>()
  let [kills, inMidWriting, roundsKept, runs] = [0, 0, 0, 0]
  let current: { readonly run: string; readonly folder: string } | null = null

  while (kills < count) {
    const life = watch(lab)
    const fault = (problem: string) => void faults.push(`kill ${kills}: ${problem}`)
    const told = new Map<number, number>()
    const expected = current === null ? 0 : await roundsOf(lab, current.run)
    const begun: { run: string; folder: string } =
      current === null
        ? await lab.call('start', { experiment: experiments[runs++ % experiments.length] })
        : await lab.call('resume', { run: current.run })
    current = begun
    const alive = await life.first((event) => event.type === 'progress')
    await Promise.race([moment(life, random), life.over])
    const last = [...life.heard].reverse().find((event) => event.type === 'progress')
    const pid = alive?.type === 'progress' ? alive.progress.pid : null
    const wasAlive = !life.heard.some(isLast) && pid !== null && killed(pid)
    await life.over
    life.close()
    for (const event of life.heard)
      if (event.type === 'recorded' && event.event.type === 'round') told.set(event.event.round, told.size)
    if (wasAlive) {
      kills += 1
      const phase = last?.type === 'progress' ? last.progress.phase : 'loading'
      during[phase] = (during[phase] ?? 0) + 1
      inMidWriting += Number(halfWritten(begun.folder) > 0)
    }

    const { summary, record } = await lab.call('run', { run: begun.run })
    const complete = await roundsOf(lab, begun.run)
    roundsKept += Math.max(0, complete)
    for (const damage of summary.damage) fault(sentence(damage, 'en'))
    if (complete < Math.max(expected, ...told.keys()))
      fault(`${complete} rounds are left of ${Math.max(expected, ...told.keys())}`)
    const [firstTold] = told.keys()
    if (firstTold !== undefined && expected > 0 && firstTold !== expected + 1)
      fault(`went on with round ${firstTold} after ${expected}`)
    const listed = await lab.call('checkpoints', { run: begun.run })
    for (const problem of await checkpointFaults(listed, opened)) fault(problem)
    if (record?.experiment.retention.keep === 'every') {
      const rounds = listed.map(({ round }) => round ?? 0)
      for (let round = 1; round <= complete; round++)
        if (!rounds.includes(round)) fault(`round ${round} has no checkpoint`)
    }
    if (record?.state === 'finished') current = null
    note(`${kills} of ${count} kills, ${runs} runs, ${faults.length} faults`)
  }
  const checkpointsEvaluated = await evaluateAll(lab, faults)
  return { seed, kills, during, inMidWriting, runs, roundsKept, checkpointsEvaluated, faults }
}

/** False if the process had just ended by itself and the lab had not yet reported it. */
function killed(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGKILL')
  } catch {
    return false
  }
}

/** Counted as on resuming; -1 if no record is left. */
async function roundsOf(lab: Lab, run: string): Promise<number> {
  const { record } = await lab.call('run', { run })
  return record === null ? -1 : completeRounds(record, await lab.call('history', { run }))
}

/** Opens each checkpoint that has changed since the last check. */
async function checkpointFaults(
  listed: readonly CheckpointSummary[],
  opened: Map<string, string>,
): Promise<string[]> {
  const faults: string[] = []
  for (const { path, round, measures } of listed) {
    const { size, mtimeMs, ino } = statSync(path)
    const stamp = `${ino} ${size} ${mtimeMs}`
    if (opened.get(path) === stamp) continue
    opened.set(path, stamp)
    try {
      const { facts, origin } = await readCheckpoint(path)
      if (origin !== 'verified' || facts?.round !== round) faults.push(`${path} is not round ${round}`)
      // A checkpoint without a round event belongs to the round in progress and will be written again.
      if (measures !== null && !isDeepStrictEqual(facts?.measures, measures))
        faults.push(`${path} says other figures`)
    } catch (error) {
      faults.push(`${path}: ${fromErrorMessage(toErrorMessage(error)).message}`)
    }
  }
  return faults
}

/** Evaluates every listed checkpoint again on the data it was measured on. */
async function evaluateAll(lab: Lab, faults: string[]): Promise<number> {
  const listed = await lab.call('checkpoints', {})
  for (const { path } of listed) {
    const { facts } = await readCheckpoint(path)
    if (facts === null) continue
    const { dataset, partition, split, classes, count } = facts.experiment.target
    const { result } = await lab.call('evaluate', {
      checkpoint: path,
      dataset,
      partition,
      split,
      classes,
      count,
    })
    if (!isDeepStrictEqual(result, facts.measures?.target))
      faults.push(`${path}: ${result.accuracy} where ${facts.measures?.target?.accuracy} was recorded`)
  }
  return listed.length
}
