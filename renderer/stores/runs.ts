/** Store of all runs in the data folder and the progress of the running one. */
import { defineStore } from 'pinia'
import { computed, shallowRef } from 'vue'
import type { LabEvent } from '../../src/contract/lab'
import type { RunSummary } from '../../src/contract/run'
import type { Progress } from '../../src/contract/training'
import { paced } from '../theme/pace'
import { useHost } from './host'
import { useNotices } from './notices'

export const useRuns = defineStore('runs', () => {
  const { lab } = useHost()
  const notices = useNotices()
  const runs = shallowRef<readonly RunSummary[]>([])
  const trashed = shallowRef<readonly RunSummary[]>([])
  const progress = shallowRef<ReadonlyMap<string, Progress>>(new Map())
  const latest = new Map<string, Progress>()

  const showProgress = paced(() => (progress.value = new Map(latest)))

  async function load(): Promise<void> {
    const [kept, thrown] = await Promise.all([lab.call('runs', {}), lab.call('trashed', {})])
    runs.value = kept
    trashed.value = thrown
    for (const id of latest.keys()) {
      if (kept.find((run) => run.id === id)?.state !== 'running') latest.delete(id)
    }
    showProgress()
  }

  // A finished round changes several files; reading once a second is enough.
  const reload = paced(() => void notices.read('runs', load), 1000)

  function receive(event: LabEvent): void {
    if (event.type === 'runs-changed') reload()
    if (event.type === 'progress') {
      const shown = progress.value.get(event.run)
      latest.set(event.run, event.progress)
      // A change of phase, such as a pause that the user asked for, is shown at once.
      if (shown?.phase === event.progress.phase) showProgress()
      else progress.value = new Map(latest)
    }
  }

  const byId = computed(() => new Map(runs.value.map((run) => [run.id, run])))
  /** The running run, if any; the lab trains one at a time. */
  const training = computed(() => runs.value.find((run) => run.state === 'running') ?? null)

  return { runs, trashed, progress, byId, training, load, receive }
})
