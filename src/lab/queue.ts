/**
 * The queue: series of experiments that are trained one at a time. After a failed run the next one starts. After a run
 * that the user stopped, the series is held until the user resumes it. Series are stored in the data folder; one that
 * was left when a program ended is offered again, and its stopped run continues where it was.
 */
import {
  createSeries,
  leftSeries,
  reviveSeries,
  takeSeries,
  writeSeries,
  type LockedSeries,
} from '../checkpoints/series'
import { removeFolder } from '../files/folder'
import { labError, LabError, toErrorMessage, type ErrorCode } from '../contract/errors'
import type { Experiment } from '../contract/experiment'
import type { LabEvent } from '../contract/lab'
import { isEnding, type RecordedEvent } from '../contract/record'
import type { Series, SeriesItem, SeriesRecord } from '../contract/series'
import type { StartedRun } from './start'

export interface QueueContext {
  dataFolder(): string
  /** Whether a run is training. */
  isBusy(): boolean
  start(experiment: Experiment): Promise<StartedRun>
  resume(run: string): Promise<StartedRun>
  /** Called whenever the queue changes. */
  changed(): void
  log(text: string): void
}

export interface Queue {
  list(): Promise<Series[]>
  /** @param experiments checked; the first starts as soon as no run is training */
  add(name: string, experiments: readonly Experiment[]): Promise<string>
  /** Removes the waiting items with these numbers from a series. Started items stay. */
  cancel(series: string, numbers: readonly number[]): Promise<void>
  /** Restores items removed by `cancel` or `dismiss` since this lab was opened. Throws `unknown-series`. */
  requeue(series: string, numbers: readonly number[]): Promise<void>
  /** Names of the series with unfinished items that use a dataset. */
  waitingFor(dataset: string): Promise<string[]>
  /** Resumes a series that is held. */
  proceed(series: string): Promise<void>
  /** Removes a series from the list; a run of it that is training continues. */
  dismiss(series: string): Promise<void>
  hear(event: LabEvent): void
  /** Starts no further runs. */
  rest(): Promise<void>
  /** Releases the locks of all series, so that another process can take them. */
  leave(): Promise<void>
}

interface Own extends LockedSeries {
  record: SeriesRecord
  held: boolean
}

/** Items that were removed from a series, with the series as it was before. */
interface Removed {
  readonly record: SeriesRecord
  readonly held: boolean
  readonly items: Map<number, SeriesItem>
}

const isPending = ({ state }: Pick<SeriesItem, 'state'>): boolean =>
  state === 'waiting' || state === 'training'

function seenAs({ items, id, name, created }: SeriesRecord, held: boolean): Series {
  return {
    id,
    name,
    created,
    held,
    items: items.map(({ experiment, ...item }) => ({
      ...item,
      name: experiment.name,
      seed: experiment.seed,
    })),
  }
}

/** Resets an item that was training when its program ended to waiting. */
function asLeft(record: SeriesRecord): SeriesRecord {
  const items = record.items.map((item) =>
    item.state === 'training' ? { ...item, state: 'waiting' as const } : item,
  )
  return { ...record, items }
}

function codeOf(problem: unknown): ErrorCode | null {
  return problem instanceof LabError ? (problem as LabError).code : null
}

export function createQueue(context: QueueContext): Queue {
  const own = new Map<string, Own>()
  const removed = new Map<string, Removed>()
  let resting = false
  let turn: Promise<unknown> = Promise.resolve()

  /** Runs one task at a time: each reads what the previous one has written. */
  function inTurn<T>(deed: () => Promise<T>): Promise<T> {
    const done = turn.then(deed)
    turn = done.catch(() => undefined)
    return done
  }

  async function write(series: Own, items: SeriesRecord['items']): Promise<void> {
    series.record = { ...series.record, items }
    await writeSeries(series.folder, series.record)
    context.changed()
  }

  function change(series: Own, number: number, changes: Partial<SeriesItem>): Promise<void> {
    const items = series.record.items.map((item) => (item.number === number ? { ...item, ...changes } : item))
    return write(series, items)
  }

  /** A series of this lab, or a left one, which this lab then locks. */
  async function take(id: string): Promise<Own> {
    const known = own.get(id)
    if (known !== undefined) return known
    const taken = await takeSeries(context.dataFolder(), id)
    const series: Own = { ...taken, record: asLeft(taken.record), held: true }
    own.set(id, series)
    return series
  }

  async function remove({ record, folder }: Own): Promise<void> {
    own.delete(record.id)
    await removeFolder(folder)
    context.changed()
  }

  function remember({ record, held }: Own, items: readonly SeriesItem[]): void {
    const known = removed.get(record.id) ?? { record, held, items: new Map<number, SeriesItem>() }
    for (const item of items) known.items.set(item.number, item)
    removed.set(record.id, known)
  }

  /** The series as it is now, or, if it was removed, recreated without items. */
  async function takeOrRevive(id: string, { record, held }: Removed): Promise<Own> {
    try {
      return await take(id)
    } catch (problem) {
      if (codeOf(problem) !== 'unknown-series') throw problem
      const revived = await reviveSeries(context.dataFolder(), { ...record, items: [] })
      const series: Own = { ...revived, held }
      own.set(id, series)
      return series
    }
  }

  /** Left series first, then this lab's own. */
  async function all(): Promise<{ record: SeriesRecord; held: boolean }[]> {
    const left = await leftSeries(context.dataFolder(), (problem) => context.log(`queue: ${String(problem)}`))
    return [...left.map((record) => ({ record: asLeft(record), held: true })), ...own.values()]
  }

  function nextWaiting(): { series: Own; item: SeriesItem } | null {
    for (const series of own.values()) {
      if (series.held) continue
      const item = series.record.items.find(({ state }) => state === 'waiting')
      if (item !== undefined) return { series, item }
    }
    return null
  }

  /** The item's new state; null while another run trains, whose end starts the next attempt. */
  async function attempt({ run, experiment }: SeriesItem): Promise<Partial<SeriesItem> | null> {
    try {
      const started = await (run === null ? context.start(experiment) : context.resume(run))
      return { state: 'training', run: started.run }
    } catch (problem) {
      const code = codeOf(problem)
      if (code === 'run-running') return null
      // The run had finished before this lab was notified.
      if (code === 'nothing-to-resume') return { state: 'over' }
      return { state: 'refused', error: toErrorMessage(problem) }
    }
  }

  /** Starts the next waiting item unless a run is training. */
  async function beginNext(): Promise<void> {
    for (;;) {
      const next = resting || context.isBusy() ? null : nextWaiting()
      if (next === null) return
      const changes = await attempt(next.item)
      if (changes === null) return
      await change(next.series, next.item.number, changes)
      if (changes.state === 'training') return
    }
  }

  function proceedLater(): void {
    inTurn(beginNext).catch((problem: unknown) => context.log(`queue: ${String(problem)}`))
  }

  async function note(run: string, ending: RecordedEvent): Promise<void> {
    for (const series of own.values()) {
      const item = series.record.items.find((one) => one.run === run && isPending(one))
      if (item === undefined) continue
      if (ending.type === 'stopped') series.held = true
      await change(series, item.number, { state: ending.type === 'stopped' ? 'waiting' : 'over' })
    }
  }

  return {
    list: () => inTurn(async () => (await all()).map(({ record, held }) => seenAs(record, held))),

    add: (name, experiments) =>
      inTurn(async () => {
        // Finished series are removed when one is added.
        for (const series of own.values()) if (!series.record.items.some(isPending)) await remove(series)
        const items = experiments.map((experiment, index): SeriesItem => ({
          number: index + 1,
          state: 'waiting',
          run: null,
          error: null,
          experiment,
        }))
        const made = await createSeries(context.dataFolder(), { name, items })
        own.set(made.record.id, { ...made, held: false })
        context.changed()
        proceedLater()
        return made.record.id
      }),

    cancel: (id, numbers) =>
      inTurn(async () => {
        const series = await take(id)
        const cancelled = series.record.items.filter(
          ({ state, number }) => state === 'waiting' && numbers.includes(number),
        )
        remember(series, cancelled)
        const items = series.record.items.flatMap((item): SeriesItem[] => {
          if (!cancelled.includes(item)) return [item]
          // An item that was stopped halfway stays in the list because it has a run to show.
          return item.run === null ? [] : [{ ...item, state: 'over' }]
        })
        await (items.length === 0 ? remove(series) : write(series, items))
      }),

    requeue: (id, numbers) =>
      inTurn(async () => {
        const known = removed.get(id)
        const back = [...(known?.items.values() ?? [])].filter(({ number }) => numbers.includes(number))
        if (known === undefined || back.length === 0) throw labError('unknown-series', { id })
        const series = await takeOrRevive(id, known)
        const others = series.record.items.filter(({ number }) => !numbers.includes(number))
        await write(
          series,
          [...others, ...back].sort((a, b) => a.number - b.number),
        )
        for (const { number } of back) known.items.delete(number)
        proceedLater()
      }),

    waitingFor: (dataset) =>
      inTurn(async () =>
        (await all()).flatMap(({ record: { name, items } }) => {
          const waiting = items.filter(isPending).map(({ experiment }) => experiment)
          const needs = waiting.some(({ source, target }) =>
            [source.dataset, target.dataset].includes(dataset),
          )
          return needs ? [name] : []
        }),
      ),

    proceed: (id) =>
      inTurn(async () => {
        const series = await take(id)
        series.held = false
        context.changed()
        proceedLater()
      }),

    dismiss: (id) =>
      inTurn(async () => {
        const series = await take(id)
        remember(series, series.record.items)
        await remove(series)
      }),

    hear(event) {
      if (event.type !== 'recorded' || !isEnding(event.event)) return
      const { run, event: ending } = event
      inTurn(async () => {
        await note(run, ending)
        await beginNext()
      }).catch((problem: unknown) => context.log(`queue: ${String(problem)}`))
    },

    async rest() {
      resting = true
      await turn
    },

    leave: () =>
      inTurn(async () => {
        for (const { release } of own.values()) await release()
        own.clear()
        removed.clear()
      }),
  }
}
