/** Store of the series of experiments that are trained one by one: finished, running and waiting. */
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { Experiment } from '../../src/contract/experiment'
import type { LabEvent } from '../../src/contract/lab'
import type { Series } from '../../src/contract/series'
import { paced } from '../theme/pace'
import { useHost } from './host'
import { useNotices } from './notices'
import { useRuns } from './runs'
import { useWatched } from './watched'

/** `count` copies of the experiment with consecutive seeds from its own; each name ends with its seed. */
function repeated(experiment: Experiment, count: number): Experiment[] {
  return Array.from({ length: count }, (_, index) => {
    const seed = experiment.seed + index
    // A name has at most 120 characters.
    return { ...experiment, seed, name: `${experiment.name.slice(0, 100)} (${String(seed)})` }
  })
}

const trainingIn = ({ items }: Series) => items.find(({ state }) => state === 'training')?.run ?? null

export const useQueue = defineStore('queue', () => {
  const { lab } = useHost()
  const runs = useRuns()
  const watched = useWatched()
  const notices = useNotices()
  const series = shallowRef<readonly Series[]>([])
  /** The series added by this page of which no run has started yet. */
  let awaited: string | null = null

  const waiting = computed(
    () =>
      series.value.flatMap(({ held, items }) =>
        held ? [] : items.filter(({ state }) => state === 'waiting'),
      ).length,
  )

  /**
   * Moves on to the next run of a series when it starts, if the page shows another run of that series or has just
   * added it.
   */
  async function follow(before: readonly Series[]): Promise<void> {
    for (const one of series.value) {
      const now = trainingIn(one)
      const last = before.find(({ id }) => id === one.id)
      if (now === null || (last !== undefined && trainingIn(last) === now)) continue
      const isLookedAt = watched.id === null || one.items.some(({ run }) => run === watched.id)
      if (awaited !== one.id && !isLookedAt) continue
      awaited = null
      await runs.load()
      if (watched.id !== now) await watched.open(now)
    }
  }

  async function load(): Promise<void> {
    const before = series.value
    series.value = await lab.call('queue', {})
    await follow(before)
  }

  const reload = paced(() => void notices.read('queue', load))

  function receive(event: LabEvent): void {
    if (event.type === 'queue-changed' || event.type === 'runs-changed') reload()
  }

  async function repeat(experiment: Experiment, count: number): Promise<void> {
    const experiments = repeated(experiment, count)
    const { series: id } = await lab.call('enqueue', { name: experiment.name, experiments })
    awaited = id
    await load()
  }

  async function cancel(id: string, numbers: number[]): Promise<void> {
    await lab.call('cancelQueued', { series: id, numbers })
    await load()
  }

  async function requeue(id: string, numbers: number[]): Promise<void> {
    await lab.call('requeue', { series: id, numbers })
    await load()
  }

  async function proceed(id: string): Promise<void> {
    await lab.call('proceed', { series: id })
    await load()
  }

  async function dismiss(id: string): Promise<void> {
    await lab.call('dismiss', { series: id })
    await load()
  }

  return { series, waiting, load, receive, repeat, cancel, requeue, proceed, dismiss }
})
